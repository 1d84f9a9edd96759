"""The Bot API's refusals → results. The strings are the server's own.

Source: tdlib/telegram-bot-api, Client.cpp; https://core.telegram.org/bots/api#making-requests.
"""

from app.channels.contract import Later, Moved, Never, Reason, Result, Sent, Unknown
from app.channels.telegram.api import ApiError, Lost, NotAllowed, NotSent

PAUSE = 5.0  # seconds; the caller's own pause grows with the attempts

# The first that is found in the description wins.
_FORBIDDEN = (
    ("blocked by the user", Reason.BLOCKED),
    ("user is deactivated", Reason.DEACTIVATED),
    ("kicked", Reason.KICKED),
    ("not a member", Reason.KICKED),
    ("can't initiate conversation", Reason.NOT_FOUND),
)
_BAD = (
    ("chat not found", Reason.NOT_FOUND),
    ("message to edit not found", Reason.NOT_FOUND),
    ("message can't be edited", Reason.UNSUPPORTED),
    ("message can't be deleted", Reason.UNSUPPORTED),
    ("too long", Reason.TOO_LONG),
    ("message text is empty", Reason.EMPTY),
    ("file is too big", Reason.TOO_BIG),
    ("invalid file_id", Reason.FILE_GONE),
    ("wrong file_id", Reason.FILE_GONE),
    ("temporarily unavailable", Reason.FILE_GONE),
)
# Wished for and already so.
_DONE = ("message is not modified", "message to delete not found", "query is too old")

CallError = ApiError | NotSent | Lost | NotAllowed
CALL_ERRORS = (ApiError, NotSent, Lost, NotAllowed)


def outcome(error: CallError, *, repeatable: bool, whole_account: bool = False) -> Result:
    """What a failed call means. A `repeatable` one may be done twice without harm, so a lost answer is only `Later`.

    `whole_account` says that the call belongs to no chat, so its pause holds for the whole account.
    """
    if isinstance(error, NotSent):
        return Later(PAUSE, whole_account=True, why=f"not sent: {error}")
    if isinstance(error, NotAllowed):
        return Never(Reason.ADDRESS, str(error), whole_account=True)
    if isinstance(error, Lost):
        return Later(PAUSE, why=f"no answer: {error}") if repeatable else Unknown(f"no answer: {error}")
    if error.code == 504 and not repeatable:  # a gateway gave up waiting: what stands behind it may have done it
        return Unknown(f"no answer: {error}")
    return _answered(error, whole_account)


def _answered(error: ApiError, whole_account: bool) -> Result:
    said = error.description
    if error.new_lane:
        return Moved(error.new_lane)
    if any(words in said for words in _DONE):
        return Sent()
    if error.code == 429:
        return Later(error.retry_after or PAUSE, whole_account, said)
    # A malformed token is a plain 404, a revoked one 401.
    if error.code == 401 or (error.code == 404 and said == "Not Found"):
        return Never(Reason.TOKEN, said, whole_account=True)
    if error.code == 409:
        return Never(Reason.CONFLICT, said, whole_account=True)
    if error.code == 403:
        return Never(_reason(said, _FORBIDDEN, Reason.BAD_REQUEST), said)
    if error.code == 413:
        return Never(Reason.TOO_BIG, said)
    if error.code in (400, 404):
        return Never(_reason(said, _BAD, Reason.BAD_REQUEST), said)
    return Later(error.retry_after or PAUSE, whole_account, why=f"{error.code} {said}")


def _reason(said: str, known: tuple[tuple[str, Reason], ...], otherwise: Reason) -> Reason:
    return next((reason for words, reason in known if words in said), otherwise)
