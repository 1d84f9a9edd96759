"""Texts in UTF-16 units: spans land where the reader sees them, cuts spare characters and links."""

import pytest

from app.base.text import utf16_len
from app.channels.contract import Span
from app.channels.telegram.text import cut, entities, received


def test_offsets_after_an_emoji_are_counted_in_characters() -> None:
    text, markup = received("😀😀 salom", [{"type": "bold", "offset": 5, "length": 5}])
    assert text[markup[0].start : markup[0].start + markup[0].length] == "salom"


def test_markup_goes_out_in_the_units_it_came_in() -> None:
    told = [{"type": "text_link", "offset": 3, "length": 4, "url": "https://bank.uz/"}]
    assert entities(*received("👍 link", told)) == told


def test_what_telegram_marks_by_itself_is_not_sent_back() -> None:
    assert entities("@bank", [Span("mention", 0, 5)]) == []


def test_markup_stays_on_its_words_when_the_text_is_cleaned() -> None:
    text, markup = received("a\x00\x00b bold", [{"type": "bold", "offset": 5, "length": 4}])
    assert text[markup[0].start :] == "bold"


@pytest.mark.parametrize(
    "entity",
    [{}, {"type": "bold", "offset": -1, "length": 2}, {"type": "bold", "offset": 99, "length": 2}, {"type": 1}],
)
def test_an_entity_that_points_nowhere_is_dropped(entity: dict[str, object]) -> None:
    assert received("salom", [entity]) == ("salom", ())


def test_an_entity_that_ends_outside_the_text_is_cut() -> None:
    assert received("salom", [{"type": "bold", "offset": 3, "length": 90}])[1] == (Span("bold", 3, 2),)


def test_a_short_text_is_one_piece() -> None:
    assert cut("salom", [Span("bold", 0, 5)], 4096) == [("salom", (Span("bold", 0, 5),))]


def test_five_thousand_emoji_are_cut_between_characters() -> None:
    pieces = cut("👨‍👩‍👧" * 1000, (), 4096)
    assert all(utf16_len(words) <= 4096 for words, _ in pieces)
    assert all(words.startswith("👨") and words.endswith("👧") for words, _ in pieces)
    assert "".join(words for words, _ in pieces) == "👨‍👩‍👧" * 1000


def test_a_link_across_the_cut_goes_whole_to_the_next_piece() -> None:
    text = "so'z " * 18 + "shu yerda batafsil " + "so'z " * 10
    link = Span("text_link", text.index("shu yerda"), len("shu yerda batafsil"), "https://bank.uz/")
    pieces = cut(text, [link], 100)
    holding = [(words, markup) for words, markup in pieces if markup]
    assert len(holding) == 1
    words, (span,) = holding[0]
    assert words[span.start : span.start + span.length] == "shu yerda batafsil"


def test_markup_longer_than_a_piece_goes_on_in_the_next() -> None:
    pieces = cut("so'z " * 60, [Span("italic", 0, 300)], 100)
    assert all(markup == (Span("italic", 0, len(words)),) for words, markup in pieces)


def test_nested_spans_move_together() -> None:
    text = "a" * 50 + " " + "b" * 40 + " " + "c" * 40
    outer, inner = Span("bold", 51, 81), Span("italic", 92, 40)
    pieces = cut(text, [inner, outer], 100)
    assert [words for words, _ in pieces] == ["a" * 50, "b" * 40 + " " + "c" * 40]
    assert pieces[1][1] == (Span("italic", 41, 40), Span("bold", 0, 81))


@pytest.mark.parametrize("text", ["", " " * 9000, "\n" * 5000 + "x"])
def test_white_space_alone_never_makes_pieces(text: str) -> None:
    assert len(cut(text, (), 4096)) == 1
