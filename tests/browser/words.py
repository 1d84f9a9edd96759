"""Whether a page still speaks English to somebody who chose another language."""

import re
from functools import cache

from babel.messages.catalog import Catalog
from playwright.sync_api import Page

from translations import catalogue

# What a reader reads or hears: text, and the attributes that are read aloud or shown.
READ = """() => {
  const found = [];
  const foreign = (element) => element.closest("script, style, [lang]:not(html)");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) if (!foreign(walker.currentNode.parentElement)) found.push(walker.currentNode.data);
  for (const name of ["aria-label", "title", "placeholder", "alt"]) {
    for (const one of document.querySelectorAll(`[${name}]`)) if (!foreign(one)) found.push(one.getAttribute(name));
  }
  return [document.title, ...found].map((text) => text.replace(/\\s+/g, " ").trim()).filter(Boolean);
}"""

_PLACE = re.compile(r"%%|%\(\w+\)[sd]")


def english(page: Page, locale: str) -> list[str]:
    """Texts on the page that stand there in English though this language says them otherwise, or not yet."""
    known = _english(locale)
    return sorted({text for text in page.evaluate(READ) if any(one.fullmatch(text) for one in known)})


@cache
def _english(locale: str) -> list[re.Pattern[str]]:
    spoken = catalogue.read(locale)
    return [
        pattern
        for message in catalogue.messages()
        for text in ([message.id] if isinstance(message.id, str) else message.id)
        if not _alike(spoken, message.id, message.context) and (pattern := _pattern(text))
    ]


def _alike(spoken: Catalog, text: object, context: str | None) -> bool:
    """Brands and signs are the same in every language; "%(num)s chat" and "%(num)s ta chat" look too much alike."""
    found = spoken.get(text, context)  # type: ignore[arg-type]
    if found is None or found.string == text:
        return found is not None
    patterns = [pattern for one in _forms(text) if (pattern := _pattern(one))]
    said = [_PLACE.sub("0", one) for one in _forms(found.string)]
    return any(pattern.fullmatch(one) for pattern in patterns for one in said)


def _forms(text: object) -> list[str]:
    """One text, or its plural forms."""
    return [text] if isinstance(text, str) else [str(one) for one in text]  # type: ignore[attr-defined]


def _pattern(text: str) -> re.Pattern[str] | None:
    """What the text looks like on a page, whatever is filled in; None when too little of it is left to tell."""
    fixed = _PLACE.split(re.sub(r"\s+", " ", text).strip())
    if len(re.findall("[A-Za-z]", "".join(fixed))) < (4 if len(fixed) > 1 else 2):
        return None
    return re.compile(".+".join(map(re.escape, fixed)))
