"""Recognising in which language a client writes.

The 225 messages (45 of each class, `messages/`) were written for this test by one author, as clients of a bank write in
a chat: one to twelve words, with slips and without capitals. Neither they nor the demonstration's clients are among the
words the table is made from.
"""

from pathlib import Path

import pytest

from app.base import language

MESSAGES = Path(__file__).with_name("messages")
SAID = [
    (name, line) for name in language.CLASSES for line in (MESSAGES / f"{name}.txt").read_text().splitlines() if line
]


def right(said: list[tuple[str, str]]) -> int:
    return sum((found := language.guess(text)) is not None and found.language == name for name, text in said)


@pytest.mark.clause("9.1")
@pytest.mark.clause("5.1")
def test_of_two_hundred_messages_ninety_five_in_a_hundred_are_recognised() -> None:
    assert len(SAID) >= 200
    assert right(SAID) >= 0.95 * len(SAID)


@pytest.mark.parametrize("name", language.CLASSES)
def test_no_language_is_the_one_that_fails(name: str) -> None:
    of_it = [(one, text) for one, text in SAID if one == name]
    assert right(of_it) >= 0.9 * len(of_it)


@pytest.mark.parametrize("text", ["", "  ", "👍👍", "8600 1234 5678 9012", "https://bank.uz/ru/kredit", "MB5", "!!!"])
def test_what_has_no_words_is_no_language(text: str) -> None:
    assert language.guess(text) is None
    assert language.learnt(text, "uz_Latn", recognised=True) is None


def test_a_neighbours_language_is_not_taken_for_ours() -> None:
    assert language.guess("Сәлеметсіз бе, менің картам жұмыс істемейді") is None


@pytest.mark.parametrize("text", ["şu kartani qanday uzaytiraman", "öğlim uchun karta kerak", "menga çek kerak edi"])
def test_the_new_latin_letters_are_uzbek(text: str) -> None:
    found = language.guess(text)
    assert found is not None
    assert found.language == "uz_Latn"


def test_a_word_or_two_do_not_turn_what_was_recognised() -> None:
    assert language.learnt("ok spasibo", "uz_Latn", recognised=True) is None
    assert language.learnt("Здравствуйте, у меня не работает карта", "uz_Latn", recognised=True) == "ru"


def test_a_hint_of_the_channel_gives_way_to_the_first_words() -> None:
    assert language.learnt("Assalomu alaykum, kartam ishlamayapti", "ru", recognised=False) == "uz_Latn"


def test_the_table_stays_small() -> None:
    assert language.TABLE.stat().st_size <= 3 * 2**20
