"""Albums and the undo of sending, in a real browser."""

import base64
from itertools import count
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.actions import intake
from app.base import clock
from app.channels.contract import Raw
from tests.browser.conftest import PageOf
from tests.browser.test_desk import opened, press
from tests.cast import Cast
from tests.writes import Client

_numbers = count(900_000)
_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC"
)


class Photographer(Client):
    """Sends photos of one album, each as an update of its own."""

    def shows(self, album: str, caption: str = "") -> None:
        with self._app.app_context():
            number = next(_numbers)
            person = {"id": self.number, "is_bot": False, "first_name": self.name, "language_code": "ru"}
            photo = [{"file_id": f"p{number}", "file_unique_id": f"u{number}", "width": 90, "height": 90}]
            about: dict[str, Any] = {"message_id": number, "chat": {"id": self.number, "type": "private"}}
            about |= {"from": person, "date": int(clock.now().timestamp()), "media_group_id": album, "photo": photo}
            if caption:
                about["caption"] = caption
            intake.accept(self._channel_id, "telegram", [Raw(str(number), {"update_id": number, "message": about})],
                          clock.now())  # fmt: skip
            intake.take(clock.now())


def attach(page: Page, files: int) -> None:
    pictures: list[Any] = [
        {"name": f"{number}.png", "mimeType": "image/png", "buffer": _PNG} for number in range(files)
    ]
    page.locator("#upload").set_input_files(pictures)
    expect(page.locator("#attached [data-file]")).to_have_count(files)


@pytest.mark.clause("1.1", "8.1")
def test_an_album_grows_in_one_bubble_and_is_the_same_after_a_reload(app: Flask, cast: Cast, page_of: PageOf) -> None:
    client = Photographer(app)
    chat_id = client.says("Salom")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    bubbles = page.locator(".msg.client")
    for number in (1, 2, 3):
        client.shows("81", "Mana kartam" if number == 2 else "")
        expect(page.locator(".msg.client .part")).to_have_count(number)
        expect(bubbles).to_have_count(2)
    album = page.locator("#m-album-81")
    expect(album.locator(".text")).to_have_text("Mana kartam")
    live = album.inner_text()
    page.reload()
    expect(album.locator(".part")).to_have_count(3)
    assert album.inner_text() == live
    page.locator("#m-album-81 .part").nth(1).hover()
    album.locator("[data-quotes]").nth(1).click()
    expect(page.locator("#quoted span")).to_have_text("Mana kartam")


@pytest.mark.clause("1.1")
def test_several_files_of_ours_stand_side_by_side(app: Flask, cast: Cast, page_of: PageOf) -> None:
    chat_id = Client(app).says("Salom")
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    page = opened(page_of(cast.aziza), f"/chats/{chat_id}")
    attach(page, 3)
    page.locator("#text").fill("Namunalar")
    page.keyboard.press("Enter")
    bubble = page.locator(".msg.mine")
    expect(bubble.locator(".album img")).to_have_count(3)
    first, second = (bubble.locator(".album img").nth(number).bounding_box() for number in (0, 1))
    assert first
    assert second
    assert first["y"] == second["y"]


@pytest.mark.clause("9.4")
def test_alt_z_takes_a_word_back_on_a_russian_layout_and_everyone_sees_it(
    app: Flask, cast: Cast, page_of: PageOf
) -> None:
    chat_id = Client(app).says("Salom")
    cast.aziza.browser.post("/me/undo", {"undo": "on"})
    cast.aziza.browser.post(f"/chats/{chat_id}/take")
    aziza, botir = (opened(page_of(one), f"/chats/{chat_id}") for one in (cast.aziza, cast.botir))
    attach(aziza, 1)
    aziza.locator("#text").fill("Hozir qarayman")
    aziza.keyboard.press("Enter")
    expect(aziza.locator(".msg.mine .undo [data-left]")).to_have_text("5", timeout=2000)
    expect(botir.locator(".msg.mine")).to_have_count(1)
    expect(botir.locator(".msg.mine .undo")).to_be_hidden()
    aziza.locator("#text").fill("yana")
    press(aziza, "KeyZ", "я")
    expect(aziza.locator("#text")).to_have_value("Hozir qarayman\nyana")
    expect(aziza.locator("#attached [data-file]")).to_have_count(1)
    for page in (aziza, botir):
        expect(page.locator(".msg.mine")).to_have_count(0)
