"""Topics go to a table and come back: looked at first, judged row by row (clause 9.5)."""

import io

import pytest
from sqlalchemy import text

from app.actions import topics_import
from app.actions.journal import HERE
from app.base import clock, tables
from app.models.db import db
from app.queries import topic_table
from app.queries import topics as tree
from tests.cast import Cast
from tests.desk.test_visible import viewer
from tests.office.listed import last_journalled
from tests.topics.grown import BLOCKING, CARDS, LIMITS

pytestmark = [pytest.mark.own_database, pytest.mark.clause("9.5"), pytest.mark.usefixtures("english")]
HEAD = list(topic_table.COLUMNS)


def sheet(*rows: list[object]) -> bytes:
    return tables.xlsx_file([HEAD, *rows], "topics")


def judged(cast: Cast, *rows: list[object]) -> topics_import.Preview:
    return topics_import.preview(sheet(*rows), viewer(cast.kamola))


def brought(cast: Cast, *rows: list[object]) -> int:
    by = viewer(cast.kamola)
    return topics_import.bring(topics_import.preview(sheet(*rows), by).sealed, by, HERE, clock.now())


def test_what_was_exported_comes_back_as_no_change(cast: Cast) -> None:
    content = cast.kamola.browser.get("/office/lists/topics/export").data
    found = topics_import.preview(content, viewer(cast.kamola))
    assert len(found.rows) == 84 and (found.wrong, found.changes, found.sealed) == (0, 0, "")


def test_a_name_that_a_spreadsheet_would_run_comes_back_whole(cast: Cast) -> None:
    assert brought(cast, ["", "", "-50 % на доставку", "", "", ""]) == 1
    found = topics_import.preview(tables.xlsx_file(topic_table.table(), "topics"), viewer(cast.kamola))
    assert found.changes == 0


def test_new_renamed_and_moved_topics_are_told_apart_and_made_together(cast: Cast) -> None:
    rows: list[list[object]] = [
        ["", "", "Ипотека", "Ipoteka", "", "Mortgage"],
        ["", "Ипотека", "Ставка", "", "", "Rate"],
        [LIMITS, "Ипотека", "Лимиты", "Limitlar", "Лимитлар", "Limits"],
        [BLOCKING, "Карты", "Блокировки", "Bloklash", "Блоклаш", "Blocks"],
    ]
    assert [row.does for row in judged(cast, *rows).rows] == [["new"], ["new"], ["moved"], ["renamed"]]
    assert brought(cast, *rows) == 4
    journalled, details = last_journalled()
    assert journalled.kind == "topic.imported" and len(details["topics"]) == 4
    assert tree.said(tree.today([LIMITS])[LIMITS]) == "Mortgage › Limits"
    assert tree.said(tree.path(LIMITS, clock.now().replace(year=2025))) == "Cards › Limits"
    assert [one.path for one in tree.find("ставка")] == ["Mortgage › Rate"]


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (["99999", "", "Ипотека", "", "", ""], "no topic with this number"),
        (["x1", "", "Ипотека", "", "", ""], "no topic with this number"),
        (["", "Нет такой", "Ипотека", "", "", ""], "to stand under"),
        (["", "", "", "Ipoteka", "", ""], "Russian"),
        (["", "", "я" * 81, "", "", ""], "80 characters"),
        (["", "Карты", "Лимиты", "", "", ""], "already an entry"),
        ([CARDS, "Карты › Блокировка", "Карты", "", "", ""], "own branch"),
        (["", "Карты › Выпуск и доставка › Новая карта › Humo", "Глубже", "", "", ""], "it would get 5"),
    ],
)
def test_what_is_wrong_is_said_beside_its_row_and_nothing_is_made(cast: Cast, row: list[object], error: str) -> None:
    found = judged(cast, ["", "", "Хорошая", "", "", ""], row)
    assert found.wrong == 1 and not found.sealed
    assert error in "; ".join(found.rows[1].errors)


def test_the_same_number_twice_is_an_error(cast: Cast) -> None:
    found = judged(cast, [LIMITS, "Карты", "Лимиты", "", "", ""], [LIMITS, "Карты", "Лимиты карт", "", "", ""])
    assert "more than once" in found.rows[1].errors[0]


def test_a_preview_of_yesterday_changes_nothing_it_did_not_show(cast: Cast) -> None:
    by = viewer(cast.kamola)
    sealed = topics_import.preview(sheet(["", "", "Ипотека", "", "", ""]), by).sealed
    topics_import.bring(sealed, by, HERE, clock.now())
    with pytest.raises(topics_import.Stale):
        topics_import.bring(sealed, by, HERE, clock.now())
    with pytest.raises(topics_import.Stale):
        topics_import.bring(sealed, viewer(cast.aziza), HERE, clock.now())


def test_the_pages_lead_from_the_file_to_the_tree(cast: Cast) -> None:
    browser = cast.kamola.browser
    content = sheet(["", "Карты", "Виртуальная карта", "", "", ""])
    page = browser.post("/office/lists/topics/import", {"table": (io.BytesIO(content), "t.xlsx")}).text
    sealed = page.partition('name="rows" value="')[2].partition('"')[0]
    assert browser.post("/office/lists/topics/import/confirm", {"rows": sealed}).status_code == 303
    assert "Виртуальная карта" in browser.get("/office/lists/topics").text


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n", b"a;b\n1;2\n", b"PK\x03\x04junk"])
def test_what_is_no_table_of_topics_is_refused_in_words(cast: Cast, content: bytes) -> None:
    answer = cast.kamola.browser.post("/office/lists/topics/import", {"table": (io.BytesIO(content), "t.xlsx")})
    assert answer.status_code == 422 and "notice bad" in answer.text


def test_two_thousand_rows_are_judged_in_seconds(cast: Cast) -> None:
    rows: list[list[object]] = [["", "", f"Раздел {n}", "", "", ""] for n in range(20)]
    rows += [["", f"Раздел {n % 20}", f"Тема {n}", "", "", ""] for n in range(2000)]
    assert brought(cast, *rows) == 2020
    count = db.session.scalar(text("SELECT count(*) FROM topic_version WHERE until IS NULL"))
    db.session.rollback()
    assert count == 84 + 2020
