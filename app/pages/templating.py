"""What every template has at hand: language, formats, addresses of files, the viewer, the menu."""

import hashlib
import time
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, has_request_context, url_for
from flask_babel import get_locale, get_translations
from flask_babel import lazy_gettext as _l
from jinja2.environment import Template, TemplateModule
from jinja2.runtime import Context
from markupsafe import Markup

from app.base import clock, locale
from app.models import setting
from app.models.names import pick
from app.pages import guard, menu
from app.queries import duty, licence
from app.queries import settings as stored

setting.section("brand", _l("Bank and look"))
BANK_NAME = setting.declare(
    "brand.name",
    "str",
    "Muloqot",
    _l("Name on the pages"),
    _l("Stands in the top bar and in the sign-in page's title."),
    high=40,
)
BANK_COLOUR = setting.declare(
    "brand.colour",
    "colour",
    "#0b6b57",
    _l("The bank's colour"),
    _l("Buttons, marks and the client's chat window take it."),
)

BANK_LOGO = setting.declare(
    "brand.logo",
    "picture",
    "",
    _l("Logo"),
    _l("PNG, JPEG or WebP up to 200 KB, best on a white or clear ground. Clients see it when they rate and write."),
)


_catalogues: dict[Any, Any] = {}


class _Template(Template):
    """Macros are imported as they were made once.

    Jinja looks at each import whether the page has globals of its own. None of ours has, and a bubble imports four.
    """

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        return super()._get_default_module()


def install(app: Flask) -> None:
    app.jinja_env.template_class = _Template
    app.jinja_env.globals.update(
        _=_say,
        static_url=static_url,
        icon_url=lambda name: f"{static_url('img/icons.svg')}#{name}",
        picture_url=picture_url,
        menu=menu.shown,
        at_work=_at_work,
        licence_in_force=lambda: licence.in_force(_now()),
        languages=locale.LOCALES,
        named=lambda names: pick(names, str(get_locale())),
    )
    app.jinja_env.filters.update(
        clock=lambda at: locale.clock(at, _locale()),
        day=lambda at: locale.day(at, _now(), _locale()),
        moment=lambda at: locale.moment(at, _locale()),
        ago=lambda at: locale.ago(at, _now(), _locale()),
        span=locale.span,
        num=lambda value: locale.num(value, _locale()),
        size=lambda count: locale.size(count, _locale()),
    )
    app.jinja_env.policies["ext.i18n.trimmed"] = True  # as the catalogues are extracted
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_of_page)


def _say(text: str, /, **values: Any) -> Markup:
    """A text in the page's language; what Jinja's own gives, in half the time. A bubble says ten of them."""
    spoken = get_locale()
    catalogue = _catalogues.get(spoken)
    if catalogue is None:
        catalogue = _catalogues[spoken] = get_translations()
    said = Markup(catalogue.gettext(text))  # noqa: S704 - catalogues are ours
    return said % values if values or "%" in said else said


def locale_of_page() -> str:
    return guard.page_locale() if has_request_context() else "ru"


def static_url(path: str) -> str:
    """The address of a file of ours, with its content's hash: cached for a year, changed at once."""
    # Written by hand: pushed fragments are drawn in workers, where there is no request to make an address from.
    return f"{current_app.static_url_path}/{path}?v={_version(path)}"


def _of_page() -> dict[str, Any]:
    code, logo = _locale(), str(stored.value(BANK_LOGO))
    return {
        "locale": code,
        "html_lang": locale.html_lang(code),
        "viewer": g.get("viewer") if has_request_context() else None,
        "brand": {
            "name": stored.value(BANK_NAME),
            "colour": brand_colour(),
            "sheet": _brand_sheet(),
            "logo": logo and picture_url(logo),
        },
    }


def picture_url(digest: str) -> str:
    """The address of a setting's picture: another one has another address."""
    return f"/brand/{digest}.png"


def brand_colour() -> str:
    return str(stored.value(BANK_COLOUR))


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on the colour (WCAG 2 relative luminance)."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return "#ffffff" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.179 else "#000000"


def _brand_sheet() -> str | None:
    """Only a bank that chose its own colour has this sheet."""
    colour = brand_colour()
    return None if colour == BANK_COLOUR.default else url_for("entry.brand_css", v=colour[1:])


def _version(path: str) -> str:
    """Looked at once a second at most: a page names a hundred pictures."""
    return _version_at(path, int(time.monotonic()))


@lru_cache(maxsize=256)
def _version_at(path: str, _second: int) -> str:
    file = Path(current_app.static_folder or "") / path
    try:
        return _digest(file, file.stat().st_mtime_ns)
    except FileNotFoundError:
        return "0"


@lru_cache(maxsize=256)
def _digest(file: Path, changed: int) -> str:
    """Of the content; `changed` makes another entry of a file that was edited while the desk runs."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]


def _at_work() -> duty.Menu:
    """The viewer's status, asked once for a page."""
    if "at_work" not in g:
        g.at_work = duty.menu(guard.viewer().person_id, _now())
    found: duty.Menu = g.at_work
    return found


def _locale() -> str:
    return str(get_locale())


def _now() -> Any:
    return g.get("now") or clock.now()
