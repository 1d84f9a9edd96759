"""My second factor (clause 12.24)."""

from typing import Any

import pytest
from flask import Flask
from psycopg import Connection

from tests.cast import PASSWORD, Cast
from tests.entry.asking import journalled
from tests.me.phone import Phone

pytestmark = pytest.mark.clause("12.24")


def test_it_is_set_up_with_password_picture_and_first_code(cast: Cast) -> None:
    browser = cast.kamola.browser
    assert browser.get("/me/factor/qr.svg").status_code == 404
    assert len(set(Phone.set_up(browser).recovery)) == 10
    assert "/me/factor/remove" in browser.get("/me/factor").text


def test_the_picture_is_one_and_needs_no_inline_style(cast: Cast) -> None:
    browser = cast.kamola.browser
    browser.post("/me/factor/begin", {"password": PASSWORD})
    answer = browser.get("/me/factor/qr.svg")
    assert answer.mimetype == "image/svg+xml" and answer.headers["Cache-Control"] == "no-store"
    assert "<path" in answer.text and "style=" not in answer.text


def test_whoever_finds_an_open_page_cannot_set_up_a_phone_of_his_own(cast: Cast) -> None:
    assert cast.kamola.browser.post("/me/factor/begin", {"password": "not hers"}).status_code == 422
    assert cast.kamola.browser.get("/me/factor/qr.svg").status_code == 404


def test_a_wrong_first_code_switches_nothing_on(cast: Cast, superuser: "Connection[Any]") -> None:
    browser = cast.kamola.browser
    browser.post("/me/factor/begin", {"password": PASSWORD})
    assert browser.post("/me/factor/confirm", {"code": "000000"}).status_code == 422
    assert superuser.execute("SELECT confirmed_at FROM factor").fetchone() == (None,)


def test_the_secret_of_a_factor_in_force_is_never_shown_again(app: Flask, cast: Cast) -> None:
    phone = Phone(app, cast.kamola)
    assert phone.secret not in cast.kamola.browser.get("/me/factor").text
    assert cast.kamola.browser.get("/me/factor/qr.svg").status_code == 404
    assert cast.kamola.browser.post("/me/factor/begin", {"password": PASSWORD}).status_code == 409


def test_it_is_removed_only_with_a_code(app: Flask, cast: Cast, superuser: "Connection[Any]") -> None:
    phone, browser = Phone(app, cast.kamola), cast.kamola.browser
    assert browser.post("/me/factor/remove", {"code": "000000"}).status_code == 422
    assert browser.post("/me/factor/remove", {"code": phone.code()}).status_code == 303
    assert superuser.execute("SELECT count(*) FROM factor").fetchone() == (0,)
    assert journalled(superuser)[-1] == ("factor.removed", "kamola", "done")


def test_new_recovery_codes_make_the_former_void(app: Flask, cast: Cast) -> None:
    phone, browser = Phone(app, cast.kamola), cast.kamola.browser
    page = browser.post("/me/factor/codes", {"code": phone.recovery[0]}).text
    assert not any(code in page for code in phone.recovery)
    assert browser.post("/me/factor/remove", {"code": phone.recovery[1]}).status_code == 422


def test_an_administrator_frees_somebody_whose_phone_is_lost(
    app: Flask, cast: Cast, superuser: "Connection[Any]"
) -> None:
    Phone(app, cast.aziza)
    assert cast.kamola.browser.post(f"/office/access/factor/{cast.aziza.id}/remove").status_code == 303
    assert superuser.execute("SELECT count(*) FROM recovery_code").fetchone() == (0,)
    assert cast.timur.browser.post(f"/office/access/factor/{cast.aziza.id}/remove").status_code == 403


def test_roles_that_need_it_are_chosen_and_journalled(cast: Cast, superuser: "Connection[Any]") -> None:
    row = superuser.execute("SELECT id FROM role WHERE code = 'operator'").fetchone()
    assert row is not None
    assert cast.kamola.browser.post("/office/access/factor", {"role": [row[0], "x", 10**9]}).status_code == 303
    assert superuser.execute("SELECT role_id FROM factor_role").fetchall() == [row]
    assert cast.aziza.browser.get("/chats").location == "/me/factor"
    assert journalled(superuser)[-1] == ("factor.required", "kamola", "done")
