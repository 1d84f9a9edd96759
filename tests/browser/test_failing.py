"""What fails is explained and leaves nothing dead: words and files come back, and go once when they are sent again."""

from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, FrameLocator, Page, Route, expect

from tests.browser.bank_site import answer, bank, bank_server, opened, taken, write
from tests.browser.conftest import SECONDS, PageOf
from tests.browser.watch import Faults
from tests.cast import Cast

__all__ = ["bank", "bank_server"]  # fixtures of this file alone
pytestmark = pytest.mark.clause("8.1")
expect.set_options(timeout=SECONDS * 1000)

CHEQUE: FilePayload = {"name": "chek.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 " + b"\0" * 64}
OF_A_PROXY = "<html><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>"


class Talk(NamedTuple):
    """Aziza's desk, and her client's page."""

    desk: Page
    client: FrameLocator

    def received(self, words: str) -> None:
        """The client has these words once, and nothing is on its way any more."""
        expect(self.desk.locator("#text")).to_have_value("")
        answer(self.desk, "Shu edi")
        expect(self.client.locator(".msg.client .text", has_text="Shu edi")).to_have_count(1)
        expect(self.client.locator(".msg.client .text", has_text=words)).to_have_count(1)

    def refused(self) -> None:
        """Said where it is seen, also before an open dialog."""
        said = self.desk.locator(".toast.bad")
        expect(said).to_have_count(1)
        said.locator("[data-dismiss]").click()
        expect(said).to_have_count(0)

    def cut(self) -> None:
        self.desk.context.set_offline(True)
        expect(self.desk.locator("html")).to_have_attribute("data-wire", "offline")

    def mend(self) -> None:
        self.desk.context.set_offline(False)
        expect(self.desk.locator("html")).not_to_have_attribute("data-wire", "offline")


@pytest.fixture
def talk(app: Flask, cast: Cast, page_of: PageOf, bank: str) -> Talk:
    client = opened(page_of(None), bank)
    write(client, "Salom")
    expect(client.locator(".msg.mine[data-client]")).to_have_count(1)
    desk = taken(app, cast.aziza, page_of(cast.aziza))
    expect(desk.locator("#composer")).to_have_attribute("data-mode", "reply")
    return Talk(desk, client)


def send(desk: Page, words: str) -> None:
    desk.locator("#text").fill(words)
    desk.locator("#text").press("Enter")


def test_without_a_connection_words_files_and_quote_come_back_and_go_once(talk: Talk, faults: Faults) -> None:
    desk = talk.desk
    desk.locator("#upload").set_input_files(CHEQUE)
    expect(desk.locator("#attached [data-file]")).to_have_count(1)
    desk.locator("#flow .msg.client [data-quotes]").first.dispatch_event("click")
    expect(desk.locator("#quoted")).to_contain_text("Salom")
    talk.cut()
    send(desk, "Mana chekingiz")
    talk.refused()
    expect(desk.locator("#text")).to_have_value("Mana chekingiz")
    expect(desk.locator("#attached [data-file]")).to_contain_text("chek.pdf")
    expect(desk.locator("#quoted")).to_contain_text("Salom")
    talk.mend()
    desk.locator("#text").press("Enter")
    talk.received("Mana chekingiz")
    expect(talk.client.locator(".msg.client .file")).to_have_count(1)
    expect(talk.client.locator(".msg.client .quote")).to_contain_text("Salom")
    expect(desk.locator("#attached [data-file]")).to_have_count(0)
    faults.clear()  # what could not go


def answer_lost(route: Route) -> None:
    """The server has it, the page does not know."""
    route.fetch()
    route.abort()


def test_what_arrived_though_its_answer_did_not_goes_no_second_time(talk: Talk, faults: Faults) -> None:
    talk.desk.route("**/say", answer_lost)
    send(talk.desk, "Bir marta")
    talk.refused()
    expect(talk.desk.locator("#text")).to_have_value("Bir marta")
    talk.desk.unroute("**/say")
    talk.desk.locator("#text").press("Enter")
    talk.received("Bir marta")
    faults.clear()


def test_other_words_after_a_lost_answer_are_another_message(talk: Talk, faults: Faults) -> None:
    talk.desk.route("**/say", answer_lost)
    send(talk.desk, "Birinchi")
    talk.refused()
    talk.desk.unroute("**/say")
    send(talk.desk, "Ikkinchi")
    talk.received("Ikkinchi")
    expect(talk.client.locator(".msg.client .text", has_text="Birinchi")).to_have_count(1)
    faults.clear()


@pytest.mark.parametrize("status", [403, 413, 502, 507])
def test_what_is_refused_comes_back_with_its_reason(talk: Talk, faults: Faults, status: int) -> None:
    desk = talk.desk
    desk.locator("#upload").set_input_files(CHEQUE)
    expect(desk.locator("#attached [data-file]")).to_have_count(1)
    token = str(desk.locator("meta[name=csrf]").get_attribute("content"))
    if status == 403:  # the desk itself refuses; of the rest a proxy before it says so, in its own words
        desk.evaluate("document.querySelector('meta[name=csrf]').content = 'stale'")
    else:
        desk.route("**/say", lambda route: route.fulfill(status=status, body=OF_A_PROXY, content_type="text/html"))
    send(desk, "Mana chekingiz")
    expect(desk.locator(".toast.bad")).not_to_contain_text("nginx")
    talk.refused()
    expect(desk.locator("#text")).to_have_value("Mana chekingiz")
    expect(desk.locator("#attached [data-file]")).to_have_count(1)
    desk.unroute("**/say")
    desk.evaluate("token => { document.querySelector('meta[name=csrf]').content = token }", token)
    desk.locator("#text").press("Enter")
    talk.received("Mana chekingiz")
    expect(talk.client.locator(".msg.client .file")).to_have_count(1)
    faults.clear()


@pytest.mark.parametrize("by", ["the page", "the server"])
def test_a_file_that_is_too_large_leaves_the_words_alone(talk: Talk, faults: Faults, tmp_path: Path, by: str) -> None:
    desk, film = talk.desk, tmp_path / "film.pdf"
    film.write_bytes(b"%PDF-1.4 " + b"\0" * (21 * 2**20))
    if by == "the server":
        desk.evaluate("document.getElementById('upload').removeAttribute('data-largest')")
    desk.locator("#text").fill("Faylsiz ham boʻladi")
    desk.locator("#upload").set_input_files(film)
    talk.refused()
    expect(desk.locator("#attached > *")).to_have_count(0)
    desk.locator("#text").press("Enter")
    talk.received("Faylsiz ham boʻladi")
    faults.clear()


def test_a_file_on_its_way_is_not_left_behind(talk: Talk) -> None:
    desk, held = talk.desk, list[Route]()
    desk.route("**/files", lambda route: held.append(route))
    desk.locator("#upload").set_input_files(CHEQUE)
    expect(desk.locator("#attached progress")).to_have_count(1)
    send(desk, "Mana chekingiz")
    expect(desk.locator(".toast")).to_have_count(1)
    expect(desk.locator("#text")).to_have_value("Mana chekingiz")
    held[0].continue_()
    expect(desk.locator("#attached [data-file]")).to_have_count(1)
    desk.locator("#text").press("Enter")
    talk.received("Mana chekingiz")
    expect(talk.client.locator(".msg.client .file")).to_have_count(1)


def test_a_note_that_failed_comes_back_as_a_note_and_leaves_the_files_for_the_answer(
    talk: Talk, faults: Faults
) -> None:
    desk = talk.desk
    desk.locator("#upload").set_input_files(CHEQUE)
    expect(desk.locator("#attached [data-file]")).to_have_count(1)
    desk.locator("#note").click()
    talk.cut()
    send(desk, "Mijoz shubhali")
    talk.refused()
    expect(desk.locator("#composer")).to_have_attribute("data-mode", "note")
    expect(desk.locator("#text")).to_have_value("Mijoz shubhali")
    talk.mend()
    desk.locator("#text").press("Enter")
    expect(desk.locator(".msg.note .text")).to_have_text("Mijoz shubhali")
    expect(desk.locator("#composer")).to_have_attribute("data-mode", "note")
    desk.locator("#note").click()
    expect(desk.locator("#attached [data-file]")).to_have_count(1)
    send(desk, "Mana chekingiz")
    talk.received("Mana chekingiz")
    expect(talk.client.locator(".msg.client .file")).to_have_count(1)
    expect(talk.client.locator(".msg", has_text="shubhali")).to_have_count(0)
    faults.clear()


@pytest.mark.parametrize(
    ("panel", "done"),
    [("finish", "#finish .away"), ("aside", "#set-aside .primary"), ("transfer", "#transfer .primary")],
)
def test_a_panel_that_failed_says_so_before_itself_and_works_when_the_wire_is_back(
    talk: Talk, faults: Faults, panel: str, done: str
) -> None:
    desk, opener = talk.desk, f"#head [hx-get$='/{panel}']"
    talk.cut()
    desk.locator(opener).first.dispatch_event("click")
    talk.refused()
    talk.mend()
    desk.locator(opener).first.dispatch_event("click")
    expect(desk.locator(done)).to_be_enabled()
    if panel == "transfer":
        desk.locator("#transfer input[type=radio]:enabled").first.check()
    talk.cut()
    desk.locator(done).click()
    talk.refused()
    expect(desk.locator(done)).to_be_enabled()
    talk.mend()
    desk.locator(done).click()
    expect(desk.locator("#over dialog")).to_have_count(0)
    desk.goto("about:blank")  # the head of a chat that is hers no more may still be asked for
    faults.clear()


def test_what_a_proxy_says_is_not_drawn_into_the_desk(talk: Talk, faults: Faults) -> None:
    desk = talk.desk
    desk.route("**/return", lambda route: route.fulfill(status=502, body=OF_A_PROXY, content_type="text/html"))
    button = desk.locator("#head [formaction$='/return']")
    button.dispatch_event("click")
    talk.refused()
    expect(desk.locator("body")).not_to_contain_text("nginx")
    expect(desk.locator("#text")).to_be_visible()
    desk.unroute("**/return")
    button.dispatch_event("click")
    expect(desk.locator("#composer")).not_to_have_attribute("data-answers", "")
    faults.clear()


def test_editing_and_taking_back_recover(talk: Talk, faults: Faults) -> None:
    desk = talk.desk
    send(desk, "Xato soʻz")
    bubble = desk.locator("#flow .msg.mine", has_text="soʻz")
    edits, takes_back = (
        bubble.locator("[data-edits]"),
        bubble.locator("[formaction*='take-back'], [hx-post*='take-back']"),
    )
    expect(edits).to_have_count(1)
    expect(desk.locator("#composer[data-sending]")).to_have_count(0)
    talk.cut()
    edits.dispatch_event("click")
    talk.refused()
    talk.mend()
    edits.dispatch_event("click")
    expect(desk.locator("#composer")).to_have_attribute("data-mode", "edit")
    talk.cut()
    send(desk, "Toʻgʻri soʻz")
    talk.refused()
    expect(desk.locator("#text")).to_have_value("Toʻgʻri soʻz")
    talk.mend()
    desk.locator("#text").press("Enter")
    expect(talk.client.locator(".msg.client .text", has_text="Toʻgʻri soʻz")).to_have_count(1)
    expect(desk.locator("#composer")).to_have_attribute("data-mode", "reply")
    expect(takes_back).to_be_enabled()
    faults.clear()
