"""An administrator puts the chat on the bank's site (clauses 1.1, 4.1)."""

import pytest

from app.models.db import db
from app.queries import channels as known
from tests.cast import Cast
from tests.widget.conftest import SECRET, one

pytestmark = [pytest.mark.clause("1.1"), pytest.mark.usefixtures("context")]

FORM = {
    "name": "Sayt",
    "sites": "https://Bank.example/\nhttps://банк.uz:8443\n",
    "proof": "HS256",
    "proof_key": SECRET,
    "notice_url": "https://bank.example/data",
    "titles_ru": "Чат с банком",
    "notices_uz_Latn": "Maʼlumotlar",
}


def test_a_chat_is_added_and_its_line_shown(cast: Cast) -> None:
    answer = cast.kamola.browser.post("/office/channels/site", FORM)
    assert answer.status_code == 303
    page = cast.kamola.browser.get(answer.headers["Location"]).text
    key = one("SELECT key FROM channel")
    assert f"data-channel=&#34;{key}&#34;" in page
    assert "https://bank.example\nhttps://xn--80ab2al.uz:8443" in page
    assert SECRET not in page
    assert "webchat" not in cast.kamola.browser.get("/office/channels").text.lower().replace("channels/site", "")


def test_an_empty_key_keeps_the_present_one(cast: Cast) -> None:
    made = cast.kamola.browser.post("/office/channels/site", FORM).headers["Location"]
    assert cast.kamola.browser.post(made, {**FORM, "proof_key": "", "name": "Yangi"}).status_code == 303
    chat = known.webchat(int(made.rpartition("/")[2]))
    assert chat is not None
    db.session.refresh(chat)
    assert chat.proof_key == SECRET.strip()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sites", "bank.example"),
        ("sites", "https://*.bank.example"),
        ("sites", "https://bank.example; script-src *"),
        ("sites", "https://"),
        ("sites", "javascript://bank.example"),
        ("proof_key", "short"),
        ("notice_url", "javascript:alert(1)"),
        ("name", ""),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_kept(cast: Cast, field: str, value: str) -> None:
    assert cast.kamola.browser.post("/office/channels/site", {**FORM, field: value}).status_code == 422
    assert one("SELECT count(*) FROM channel") == 0


def test_the_key_is_nowhere_in_the_clear(cast: Cast, superuser: object) -> None:
    cast.kamola.browser.post("/office/channels/site", FORM)
    rows = [superuser.execute(f"SELECT * FROM {name}").fetchall() for name in ("webchat", "journal")]  # type: ignore[attr-defined]
    assert SECRET.strip() not in str(rows)


def test_an_operator_does_not_manage_chats_of_sites(cast: Cast) -> None:
    assert cast.aziza.browser.get("/office/channels/site").status_code == 403
    assert cast.aziza.browser.post("/office/channels/site", FORM).status_code == 403
