"""Updates and files from Telegram: long polling, the webhook's side of things, downloads, "check connection"."""

import hmac
import json
import mimetypes
from collections.abc import Iterator, Mapping
from typing import Any

from app.channels.contract import Account, Batch, Fetched, Health, Later, Never, Raw, Reason, Result, Sent
from app.channels.telegram.api import call, download
from app.channels.telegram.fields import amount, number, string
from app.channels.telegram.limits import LIMITS
from app.channels.telegram.results import CALL_ERRORS, CallError, outcome

ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
LONGEST = 50.0  # the server caps `timeout` there
MARGIN = 10.0  # the answer may come at the last moment
SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - the header's name
PIECE = 64 << 10


def poll(account: Account, cursor: str, timeout: float) -> Batch | Later | Never:
    """Wait up to `timeout` seconds for updates, confirming those before `cursor`.

    update_id restarts at a random number after a quiet week, so the cursor is "the last one fetched, plus one", and ""
    as soon as an empty answer has confirmed everything: without an offset a lower id is served like any other.
    """
    wait = min(max(timeout, 0.0), LONGEST)
    params = {"offset": int(cursor) if cursor else None, "timeout": int(wait), "allowed_updates": ALLOWED}
    try:
        result = call(account, "getUpdates", params, wait=wait + MARGIN)
    except CALL_ERRORS as error:
        return _waiting(error)
    raws = tuple(_raw(body) for body in result if isinstance(body, dict)) if isinstance(result, list) else ()
    last = next((raw.id for raw in reversed(raws) if raw.id), "")
    return Batch(raws, str(int(last) + 1) if last else "")


def unpack(body: bytes) -> tuple[Raw, ...]:
    """The one update of a webhook body."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return ()
    return (_raw(update),) if isinstance(update, dict) else ()


def verify_hook(headers: Mapping[str, str], body: bytes, secret: str) -> bool:
    """Compare the secret that set_webhook gave, in constant time. Without a secret nobody is believed."""
    told = headers.get(SECRET_HEADER, "")
    return bool(secret) and hmac.compare_digest(told.encode("utf-8", "replace"), secret.encode())


def set_webhook(account: Account) -> Result:
    """Point the bot at `account.webhook_url`, or back to polling; waiting updates are kept either way."""
    try:
        if account.webhook_url:
            call(account, "setWebhook", _hook(account))
        else:
            call(account, "deleteWebhook", {"drop_pending_updates": False})
    except CALL_ERRORS as error:
        return outcome(error, repeatable=True, whole_account=True)
    return Sent()


def check(account: Account) -> Health:
    """Ask who the bot is and, of a connected one, whether what clients write comes to us."""
    try:
        bot = call(account, "getMe", {})
    except CALL_ERRORS as error:
        result = outcome(error, repeatable=True)
        reason = result.reason if isinstance(result, Never) else None
        return Health(False, detail=getattr(result, "why", ""), reason=reason)
    known = bot if isinstance(bot, dict) else {}
    username = string(known, "username", 64)
    reason, detail = _astray(account) if account.id else (None, "")
    name = f"@{username}" if username else string(known, "first_name", 64)
    return Health(reason is None, name, detail, reason)


def _astray(account: Account) -> tuple[Reason | None, str]:
    """Why updates go elsewhere, or nowhere."""
    try:
        told = call(account, "getWebhookInfo", {})
    except CALL_ERRORS:
        return None, ""
    hook = told if isinstance(told, dict) else {}
    if string(hook, "url", 2048) != account.webhook_url:
        return Reason.CONFLICT, ""
    failed = string(hook, "last_error_message", 200)
    return (Reason.HOOK, failed) if failed and amount(hook, "pending_update_count") else (None, "")


def fetch_file(account: Account, ref: str, limit: int) -> Fetched | Later | Never:
    """Read a file; the link of getFile lives an hour, so it is asked for each time."""
    most = min(limit, LIMITS.download)
    try:
        told = call(account, "getFile", {"file_id": ref})
        file = told if isinstance(told, dict) else {}
        size, path = amount(file, "file_size"), string(file, "file_path", 1024)
        if size is not None and size > most:
            return Never(Reason.TOO_BIG, f"{size} bytes")
        if not path:
            return Never(Reason.FILE_GONE, "no file_path")
        body = download(account, path, most)
    except CALL_ERRORS as error:
        return _fetching(error)
    name = path.rpartition("/")[2]
    return Fetched(name, mimetypes.guess_type(name)[0] or "", len(body), _pieces(body))


def _raw(body: dict[str, Any]) -> Raw:
    update_id = number(body, "update_id")
    return Raw("" if update_id is None else str(update_id), body)


def _waiting(error: CallError) -> Later | Never:
    result = outcome(error, repeatable=True, whole_account=True)
    return result if isinstance(result, Later | Never) else Later(5, whole_account=True, why=str(error))


def _fetching(error: CallError) -> Later | Never:
    result = outcome(error, repeatable=True)
    if isinstance(result, Never) and result.reason == Reason.TOKEN and not str(error).startswith("401"):
        # 404 is the answer to a file link that has run out as well as to a malformed token.
        return Never(Reason.FILE_GONE, result.why)
    return result if isinstance(result, Later | Never) else Later(5, why=str(error))


def _hook(account: Account) -> dict[str, Any]:
    return {"url": account.webhook_url, "secret_token": account.secret or None, "allowed_updates": ALLOWED}


def _pieces(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), PIECE):
        yield body[start : start + PIECE]
