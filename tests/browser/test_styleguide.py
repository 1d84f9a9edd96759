"""The look in a real browser: every part, window, language, theme and size that the bank's desks have."""

import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from app.base.locale import LOCALES
from app.pages.styleguide import THEMES, WINDOWS

SIZES = {"desk": (1366, 768), "windows 7": (1366, 620), "zoom 125 %": (1093, 614), "phone": (390, 844)}
TOKENS = Path(__file__).parents[2] / "app" / "static" / "css" / "tokens.css"

# Elements whose content sticks out of them sideways, though they neither scroll nor cut it.
STICKS_OUT = """() => [...document.querySelectorAll("main, header, section, form, .panel, .dialog, .msg, .notice")]
  .filter(e => getComputedStyle(e).overflowX === "visible" && e.clientWidth && e.scrollWidth > e.clientWidth + 1)
  .map(e => e.tagName + "." + e.className)"""


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/styleguide"
    server.shutdown()
    thread.join()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1366, "height": 768})
    yield page
    page.close()


@pytest.mark.parametrize("window", ["", *WINDOWS])
def test_every_window_is_drawn_in_every_language_without_inline_code(client: FlaskClient, window: str) -> None:
    for lang in LOCALES:
        answer = client.get(f"/styleguide/{window}?lang={lang}".replace("/?", "?"))
        assert answer.status_code == 200
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]* src=)", answer.text)
        ids = re.findall(r'\sid="([^"]+)"', answer.text)
        assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_nothing_sticks_out_at_any_size(page: Page, address: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for window in ("", *WINDOWS):
        page.goto(f"{address}/{window}?lang=uz_Cyrl".replace("/?", "?"))
        assert page.evaluate(STICKS_OUT) == [], window
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], window


def test_the_browser_reports_no_breach_of_the_content_policy(page: Page, address: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    for window in ("", *WINDOWS):
        page.goto(f"{address}/{window}".rstrip("/"))
    assert [line for line in said if line.startswith(("error", "warning"))] == []


def test_the_thread_opens_at_the_newest_message(page: Page, address: str) -> None:
    page.goto(f"{address}/desk")
    bottom = "one => one.getBoundingClientRect().bottom"
    assert page.locator("#m-d6").evaluate(bottom) <= page.locator(".log").evaluate(bottom)


def test_a_menu_is_walked_by_arrows_and_left_by_escape(page: Page, address: str) -> None:
    page.goto(f"{address}/desk")
    summary = page.locator(".thread .menu > summary")
    summary.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.locator(".thread .menu .item").nth(1).evaluate("item => item === document.activeElement")
    page.keyboard.press("Escape")
    assert summary.evaluate("one => one === document.activeElement && !one.parentElement.open")


def test_a_dangerous_act_asks_first(page: Page, address: str) -> None:
    page.goto(f"{address}?lang=en")
    page.evaluate("document.addEventListener('click', e => e.target.closest('.danger') && (window.pressed = true))")
    delete = page.locator("#controls .danger")
    delete.click()
    assert page.locator("#confirm").is_visible() and page.evaluate("window.pressed") is None
    page.locator("#confirm [data-yes]").click()
    assert page.evaluate("window.pressed") is True


def test_a_wait_runs_and_changes_its_colour_at_the_threshold(page: Page, address: str) -> None:
    page.clock.install()
    page.goto(f"{address}?lang=en")
    wait = page.locator("#controls .wait").first
    assert wait.get_attribute("data-level") == "calm"
    page.clock.run_for(60_000)
    assert wait.get_attribute("data-level") == "warn"
    assert re.search(r"1:2\d", wait.inner_text())


def test_a_password_can_be_shown_and_a_number_copied(page: Page, address: str) -> None:
    page.goto(f"{address}?lang=en")
    page.locator("[data-shows]").click()
    assert page.locator("#password").get_attribute("type") == "text"
    page.locator("#controls [data-copy]").click()
    page.locator("#toasts .toast").wait_for()


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_is_the_one_that_was_asked_for(page: Page, address: str, theme: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{address}?theme={theme}")
    dark = page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert dark == (theme in ("auto", "dark"))


def test_the_dark_tokens_are_the_same_by_choice_and_by_system() -> None:
    css = TOKENS.read_text()
    assert _tokens(css, '[data-theme="dark"]') == _tokens(css, '[data-theme="auto"]')


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_text_and_edges_keep_their_contrast(theme: str) -> None:
    css = TOKENS.read_text()
    tokens = _tokens(css, ":root") | ({} if theme == "light" else _tokens(css, f'[data-theme="{theme}"]'))
    grounds = ("paper", "ground", "sunken", "hover", "mine-bg", "note-bg", "calm-bg", "warn-bg", "late-bg")
    texts = [(ink, ground) for ink in ("ink", "ink-2", "ink-3", "accent") for ground in grounds]
    texts += [(tone, ground) for tone in ("calm", "warn", "late") for ground in (f"{tone}-bg", "paper", "ground")]
    texts += [("brand-ink", "brand"), ("verified", "paper"), ("paper", "ink"), ("paper", "late")]
    edges = [(edge, ground) for edge in ("edge", "accent") for ground in ("paper", "ground")]
    assert [pair for pair in texts if _contrast(tokens, *pair) < 4.5] == []
    assert [pair for pair in edges if _contrast(tokens, *pair) < 3] == []


def _tokens(css: str, selector: str) -> dict[str, str]:
    body = css[css.index(f"{selector} {{") :].partition("}")[0]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", body))


def _contrast(tokens: dict[str, str], one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    darker, lighter = sorted((_luminance(tokens[one]), _luminance(tokens[other])))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(value: str) -> float:
    digits = value[value.index("#") + 1 :].rstrip(")")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
