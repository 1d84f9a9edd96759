"""What makes a catalogue unfit: a text missing, a placeholder lost, a foreign letter, a word against the glossary."""

import re
from collections import Counter
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message

from translations.terms import FORBIDDEN, GLOSSARY, MASK, NAMES, UNTOUCHED

_PLACEHOLDER = re.compile(r"%\(\w+\)[-+#0 ]*[\d.]*[a-zA-Z]|%%|\{[^{}]*\}|</?[A-Za-z][^<>]*>")
_LATIN = re.compile(r"([A-Za-z][A-Za-z0-9]*)(\w*)")
# oʻ and gʻ are written with U+02BB, the glottal stop with U+02BC
_WRONG_APOSTROPHE = re.compile(r"(?<=[A-Za-z])['`´‘’](?=[A-Za-z])|(?<=[oOgG])['`´‘’ʼ]|(?<![oOgG])ʻ", re.ASCII)


def findings(locale: str, catalogue: Catalog, wanted: set[tuple[str, str | None]]) -> Iterator[str]:
    """One line per fault of a language's catalogue, held against the messages the sources want."""
    have = {key(message): message for message in catalogue if message.id}
    yield from (
        f"{locale}: not in the catalogue, run extract: {gone[0]!r}" for gone in sorted(wanted - set(have), key=str)
    )
    yield from (f"{locale}: no longer used, run extract: {old[0]!r}" for old in sorted(set(have) - wanted, key=str))
    for message in have.values():
        yield from (
            f"{locale}: {fault}: {_first(message.id)!r}" for fault in faults(locale, message, catalogue.num_plurals)
        )


def key(message: Message) -> tuple[str, str | None]:
    """What gettext looks a message up by."""
    return _first(message.id), message.context


def forms(message: Message) -> tuple[str, ...]:
    """The translations of a message, one per plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def faults(locale: str, message: Message, plurals: int) -> Iterator[str]:
    """What is wrong with one translated message."""
    texts = forms(message)
    if not all(texts) or (message.pluralizable and len(texts) != plurals):
        yield "missing"
        return
    if message.fuzzy:
        yield "fuzzy"
    for place, text in enumerate(texts):
        if _placeholders(text) not in _allowed_placeholders(message, place, plurals):
            yield f"placeholders differ in {text!r}"
        yield from _wording(locale, message, text)


def _allowed_placeholders(message: Message, place: int, plurals: int) -> list[Counter[str]]:
    ids = [message.id] if isinstance(message.id, str) else list(message.id)
    # Only where the first form means exactly one may it, like the English singular, leave the number out.
    return [_placeholders(text) for text in (ids if place == 0 and plurals == 2 else ids[-1:])]


def _placeholders(text: str) -> Counter[str]:
    return Counter(_PLACEHOLDER.findall(text))


def _wording(locale: str, message: Message, text: str) -> Iterator[str]:
    if locale == "uz_Latn":
        if _WRONG_APOSTROPHE.search(text):
            yield f"apostrophe must be ʻ (oʻ, gʻ) or ʼ in {text!r}"
        if re.search("[а-яёўқғҳ]", text, re.IGNORECASE):
            yield f"Cyrillic letters in {text!r}"
    elif foreign := [word for word, ending in _LATIN.findall(MASK.sub(" ", text)) if not _stays(word, ending)]:
        yield f"Latin letters ({', '.join(foreign)}) in {text!r}"
    for bad, good in FORBIDDEN[locale].items():
        if found := re.search(bad, text, re.IGNORECASE):
            yield f"“{found.group()}” is “{good}” in the glossary"
    for term in GLOSSARY:
        if message.id == term.en and text != getattr(term, locale):
            yield f"the glossary has “{getattr(term, locale)}”"


def _stays(word: str, ending: str) -> bool:
    return word in NAMES or (word in UNTOUCHED and not ending)


def _first(message_id: str | tuple[str, ...] | list[str]) -> str:
    return message_id if isinstance(message_id, str) else message_id[0]
