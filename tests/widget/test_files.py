"""Files of visitors: judged by their content, sealed, opened by links that only we can make."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app.actions import reply, uploads
from app.base import clock
from app.config import Settings
from tests.cast import Cast
from tests.widget.conftest import Visitor, one, taken_by, viewer_of

pytestmark = pytest.mark.clause("4.1")
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\x02\0\0\0\x90wS\xde" + b"\0" * 64


def links(visitor: Visitor) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'(?:href|src)="(/widget/files/[^"]+)"', visitor.reads())]


def test_a_photo_is_kept_sealed_and_shown_in_both_places(cast: Cast, dilshod: Visitor, settings: Settings) -> None:
    assert dilshod.says(file=(PNG, "chek.png")).status_code == 200
    assert one("SELECT state FROM file") == "kept"
    assert one("SELECT family FROM file") == "image"
    assert not any(PNG[:16] in path.read_bytes() for path in Path(settings.data, "files").rglob("*") if path.is_file())
    chat, file_id = taken_by(cast.aziza), one("SELECT id FROM file")
    assert cast.aziza.browser.get(f"/files/{file_id}").data == PNG
    assert f"/files/{file_id}" in cast.aziza.browser.get(f"/chats/{chat}").text


def test_a_link_opens_the_file_and_a_changed_one_nothing(client: FlaskClient, dilshod: Visitor) -> None:
    dilshod.says(file=(PNG, "chek.png"))
    link = links(dilshod)[0]
    answer = client.get(link)
    assert answer.data == PNG
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert client.get(link, headers={"Range": "bytes=1-3"}).data == b"PNG"
    assert client.get(link[:-3] + "AAA").status_code == 404
    assert client.get(re.sub(r"day=\d+", "day=20200101", link)).status_code == 404
    assert client.get(link.partition("?")[0]).status_code == 404


def test_a_page_of_a_stranger_is_saved_and_never_run(client: FlaskClient, dilshod: Visitor) -> None:
    dilshod.says(file=(b"<html><script>alert(1)</script></html>", "chek.png"))
    for link in links(dilshod):
        answer = client.get(link)
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("body", "name"), [(b"MZ\x90\0" + b"\0" * 200, "chek.pdf"), (b"\x7fELF" + b"\1" * 200, "a.jpg")]
)
def test_a_program_is_refused_whatever_it_is_called(
    dilshod: Visitor, settings: Settings, body: bytes, name: str
) -> None:
    before = kept(settings)
    assert dilshod.says(file=(body, name)).json["error"] == "FileNotTaken"
    assert one("SELECT count(*) FROM message") == 0
    assert kept(settings) == before


def test_a_file_that_is_too_large_is_refused(dilshod: Visitor, settings: Settings) -> None:
    before = kept(settings)
    answer = dilshod.says(file=(b"x" * (uploads.LARGEST + 1), "katta.txt"))
    assert (answer.status_code, answer.json["error"]) == (413, "FileTooBig")
    assert kept(settings) == before


def test_a_file_sent_twice_is_stored_once(dilshod: Visitor, settings: Settings) -> None:
    dilshod.says(file=(PNG, "chek.png"), number="file-0001")
    before = kept(settings)
    assert dilshod.says(file=(PNG, "chek.png"), number="file-0001").status_code == 200
    assert kept(settings) == before
    assert one("SELECT count(*) FROM file") == 1


def test_a_name_is_text_and_leaves_no_folder(dilshod: Visitor) -> None:
    dilshod.says(file=(PNG, '../../<img onerror="x">.png'))
    told = dilshod.reads()
    assert "<img onerror" not in told
    assert ".." not in re.sub(r"\?day=.*", "", told).replace("…", "")


def test_an_operators_file_reaches_the_client(cast: Cast, client: FlaskClient, dilshod: Visitor) -> None:
    dilshod.says("Namuna bering")
    chat = taken_by(cast.aziza)
    import io

    file_id = uploads.keep(chat, io.BytesIO(PNG), "namuna.png", clock.now())
    reply.say(chat, "Mana", viewer_of(cast.aziza), clock.now(), file_ids=[file_id])
    assert client.get(links(dilshod)[0]).data == PNG
    assert one("SELECT state FROM message WHERE kind = 'mine'") == "sent"


def kept(settings: Settings) -> int:
    return sum(path.is_file() for path in Path(settings.data, "files").rglob("*"))
