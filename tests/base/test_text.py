import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.base import text
from app.base.graphemes import may_cut, safe_cut

FAMILY = "👨‍👩‍👧‍👦"
FLAG = "🇺🇿"
THUMB = "👍🏽"


@given(st.text(st.characters()), st.integers(1, 300))
def test_a_cleaned_text_can_be_stored_and_stays_clean(raw: str, limit: int) -> None:
    cleaned = text.clean(raw, limit)
    cleaned.encode()
    assert len(cleaned) <= limit
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(char) == "Cc" and char not in "\n\t" for char in cleaned)
    assert text.clean(cleaned, limit) == cleaned


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("sal\x00om\x07", "salom"),
        ("bir\r\nikki\ruch\u2028tort", "bir\nikki\nuch\ntort"),
        ("\tsalom ", "\tsalom "),
        ("pul \u202egpj.exe\u202c", "pul gpj.exe"),
        ("\u2066a\u2069", "a"),
        ("й", "й"),
        ("\ud800x", "x"),
        (FAMILY + FLAG, FAMILY + FLAG),
    ],
)
def test_clean_drops_what_harms_and_keeps_what_is_meant(raw: str, kept: str) -> None:
    assert text.clean(raw, 100) == kept


def test_clean_lowers_towers_of_marks_but_keeps_real_accents() -> None:
    assert len(text.clean("z" + "\u0335\u0321\u0334" * 50, 1000)) == 5
    assert text.clean("Việt Nam, ў, ҳ, é", 100) == "Việt Nam, ў, ҳ, é"


@pytest.mark.parametrize(
    "whole", [FAMILY, FLAG, THUMB, "e\u0335\u0321", "🏴\U000e0067\U000e0062\U000e007f", "1\ufe0f\u20e3"]
)
def test_clean_never_cuts_inside_a_character(whole: str) -> None:
    for limit in range(4, 4 + len(whole)):
        assert text.clean("abcd" + whole, limit) == "abcd"


def test_neighbouring_flags_part_between_pairs() -> None:
    assert safe_cut(FLAG * 3, 5) == 4
    assert safe_cut("a" + FLAG * 3, 4) == 3


@given(st.text(), st.integers(2, 40))
@example(FAMILY * 20, 30)
@example("salom " * 30, 40)
@example(FLAG * 40, 7)
@example("Bir gap. Ikkinchi gap! " * 9, 25)
def test_splitting_loses_only_spaces_and_never_breaks_a_character(whole: str, limit: int) -> None:
    parts = text.split_utf16(whole, limit)
    assert "".join("".join(parts).split()) == "".join(whole.split())
    at = 0
    for part in parts:
        assert 0 < len(part.encode("utf-16-le")) // 2 <= limit
        at = whole.index(part, at)
        at += len(part)
        breaks_one = not may_cut(whole, at)
        assert not breaks_one or not any(may_cut(part, place) for place in range(1, len(part)))


def test_splitting_prefers_paragraphs_then_sentences_then_words() -> None:
    assert text.split_utf16("Birinchi xatboshi.\n\nIkkinchi xatboshi, davomi.", 40) == [
        "Birinchi xatboshi.",
        "Ikkinchi xatboshi, davomi.",
    ]
    assert text.split_utf16("Kartangiz bloklandi. Qayta ochish uchun yozing.", 30) == [
        "Kartangiz bloklandi.",
        "Qayta ochish uchun yozing.",
    ]
    assert text.split_utf16("kartangizni qayta ochish", 15) == ["kartangizni", "qayta ochish"]
    assert text.split_utf16("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


def test_a_short_text_is_one_part_and_an_empty_one_is_none() -> None:
    assert text.split_utf16("Salom!\n\nQanday yordam?", 4096) == ["Salom!\n\nQanday yordam?"]
    assert text.split_utf16("", 10) == []


@given(st.text())
def test_utf16_length_is_what_a_browser_counts(whole: str) -> None:
    assert text.utf16_len(whole) == len(whole.encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Aziza Karimova", "AK"),
        ("Ботир", "Б"),
        ("k.rahimova", "KR"),
        ("oʻktam gʻaniyev 2", "OG"),
        ("  ", "?"),
        ("🙂 42", "?"),
        ("«Дилшод» (новый)", "ДН"),
    ],
)
def test_initials_for_an_avatar(name: str, letters: str) -> None:
    assert text.initials(name) == letters


@given(st.text(), st.integers(2, 50))
def test_a_shortened_text_is_one_line_that_fits(whole: str, n: int) -> None:
    short = text.shorten(whole, n)
    assert len(short) <= n
    assert "\n" not in short


def test_shortening_ends_at_a_word() -> None:
    assert text.shorten("Kartam bloklandi, yordam bering", 20) == "Kartam bloklandi…"
    assert text.shorten("Salom\n\nAziza", 20) == "Salom Aziza"
