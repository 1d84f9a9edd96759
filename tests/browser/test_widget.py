"""The bank's site and the desk: two browsers, four languages, phone and desktop (clauses 4.1, 9.1, 15.3.2)."""

import gzip
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Response, expect

from app.base import clock
from deploy.demo.simulator import Simulator
from tests.browser.axe import axe
from tests.browser.bank_site import answer, bank, bank_key, bank_server, chat_of, frame_of, opened, taken, types, write
from tests.browser.conftest import SECONDS, PageOf
from tests.browser.desk_server import DeskServer
from tests.browser.watch import Faults
from tests.cast import Cast

__all__ = ["bank", "bank_server"]  # fixtures of this file alone
pytestmark = [pytest.mark.clause("4.1"), pytest.mark.clause("9.1")]
expect.set_options(timeout=SECONDS * 1000)


@pytest.mark.parametrize("size", [(1366, 768), (390, 844)], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    ("lang", "shown", "words"),
    [
        ("ru", "ru", "Здравствуйте, карта заблокирована"),
        ("uz", "uz-Latn", "Kartam bloklandi, nima qilay?"),
        ("uz-Cyrl", "uz-Cyrl", "Картам блокланди, нима қилай?"),
        ("en", "en", "My card is blocked, what shall I do?"),
    ],
)
def test_a_dialogue_between_the_site_and_the_desk(
    app: Flask, cast: Cast, page_of: PageOf, bank: str, lang: str, shown: str, words: str, size: tuple[int, int]
) -> None:
    client = page_of(None, *size)
    chat = opened(client, f"{bank}?lang={lang}")
    expect(chat.locator("html")).to_have_attribute("lang", shown)
    expect(chat.locator("#terms")).to_be_visible()
    axe(frame_of(client))  # type: ignore[arg-type]
    write(chat, words)
    expect(chat.locator(".msg.mine .text")).to_have_text(words)
    expect(chat.locator(".msg.mine[data-client]")).to_have_count(1)
    expect(chat.locator("#terms")).to_be_hidden()
    desk = taken(app, cast.aziza, page_of(cast.aziza, *size))
    expect(chat.locator("#state")).to_contain_text("Азиза")
    answer(desk, "Assalomu alaykum, hozir qarayman")
    expect(chat.locator(".msg.client .text").last).to_have_text("Assalomu alaykum, hozir qarayman")
    expect(chat.locator(".msg.client .from").last).to_have_text("Азиза")
    expect(desk.locator("#flow .msg.mine[data-state=read]")).to_have_count(1)
    expect(chat.locator(".msg.mine[data-state=read]")).to_have_count(1)
    assert "Каримова" not in frame_of(client).content()
    axe(frame_of(client))  # type: ignore[arg-type]


def test_a_note_stays_in_the_house_and_typing_is_seen_at_both_ends(
    app: Flask, cast: Cast, page_of: PageOf, bank: str
) -> None:
    aziza, client = page_of(cast.aziza), page_of(None)
    chat = opened(client, bank)
    write(chat, "Salom")
    expect(chat.locator(".msg.mine[data-client]")).to_have_count(1)
    desk = taken(app, cast.aziza, aziza)
    expect(chat.locator("#state")).to_contain_text("Азиза")  # it listens: a sign that nobody hears is not repeated
    types(desk.locator("textarea:visible").first, chat.locator("#typing"))
    types(chat.locator("#text"), desk.locator("#presence"))
    chat_id = desk.url.rpartition("/")[2]
    cast.aziza.browser.post(f"/chats/{chat_id}/note", {"text": "Mijoz shubhali", "client_id": "n1"})
    expect(desk.locator("#flow")).to_contain_text("Mijoz shubhali")
    desk.locator("textarea:visible").first.fill("")
    answer(desk, "Javob")
    expect(chat.locator(".msg.client .text").last).to_have_text("Javob")
    assert "shubhali" not in frame_of(client).content()


def test_history_outlives_a_reload_and_answers_are_counted_on_the_button(
    app: Flask, cast: Cast, page_of: PageOf, bank: str
) -> None:
    client = page_of(None)
    chat = opened(client, bank)
    write(chat, "Salom")
    expect(chat.locator(".msg.mine[data-client]")).to_have_count(1)
    desk = taken(app, cast.aziza, page_of(cast.aziza))
    client.reload()
    expect(chat_of(client).locator(".msg.mine[data-client]")).to_have_count(1)  # listens without being opened
    answer(desk, "Javob bor")
    expect(client.locator("button[aria-haspopup] b")).to_have_text("1")
    client.locator("button[aria-haspopup]").click()
    expect(chat_of(client).locator(".msg.client .text").last).to_have_text("Javob bor")
    expect(client.locator("button[aria-haspopup] b")).to_be_empty()
    expect(desk.locator("#flow .msg.mine[data-state=read]")).to_have_count(1)


def test_two_tabs_show_the_same(page_of: PageOf, bank: str) -> None:
    first = page_of(None)
    chat = opened(first, bank)
    write(chat, "Birinchi oyna")
    expect(chat.locator(".msg.mine[data-client]")).to_have_count(1)
    second = first.context.new_page()
    second.goto(bank)
    expect(chat_of(second).locator(".msg.mine .text")).to_have_text(["Birinchi oyna"])
    write(chat, "Yana bir gap")
    expect(chat_of(second).locator(".msg.mine .text")).to_have_text(["Birinchi oyna", "Yana bir gap"])


def test_what_is_written_without_a_connection_goes_when_it_is_back(
    cast: Cast, page_of: PageOf, bank: str, faults: Faults
) -> None:
    client = page_of(None)
    chat = opened(client, bank)
    write(chat, "Birinchi")
    expect(chat.locator(".msg.mine[data-client]")).to_have_count(1)
    client.context.set_offline(True)
    write(chat, "Ikkinchi")
    write(chat, "Uchinchi")
    expect(chat.locator("#offline")).to_be_visible()
    expect(chat.locator(".msg.mine[data-state=queued]")).to_have_count(2)
    client.context.set_offline(False)
    expect(chat.locator(".msg.mine[data-client] .text")).to_have_text(["Birinchi", "Ikkinchi", "Uchinchi"])
    expect(chat.locator("#offline")).to_be_hidden()
    expect(chat.locator("[data-waiting]")).to_have_count(0)
    faults.clear()  # the requests that could not go


def test_an_hour_away_with_a_wrong_clock_loses_nothing_and_mixes_nothing_up(
    app: Flask, cast: Cast, page_of: PageOf, bank: str, faults: Faults
) -> None:
    client = page_of(None)
    client.clock.install(time=clock.now() + timedelta(days=3))  # his computer lives in another day
    chat = opened(client, bank)
    write(chat, "Salom")
    expect(chat.locator(".msg.mine[data-client]")).to_have_count(1)
    desk = taken(app, cast.aziza, page_of(cast.aziza))
    client.context.set_offline(True)
    write(chat, "Shu yerdamisiz?")
    expect(chat.locator(".msg.mine[data-state=queued]")).to_have_count(1)
    answer(desk, "Birinchi javob")
    answer(desk, "Ikkinchi javob")
    client.clock.fast_forward("01:00:00")
    client.context.set_offline(False)
    client.clock.fast_forward(10_000)
    told = ["Salom", "Birinchi javob", "Ikkinchi javob", "Shu yerdamisiz?"]
    expect(chat.locator(".msg:not(#greeting) .text")).to_have_text(told)
    expect(chat.locator(".day")).to_have_count(1)
    expect(desk.locator("#flow .msg .text")).to_have_text(told)
    faults.clear()  # the requests that could not go


def test_two_devices_of_one_client_show_the_same_at_once(cast: Cast, page_of: PageOf, bank: str) -> None:
    computer, phone = page_of(None), page_of(None, 390, 844)
    first = opened(computer, f"{bank}?user=1")
    write(first, "Kompyuterdan")
    expect(first.locator(".msg.mine[data-client]")).to_have_count(1)
    second = opened(phone, f"{bank}?user=1")
    write(second, "Telefondan")
    for chat in (first, second):
        expect(chat.locator(".msg.mine .text")).to_have_text(["Kompyuterdan", "Telefondan"])


@pytest.mark.clause("4.1")
def test_it_weighs_little_before_it_is_opened_and_after(page_of: PageOf, bank: str) -> None:
    client, weighed = page_of(None), dict[str, int]()
    desk, _key = bank_key(bank)

    def weigh(response: Response) -> None:
        if response.url.startswith(desk):
            weighed[response.url] = len(gzip.compress(response.body()))

    client.on("response", weigh)
    client.goto(bank)
    client.locator("button[aria-haspopup]").wait_for()
    closed = sum(weighed.values())
    client.locator("button[aria-haspopup]").click()
    write(chat_of(client), "Salom")
    expect(chat_of(client).locator(".msg.mine[data-client]")).to_have_count(1)
    client.wait_for_load_state("networkidle")
    assert 0 < closed <= 40 * 1024
    assert closed < sum(weighed.values()) <= 120 * 1024, weighed


def test_by_keyboard_alone_with_emoji_a_file_and_the_end(page_of: PageOf, bank: str, faults: Faults) -> None:
    client = page_of(None)
    client.goto(f"{bank}?lang=en")
    axe(client)
    client.locator("button[aria-haspopup]").focus()
    client.keyboard.press("Enter")
    chat = chat_of(client)
    expect(chat.locator("#text")).to_be_focused()
    client.keyboard.type("Hello ")
    client.keyboard.press("Tab")
    client.keyboard.press("Enter")
    expect(chat.locator("#faces button").first).to_be_focused()
    client.keyboard.press("ArrowRight")
    client.keyboard.press("Enter")
    client.keyboard.press("Escape")
    axe(frame_of(client))  # type: ignore[arg-type]
    client.keyboard.press("Tab")
    client.keyboard.press("Enter")
    expect(chat.locator(".msg.mine .text")).to_have_text("Hello 😄")
    picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
    chat.locator("#file").set_input_files(
        {"name": "chek.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 " + picture}
    )
    expect(chat.locator(".msg.mine[data-client] .file")).to_contain_text("chek.pdf")
    chat.locator("#file").set_input_files(
        {"name": "virus.jpg", "mimeType": "image/jpeg", "buffer": b"MZ\x90\0" + b"\0" * 99}
    )
    expect(chat.locator(".msg.mine[data-state=failed] .trouble")).to_contain_text("not accepted")
    expect(chat.locator("#finish")).to_be_enabled()  # there is a chat to finish
    chat.locator(".menu summary").press("Enter")
    chat.locator("#finish").press("Enter")
    chat.locator("[data-yes]").press("Enter")
    expect(chat.locator(".event").last).to_contain_text("finished")
    expect(chat.locator("#again button")).to_be_visible()
    expect(chat.locator("#text")).to_be_focused()  # the answer to "finish" has come as well
    client.keyboard.press("Escape")
    expect(client.locator("iframe")).to_be_hidden()
    expect(client.locator("button[aria-haspopup]")).to_be_focused()
    faults.clear()  # the refused file


def test_no_other_site_can_show_the_chat(page_of: PageOf, bank: str, faults: Faults) -> None:
    stranger = Simulator().start()
    key = bank_key(bank)
    try:
        stranger.page.desk, stranger.page.site_key = key
        client = page_of(None)
        client.goto(f"{stranger.url}/bank")
        client.locator("button[aria-haspopup]").click()
        client.wait_for_timeout(500)
        assert all(one.locator("#text").count() == 0 for one in client.frames)
    finally:
        stranger.stop()
    faults.clear()  # the browser says that the frame was refused


def test_who_is_signed_in_at_the_site_has_a_dialogue_of_ones_own(cast: Cast, page_of: PageOf, bank: str) -> None:
    client = page_of(None)
    chat = opened(client, f"{bank}?user=1")
    write(chat, "Men Dilshodman")
    expect(chat.locator(".msg.mine[data-client]")).to_have_count(1)
    desk = page_of(cast.aziza)
    desk.goto("/chats?tab=queue")
    expect(desk.locator(".rows .row")).to_contain_text("Dilshod Karimov")
    phone = page_of(None, 390, 844)
    expect(opened(phone, f"{bank}?user=1").locator(".msg.mine .text")).to_have_text("Men Dilshodman")
    chat = opened(client, bank)  # signed out at the same computer
    expect(chat.locator("#text")).to_be_visible()
    expect(chat.locator(".msg.mine")).to_have_count(0)


@pytest.mark.clause("15.3.2")
def test_on_a_phone_it_fills_the_screen_and_the_apps_page_is_the_same(
    page_of: PageOf, bank: str, desk_server: DeskServer
) -> None:
    phone = page_of(None, 390, 844)
    chat = opened(phone, f"{bank}?lang=uz")
    box = phone.locator("iframe").bounding_box()
    assert box is not None and (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    assert frame_of(phone).evaluate("document.documentElement.scrollWidth <= innerWidth")
    axe(frame_of(phone))  # type: ignore[arg-type]
    chat.locator("#close").click()
    expect(phone.locator("iframe")).to_be_hidden()
    app_page = page_of(None, 390, 844)
    app_page.goto(f"/widget/{bank_key(bank)[1]}?lang=uz")
    app_page.locator("#text").fill("Ilovadan yozyapman")
    app_page.locator("#write [type=submit]").click()
    expect(app_page.locator(".msg.mine[data-client]")).to_have_count(1)
    expect(app_page.locator("#close")).to_be_hidden()
    axe(app_page)


def test_the_person_chooses_the_language_and_keeps_it(page_of: PageOf, bank: str) -> None:
    client = page_of(None)
    chat = opened(client, f"{bank}?lang=ru")
    chat.locator(".menu summary").click()
    chat.locator("[data-tongue=uz-Cyrl]").click()
    expect(chat.locator("html")).to_have_attribute("lang", "uz-Cyrl")
    chat = opened(client, f"{bank}?lang=ru")
    expect(chat.locator("html")).to_have_attribute("lang", "uz-Cyrl")


def test_scripts_in_names_and_words_are_text(app: Flask, cast: Cast, page_of: PageOf, bank: str) -> None:
    client = page_of(None)
    chat = opened(client, bank)
    words = '<img src=x onerror="document.title=1"> <script>document.title=2</script>'
    write(chat, words)
    expect(chat.locator(".msg.mine[data-client] .text")).to_have_text(words)
    desk = taken(app, cast.aziza, page_of(cast.aziza))
    expect(desk.locator("#flow .msg.client .text")).to_have_text(words)
