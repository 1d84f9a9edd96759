"""A page of a bank's site, under a strict content policy, with the desk's chat on it.

A visitor may sign in there: then the site signs, for five minutes, whom it has before it.
"""

import base64
import hmac
import json
import os
import time
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from secrets import token_hex
from urllib.parse import urlsplit

KEY = "demo-site"
SECRET = "demo-site-secret-opens-nothing-else"  # noqa: S105 - knows only the demonstration
CLIENT = "demo-client-1"
LIFE = 300

_WORDS = {
    "ru": ("Банк для жизни", "Карты, переводы и вклады. Вопросы — в чат, отвечаем днём и ночью.", "Войти", "Выйти"),
    "uz": ("Hayot uchun bank", "Kartalar, oʻtkazmalar va omonatlar. Savollar — chatda, kecha-yu kunduz.", "Kirish", "Chiqish"),
    "uz-Cyrl": ("Ҳаёт учун банк", "Карталар, ўтказмалар ва омонатлар. Саволлар — чатда, кеча-ю кундуз.", "Кириш", "Чиқиш"),
    "en": ("A bank for life", "Cards, transfers and deposits. Questions go to the chat, day and night.", "Sign in", "Sign out"),
}  # fmt: skip


def desk_address(env: Mapping[str, str] = os.environ) -> str:
    """Where the desk of this demonstration is."""
    return env.get("MULOQOT_URL") or f"http://{env.get('HOST') or '127.0.0.1'}:{env.get('PORT') or 8800}"


def page(desk: str, query: Mapping[str, list[str]], key: str = KEY, secret: str = SECRET) -> tuple[bytes, str]:
    """The page in the language asked for, and its content policy."""
    lang = query.get("lang", ["ru"])[-1]
    lang = lang if lang in _WORDS else "ru"
    title, about, sign_in, sign_out = _WORDS[lang]
    signed = query.get("user", [""])[-1] == "1"
    told = {
        "LANG": lang,
        "TITLE": title,
        "ABOUT": about,
        "DESK": desk,
        "KEY": key,
        "USER": _token(key, secret) if signed else "",
        "SIGN": sign_out if signed else sign_in,
        "SIGN_URL": f"/bank?lang={lang}" + ("" if signed else "&user=1"),
    }
    html = (files("deploy.demo") / "static" / "bank.html").read_text()
    for name, value in told.items():
        html = html.replace(f"__{name}__", escape(value))
    parts = urlsplit(desk)
    own = f"{parts.scheme}://{parts.netloc}"
    policy = (
        f"default-src 'none'; script-src 'self' {own}; frame-src {own}; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return html.encode(), policy


def _token(key: str, secret: str) -> str:
    """HS256 (RFC 7515): what the bank's server would do for whom it has signed in."""
    now = int(time.time())
    body = {"aud": key, "sub": CLIENT, "name": "Dilshod Karimov", "iat": now, "exp": now + LIFE, "jti": token_hex(8)}
    said = ".".join(_coded(json.dumps(one).encode()) for one in ({"alg": "HS256", "typ": "JWT"}, body))
    return f"{said}.{_coded(hmac.digest(secret.encode(), said.encode(), 'sha256'))}"


def _coded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
