"""Whatever reads what strangers send: it says what it does not understand, quickly, and never raises."""

import json
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask

from app.base import (
    asks,
    filenames,
    fold,
    kinds,
    language,
    marks,
    markup,
    masks,
    phones,
    scripts,
    stems,
    tables,
    tokens,
)
from app.base import text as texts
from app.channels import registry, telegram
from app.channels.contract import Incoming, Outgoing
from app.models import kinds as fields
from app.queries import thread
from tests.fuzz import nonsense
from tests.fuzz.test_road import spoilt

pytestmark = pytest.mark.clause("15.5")

INPUTS = 400 * nonsense.TIMES
READERS: dict[str, Callable[[str], Any]] = {
    "clean": lambda said: texts.clean(said, 500),
    "shorten": lambda said: texts.shorten(said, 20),
    "initials": texts.initials,
    "split": lambda said: texts.split_utf16(said, 100),
    "masked": masks.masked,
    "codes": masks.without_codes,
    "markup": markup.to_html,
    "phone": phones.normal,
    "phones": phones.find_phones,
    "fold": fold.fold,
    "stems": lambda said: [stems.stem(word) for word in fold.words(said)],
    "marks": lambda said: marks.pieces(said, said[:10]),
    "cyrillic": scripts.to_cyrillic,
    "latin": scripts.to_latin,
    "language": language.guess,
    "asks": asks.asks_for_secret,
    "file name": filenames.safe_name,
    "tokens": tokens.message_tokens,
    "query": lambda said: tokens.matches(said, said),
}


@pytest.mark.parametrize("reader", READERS)
def test_no_text_breaks_its_reader(app: Flask, reader: str) -> None:
    dice = random.Random(reader)
    with app.app_context():
        for _ in range(INPUTS):
            READERS[reader](nonsense.text(dice) + nonsense.text(dice))


def test_no_update_breaks_a_channel() -> None:
    dice = random.Random(2)
    for number in range(10 * INPUTS):
        update = nonsense.value(dice) if number % 10 == 0 else spoilt(dice, number)
        if isinstance(update, dict):
            found = registry.door("telegram").parse(update)
            assert isinstance(found, Incoming)
            for one in found.attachments:
                assert (one.seconds or 0) < 2**31
                assert (one.size or 0) < 2**63
        telegram.door.unpack(json.dumps(update).encode()[: dice.randrange(1, 4000)])


def test_no_word_of_ours_breaks_the_cut_into_parts() -> None:
    dice = random.Random(3)
    for _ in range(INPUTS):
        said = texts.clean(nonsense.text(dice) * dice.randrange(1, 4), 9000)
        parts = registry.door("telegram").split(Outgoing("1", text=said))
        assert all(texts.utf16_len(part.text) <= 4096 for part in parts)


def test_no_file_breaks_what_looks_into_it() -> None:
    dice = random.Random(4)
    for _ in range(3 * INPUTS):
        name, content = nonsense.content(dice)
        kinds.sniff(content, filenames.safe_name(name))
        with suppress(tables.Unreadable):
            tables.read(content, 100)


def test_no_field_of_a_list_breaks_its_reader(app: Flask) -> None:
    dice = random.Random(5)
    kinds_of_fields = [fields.Names(), fields.Texts(), fields.YesNo(), fields.Whole(0, 9), fields.Colour()]
    kinds_of_fields += [fields.Week(), fields.Holidays(), fields.Chosen(), fields.Chosen(many=False)]
    with app.test_request_context():
        for _ in range(2 * INPUTS):
            kind = dice.choice(kinds_of_fields)
            entered: Any = nonsense.text(dice)
            if kind.parts:
                entered = {part: nonsense.text(dice) for part in kind.parts if dice.random() < 0.8}
            elif getattr(kind, "many", False) and isinstance(kind, fields.Chosen):
                entered = [nonsense.text(dice), *"²٣"]
            with suppress(fields.Unfit):
                kind.write(kind.read(entered))


def test_no_cursor_breaks_the_thread() -> None:
    dice = random.Random(6)
    for _ in range(INPUTS):
        with suppress(ValueError):
            thread.read_cursor(nonsense.text(dice))
