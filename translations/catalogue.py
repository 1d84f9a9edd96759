"""Texts of the interface: `python translations/catalogue.py extract | draft | compile | check` (or `bin/translate`).

extract   brings the three catalogues up to the sources: new texts empty, unused ones gone, nothing guessed
draft     fills empty Uzbek Cyrillic from Latin, marked `# drafted <digest>`; who has read a draft deletes the mark
compile   writes the .mo files that are older than their .po
check     says what is missing or wrong and exits with 1
"""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
# run as a file, Python puts this folder on its path, not the one it is a package of
sys.path.insert(0, str(ROOT))

from translations.checks import findings, forms, key

LOCALES = ("ru", "uz_Latn", "uz_Cyrl")
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
MARK = "drafted "


def main(arguments: list[str]) -> int:
    """Run the verb of the command line; the exit code."""
    verbs: dict[str, Callable[[], int]] = {"extract": extract, "draft": draft, "compile": compile_stale, "check": check}
    if len(arguments) != 1 or arguments[0] not in verbs:
        print(__doc__, file=sys.stderr)
        return 2
    return verbs[arguments[0]]()


def compile_stale() -> int:
    """Write each .mo that is older than its .po. Called at every start."""
    for source in sorted(HERE.glob("*/LC_MESSAGES/messages.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        # in one step: another process may be reading the old file
        fresh = target.with_suffix(f".{os.getpid()}")
        with fresh.open("wb") as file:
            write_mo(file, read(source.parent.parent.name))
        fresh.replace(target)
    return 0


def extract() -> int:
    """Bring the catalogues up to the sources."""
    wanted = messages()
    for locale in LOCALES:
        old, new = read(locale), Catalog(locale=locale)
        for message in wanted:
            known = old.get(message.id, message.context)
            same_shape = known is not None and known.pluralizable == message.pluralizable
            new.add(
                message.id,
                known.string if known is not None and same_shape else "",
                locations=message.locations,
                context=message.context,
                user_comments=known.user_comments if known is not None and same_shape else (),
            )
        write(new)
    print(f"{len(wanted)} texts")
    return 0


def draft() -> int:
    """Fill empty Uzbek Cyrillic, and renew drafts nobody has touched since their Latin text changed."""
    from translations.cyrillic import to_cyrillic  # its library is for developers, the other verbs run in production

    latin, cyrillic, drafted = read("uz_Latn"), read("uz_Cyrl"), 0
    for message in cyrillic:
        source = latin.get(message.id, message.context) if message.id else None
        if source is None or not all(forms(source)) or not _may_draft(message):
            continue
        texts = tuple(map(to_cyrillic, forms(source)))
        message.string = texts if message.pluralizable else texts[0]
        message.user_comments = [note for note in message.user_comments if not note.startswith(MARK)]
        message.user_comments.append(MARK + _digest(message))
        drafted += 1
    write(cyrillic)
    print(f"{drafted} drafts wait for a reader in {path_of('uz_Cyrl').relative_to(ROOT)}")
    return 0


def check() -> int:
    """Print every fault; 1 when there is one."""
    wanted = {key(message) for message in messages()}
    lines = [line for locale in LOCALES for line in findings(locale, read(locale), wanted)]
    drafts = sum(_is_draft(message) for message in read("uz_Cyrl"))
    print(
        "\n".join(lines) or f"{len(wanted)} texts in {len(LOCALES)} languages, complete; {drafts} drafts not yet read"
    )
    return 1 if lines else 0


def messages() -> list[Message]:
    """Every text the sources ask for, with the files it stands in."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog()
    for name, _line, text, _comments, context in extract_from_dir(
        ROOT, methods, options, KEYWORDS, directory_filter=_holds_texts
    ):
        found.add(text, locations=[(name, 0)], context=context)
    return [message for message in found if message.id]


def read(locale: str) -> Catalog:
    """A language's catalogue; empty when there is no file yet."""
    if not path_of(locale).exists():
        return Catalog(locale=locale)
    with path_of(locale).open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def write(catalogue: Catalog) -> None:
    """Save a catalogue sorted by message, with file names but neither lines, dates nor people: small honest diffs."""
    path = path_of(str(catalogue.locale))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(_header(catalogue).encode())
        write_po(file, catalogue, 0, omit_header=True, sort_output=True, ignore_obsolete=True, include_lineno=False)


def path_of(locale: str) -> Path:
    """The .po file of a language."""
    return HERE / locale / "LC_MESSAGES" / "messages.po"


def _header(catalogue: Catalog) -> str:
    fields = {
        "Language": str(catalogue.locale),
        "Plural-Forms": catalogue.plural_forms,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    lines = "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items())
    return f'msgid ""\nmsgstr ""\n{lines}\n'


def _holds_texts(folder: str) -> bool:
    parts = Path(folder).relative_to(ROOT).parts
    return parts[0] in ("app", "jobs") and "static" not in parts


def _may_draft(message: Message) -> bool:
    """Whether nobody has written this text: it is empty, or still the draft its mark was made for."""
    return not any(forms(message)) or _is_draft(message)


def _is_draft(message: Message) -> bool:
    return MARK + _digest(message) in message.user_comments


def _digest(message: Message) -> str:
    return hashlib.sha256("\0".join(forms(message)).encode()).hexdigest()[:8]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
