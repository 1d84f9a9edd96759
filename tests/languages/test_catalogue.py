"""The catalogues are complete, and the tool that keeps them says when they are not (clause 8.3)."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.support import Translations

from translations import catalogue
from translations.checks import findings

pytestmark = pytest.mark.clause("8.3")


def test_every_text_is_translated_into_every_language(capsys: pytest.CaptureFixture[str]) -> None:
    code = catalogue.check()
    assert code == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("locale", "text", "string", "fault"),
    [
        ("ru", "Open", "", "missing"),
        ("ru", "Wait %(num)s", "Ждите", "placeholders differ"),
        ("ru", "<b>Open</b>", "Открыть", "placeholders differ"),
        ("ru", "Open", "Открыть form", "Latin letters (form)"),
        ("ru", "Queue", "Цепочка", "the glossary has “Очередь”"),
        ("uz_Latn", "Open", "Ko'rish", "apostrophe"),
        ("uz_Latn", "Open", "Koʼrish", "apostrophe"),
        ("uz_Latn", "Data", "Maʻlumot", "apostrophe"),
        ("uz_Latn", "Talk", "Suhbat", "“Suhbat” is “chat”"),
        ("uz_Cyrl", "Open", "Очиq", "Latin letters (q)"),
        ("uz_Cyrl", "Now", "Endи", "Latin letters (End)"),
    ],
)
def test_a_fault_is_named(locale: str, text: str, string: str, fault: str) -> None:
    lines = found(locale, text, string)
    assert any(fault in line for line in lines), lines


@pytest.mark.parametrize(
    ("locale", "text", "string"),
    [
        ("ru", "Open in %(app)s", "Открыть в Telegram: %(app)s"),
        ("uz_Latn", "Open", "Maʼlumotni koʻrish, 5 Gʻani"),
        ("uz_Cyrl", "Save as", "PDF сифатида сақлаш, XXI"),
    ],
)
def test_a_good_translation_has_no_fault(locale: str, text: str, string: str) -> None:
    assert found(locale, text, string) == []


def test_the_number_may_be_left_out_only_where_the_form_means_one() -> None:
    ids = ("One chat", "%(num)s chats")
    assert found("uz_Latn", ids, ("Bitta chat", "%(num)s ta chat")) == []
    assert found("ru", ids, ("Один чат", "%(num)s чата", "%(num)s чатов"))


def test_a_text_the_sources_gained_or_lost_is_named() -> None:
    lines = list(findings("ru", Catalog(locale="ru"), {("New", None)}))
    assert lines == ["ru: not in the catalogue, run extract: 'New'"]


def test_a_draft_is_renewed_until_a_person_changes_it(house: Path) -> None:
    save("uz_Latn", "Open", "Ochish")
    save("uz_Cyrl", "Open", "")
    catalogue.draft()
    assert text_of("uz_Cyrl", "Open") == "Очиш"

    save("uz_Latn", "Open", "Koʻrish")
    catalogue.draft()
    assert text_of("uz_Cyrl", "Open") == "Кўриш"

    changed = catalogue.read("uz_Cyrl")
    changed.get("Open").string = "Кўрмоқ"  # type: ignore[union-attr]
    catalogue.write(changed)
    save("uz_Latn", "Open", "Ochish")
    catalogue.draft()
    assert text_of("uz_Cyrl", "Open") == "Кўрмоқ"


def test_extract_keeps_what_is_used_and_drops_the_rest(house: Path) -> None:
    (house / "app" / "page.py").write_text('_("Open")\nngettext("%(num)s chat", "%(num)s chats", 2)\n_l("New")\n')
    templates = house / "app" / "templates"
    templates.mkdir()
    (templates / "page.html").write_text("{% trans n=1 %}\n  Take\n  100% of {{ n }}\n{% endtrans %}")
    save("ru", "Open", "Открыть", old="Старое")
    catalogue.extract()
    ids = {message.id for message in catalogue.read("ru") if message.id}
    assert ids == {("%(num)s chat", "%(num)s chats"), "New", "Open", "Take 100%% of %(n)s"}
    assert text_of("ru", "Open") == "Открыть"
    assert catalogue.read("ru").get("old") is None


def test_extracting_twice_changes_nothing(house: Path) -> None:
    (house / "app" / "page.py").write_text('_("Open")\n_("Close")\n')
    catalogue.extract()
    before = catalogue.path_of("ru").read_bytes()
    catalogue.extract()
    assert catalogue.path_of("ru").read_bytes() == before


def test_compiled_catalogues_speak_with_the_plurals_of_the_language(house: Path) -> None:
    ids = ("%(num)s chat", "%(num)s chats")
    save("ru", ids, ("%(num)s чат", "%(num)s чата", "%(num)s чатов"))
    save("uz_Cyrl", ids, ("%(num)s та чат", "%(num)s та чат"))
    catalogue.compile_stale()
    russian = Translations.load(house / "translations", ["ru"])
    assert [russian.ungettext(*ids, number) % {"num": number} for number in (1, 3, 5, 21, 112)] == [
        "1 чат", "3 чата", "5 чатов", "21 чат", "112 чатов",
    ]  # fmt: skip
    cyrillic = Translations.load(house / "translations", ["uz_Cyrl"])
    assert cyrillic.ungettext(*ids, 5) == "%(num)s та чат"


def test_a_fresh_catalogue_is_not_compiled_again(house: Path) -> None:
    save("ru", "Open", "Открыть")
    catalogue.compile_stale()
    compiled = catalogue.path_of("ru").with_suffix(".mo")
    before = compiled.stat().st_mtime_ns
    catalogue.compile_stale()
    assert compiled.stat().st_mtime_ns == before


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty house of its own, so that the real catalogues are not touched."""
    (tmp_path / "babel.cfg").write_text((catalogue.ROOT / "babel.cfg").read_text())
    (tmp_path / "app").mkdir()
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    monkeypatch.setattr(catalogue, "HERE", tmp_path / "translations")
    return tmp_path


def found(locale: str, text: str | tuple[str, ...], string: str | tuple[str, ...]) -> list[str]:
    wanted = Catalog(locale=locale)
    wanted.add(text, string)
    return list(findings(locale, wanted, {(text if isinstance(text, str) else text[0], None)}))


def save(locale: str, text: str | tuple[str, ...], string: str | tuple[str, ...], **more: str) -> None:
    known = catalogue.read(locale)
    for one, translated in ({text: string} | more).items():
        known.delete(one)
        known.add(one, translated)
    catalogue.write(known)


def text_of(locale: str, text: str) -> object:
    message = catalogue.read(locale).get(text)
    return message.string if message else None
