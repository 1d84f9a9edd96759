"""An album comes as messages of their own and is one bubble, however its parts come, live as after a reload."""

import re
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.actions import reply, routing
from app.base import clock
from app.models.db import db, transaction
from app.queries import chat_list, thread
from tests.cast import Cast
from tests.desk.clients import Client, bubble, texts
from tests.desk.conftest import Listen
from tests.desk.test_visible import viewer

pytestmark = [pytest.mark.clause("1.1"), pytest.mark.clause("8.1")]
_albums = count(7001)


@pytest.fixture
def album() -> str:
    return str(next(_albums))


def photo(client: Client, album: str, caption: str = "", now: datetime | None = None, **more: Any) -> int:
    sizes = [{"file_id": f"f{album}", "file_unique_id": f"u{album}", "width": 90, "height": 90, "file_size": 900}]
    content: dict[str, Any] = {"photo": sizes, "media_group_id": album, **more}
    return client.writes(now=now, **content | ({"caption": caption} if caption else {}))


def kept() -> None:
    """All files have been fetched."""
    with transaction():
        db.session.execute(text("UPDATE file SET state = 'kept', mime = 'image/jpeg'"))


def parts(chat_id: int) -> list[str]:
    rows = db.session.execute(text("SELECT id FROM message WHERE chat_id = :id ORDER BY at, id"), {"id": chat_id})
    found = [str(row.id) for row in rows]
    db.session.rollback()
    return found


def test_four_photos_are_one_bubble_with_one_caption_and_one_time(cast: Cast, dilshod: Client, album: str) -> None:
    photo(dilshod, album)
    photo(dilshod, album, "Kartam singan")
    photo(dilshod, album)
    chat_id = photo(dilshod, album)
    kept()
    page = cast.aziza.browser.get(f"/chats/{chat_id}").text
    assert page.count("<article") == 1
    drawn = bubble(page, f"album-{album}")
    assert [f'id="m-{part}"' in drawn for part in parts(chat_id)] == [True] * 4
    assert drawn.count("<img") == 4
    assert drawn.count("Kartam singan") == 1
    assert drawn.count("<footer>") == 1


def test_each_part_redraws_the_bubble_as_the_page_would_draw_it(
    cast: Cast, dilshod: Client, listen: Listen, album: str
) -> None:
    chat_id = dilshod.writes("Salom")
    routing.take(chat_id, viewer(cast.aziza), clock.now())
    aziza = listen(cast.aziza, f"chat:{chat_id}")
    for number in (1, 2, 3):
        photo(dilshod, album)
        pushed = bubble(texts(aziza.heard()), f"album-{album}")
        assert pushed.count("<figure") == number
        assert pushed == bubble(cast.aziza.browser.get(f"/chats/{chat_id}").text, f"album-{album}")


def test_whichever_part_comes_first_the_bubble_is_the_same_one(dilshod: Client, album: str) -> None:
    chat_id = photo(dilshod, album)
    photo(dilshod, album)
    first, second = (thread.message(chat_id, one) for one in map(UUID, parts(chat_id)))
    assert first is not None
    assert first == second
    assert first.mark == f"album-{album}"


def test_what_is_asked_for_since_a_rev_is_the_whole_album(cast: Cast, dilshod: Client, album: str) -> None:
    chat_id = photo(dilshod, album)
    rev = thread.rev(chat_id)
    db.session.rollback()
    photo(dilshod, album, "Ikkinchisi")
    changes = cast.aziza.browser.get(f"/chats/{chat_id}/changes?since={rev}").text
    assert bubble(changes, f"album-{album}").count("<figure") == 2


def test_several_captions_stay_with_their_pictures(cast: Cast, dilshod: Client, album: str) -> None:
    photo(dilshod, album, "Old tomoni")
    chat_id = photo(dilshod, album, "Orqa tomoni")
    drawn = bubble(cast.aziza.browser.get(f"/chats/{chat_id}").text, f"album-{album}")
    assert re.findall(r"<figcaption[^>]*>([^<]*)", drawn) == ["Old tomoni", "Orqa tomoni"]
    assert 'class="text" dir="auto">Old' in drawn


def test_two_albums_and_a_stranger_s_are_told_apart(dilshod: Client, album: str) -> None:
    other = Client("Nodira", 4343)
    elsewhere, chat_id = photo(other, album), photo(dilshod, album)
    photo(dilshod, f"{album}9")
    shown = thread.latest(chat_id).items
    assert [len(one.parts) for one in shown if isinstance(one, thread.Message)] == [1, 1]
    assert {one.chat_id for one in thread.latest(elsewhere).items} == {elsewhere}


def test_what_is_no_name_of_an_album_makes_none(cast: Cast, dilshod: Client) -> None:
    chat_id = photo(dilshod, '"><script>')
    page = cast.aziza.browser.get(f"/chats/{chat_id}").text
    assert "<figure" not in page
    assert '"><script>' not in page


def test_the_list_says_an_album_and_how_many(cast: Cast, dilshod: Client, album: str) -> None:
    for _ in range(4):
        chat_id = photo(dilshod, album)
    row = chat_list.row(chat_id)
    assert row is not None
    assert (row.parts, row.photos) == (4, True)
    assert "Альбом, 4 фото" in cast.aziza.browser.get("/chats?tab=queue").text


def test_a_quote_leads_to_its_part(cast: Cast, dilshod: Client, album: str) -> None:
    photo(dilshod, album)
    chat_id = photo(dilshod, album)
    by = viewer(cast.aziza)
    routing.take(chat_id, by, clock.now())
    second = parts(chat_id)[1]
    message_id = reply.say(chat_id, "Bu rasm xira", by, clock.now(), reply_to=UUID(second))
    page = cast.aziza.browser.get(f"/chats/{chat_id}").text
    assert f'href="#m-{second}"' in bubble(page, message_id)
    assert f'id="m-{second}"' in bubble(page, f"album-{album}")
    assert f'data-quotes="{second}"' in bubble(page, f"album-{album}")


def test_all_its_parts_count_as_unread_and_the_line_stands_above_it(cast: Cast, dilshod: Client, album: str) -> None:
    chat_id = dilshod.writes("Salom")
    by = viewer(cast.aziza)
    routing.take(chat_id, by, clock.now())
    reply.say(chat_id, "Eshitaman", by, clock.now())
    for _ in range(3):
        photo(dilshod, album, now=clock.now() + timedelta(seconds=2))
    page = cast.aziza.browser.get(f"/chats/{chat_id}").text
    page = page[page.index('id="flow"') :]
    assert page.index('id="unread"') < page.index(f'id="m-album-{album}"')
    assert page.index("Eshitaman") < page.index('id="unread"')
