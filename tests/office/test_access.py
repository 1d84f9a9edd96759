"""Access lists (clauses 15.2.5, 15.5; S16)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from flask import Flask
from psycopg import Connection

from app.actions import access as verbs
from app.actions.journal import Origin
from app.base import clock
from app.config import Settings
from app.models.access import TRIAL, Area, NotANetwork, admits, parse
from app.models.viewer import SYSTEM
from app.queries import access
from tests.cast import Cast
from tests.entry.asking import journalled

pytestmark = pytest.mark.clause("15.5", "15.2.5")
INSIDE, OUTSIDE, PROXY = "10.20.1.5", "203.0.113.9", "192.0.2.1"


@pytest.fixture(autouse=True)
def _fresh(app: Flask) -> Iterator[None]:
    access.forget()
    verbs._noted.clear()
    yield
    access.forget()


def put(cast: Cast, area: str, lines: str, *, sure: bool = False, address: str = "127.0.0.1") -> Any:
    form = {"lines": lines} | ({"sure": "1"} if sure else {})
    return cast.kamola.browser.post(f"/office/access/{area}", form, environ_base={"REMOTE_ADDR": address})


def reach(cast: Cast, url: str, address: str, **headers: str) -> int:
    status: int = cast.kamola.browser.get(url, environ_base={"REMOTE_ADDR": address}, headers=headers).status_code
    return status


def test_the_whole_site_is_closed_to_other_addresses(cast: Cast) -> None:
    assert put(cast, "site", "127.0.0.0/8\n10.20.0.0/16 # head office").status_code == 303
    assert reach(cast, "/me/", INSIDE) == 200
    for url in ("/me/", "/sign-in", "/office/settings", "/brand.css"):
        assert reach(cast, url, OUTSIDE) == 403, url
    assert reach(cast, "/healthz", OUTSIDE) == 200


def test_who_is_kept_out_learns_his_address_and_nothing_else(cast: Cast) -> None:
    put(cast, "site", "127.0.0.0/8")
    page = cast.kamola.browser.get("/me/", environ_base={"REMOTE_ADDR": OUTSIDE}).text
    assert OUTSIDE in page
    assert "kamola" not in page and "csrf" not in page


def test_the_settings_have_a_list_of_their_own(cast: Cast) -> None:
    put(cast, "office", "127.0.0.1")
    assert reach(cast, "/office/settings", INSIDE) == 403
    assert reach(cast, "/me/", INSIDE) == 200
    assert reach(cast, "/office/settings", "127.0.0.1") == 200


@pytest.mark.parametrize(
    ("lines", "address", "inside"),
    [
        ("10.20.0.0/16", "10.20.255.1", True),
        ("10.20.0.0/16", "10.21.0.1", False),
        ("10.20.0.7", "10.20.0.7", True),
        ("10.20.0.0/16", "::ffff:10.20.0.1", True),
        ("::ffff:10.20.0.0/112", "10.20.0.1", True),
        ("2001:db8::/32", "2001:db8:1::5", True),
        ("2001:db8::/32", "2001:db9::5", False),
        ("0.0.0.0/0", "2001:db8::1", False),
        ("10.20.0.0/16", "", False),
        ("10.20.0.0/16", "unix:", False),
        ("", "203.0.113.9", True),
    ],
)
def test_networks_of_both_families_are_matched(lines: str, address: str, inside: bool) -> None:
    assert admits(parse(lines), address) == inside


@pytest.mark.parametrize(
    "line", ["10.20.0.1/16", "10.20", "10.20.0.0/33", "head office", "# only a remark", "10.0.0.0/8, 1.1.1.1"]
)
def test_what_is_no_network_is_refused_and_named(cast: Cast, line: str) -> None:
    with pytest.raises(NotANetwork):
        parse(line)
    answer = put(cast, "site", f"127.0.0.0/8\n{line}")
    assert answer.status_code == 422
    assert line in answer.text and "127.0.0.0/8" in answer.text
    assert reach(cast, "/me/", OUTSIDE) == 200


def test_a_list_without_ones_own_address_asks_once_more(cast: Cast) -> None:
    answer = put(cast, "site", "10.20.0.0/16")
    assert answer.status_code == 422 and 'name="sure"' in answer.text
    assert reach(cast, "/me/", OUTSIDE) == 200


def test_such_a_list_falls_back_after_ten_minutes(cast: Cast, app: Flask) -> None:
    put(cast, "site", "127.0.0.0/8\n10.20.0.0/16")
    assert put(cast, "site", "10.20.0.0/16", sure=True).status_code == 303
    assert reach(cast, "/me/", "127.0.0.1") == 403
    with app.app_context():
        rules, now = access.present()["site"], clock.now()
        assert not rules.admit("127.0.0.1", now + TRIAL - timedelta(seconds=5))
        assert rules.admit("127.0.0.1", now + TRIAL)
        assert not rules.admit(OUTSIDE, now + TRIAL)


def test_it_stays_once_confirmed_from_where_it_lets_one_in(cast: Cast, app: Flask) -> None:
    put(cast, "site", "10.20.0.0/16", sure=True)
    confirm = "/office/access/site/confirm"
    browser = cast.kamola.browser
    token = {"X-CSRF-Token": _csrf(cast)}
    refused = browser.client.post(confirm, headers=token, environ_base={"REMOTE_ADDR": "127.0.0.1"})
    kept = browser.client.post(confirm, headers=token, environ_base={"REMOTE_ADDR": INSIDE})
    assert (refused.status_code, kept.status_code) == (403, 303)
    with app.app_context():
        assert not access.present()["site"].admit("127.0.0.1", clock.now() + 2 * TRIAL)


def test_a_trial_of_the_settings_list_is_not_confirmed_from_outside_it(app: Flask) -> None:
    outside = Origin(OUTSIDE)
    with app.app_context():
        verbs.change(Area.OFFICE, ["10.20.0.0/16"], True, SYSTEM, outside, clock.now())
        with pytest.raises(verbs.NotFromThere):
            verbs.confirm(Area.OFFICE, SYSTEM, outside, clock.now())
        verbs.confirm(Area.OFFICE, SYSTEM, Origin(INSIDE), clock.now())
        with pytest.raises(verbs.NothingOnTrial):
            verbs.confirm(Area.OFFICE, SYSTEM, Origin(INSIDE), clock.now())


def test_a_second_trial_falls_back_to_what_stood_before_both(app: Flask) -> None:
    now = clock.now()
    with app.app_context():
        verbs.change(Area.SITE, ["127.0.0.0/8"], False, SYSTEM, Origin("127.0.0.1"), now)
        for lines in (["10.20.0.0/16"], ["10.30.0.0/16"]):
            verbs.change(Area.SITE, lines, True, SYSTEM, Origin("127.0.0.1"), now)
        assert access.present()["site"].at(now + TRIAL) == ("127.0.0.0/8",)


def test_what_nobody_confirmed_falls_back_and_the_journal_says_so(app: Flask, superuser: "Connection[Any]") -> None:
    now = clock.now()
    with app.app_context():
        verbs.change(Area.SITE, ["127.0.0.0/8"], False, SYSTEM, Origin("127.0.0.1"), now)
        verbs.change(Area.SITE, ["10.20.0.0/16"], True, SYSTEM, Origin("127.0.0.1"), now)
        assert verbs.fall_back(now + TRIAL / 2) == 0
        assert verbs.fall_back(now + TRIAL) == 1
        assert verbs.fall_back(now + TRIAL) == 0
        assert access.present()["site"].lines == ("127.0.0.0/8",)
    assert [row[0] for row in journalled(superuser)][-1] == "access.fell_back"


def test_whoever_stands_at_the_machine_opens_everything_again(app: Flask, cast: Cast) -> None:
    put(cast, "site", "127.0.0.0/8")
    with app.app_context():
        verbs.open_all(SYSTEM, Origin("local"), clock.now())
    assert reach(cast, "/me/", OUTSIDE) == 200


@pytest.mark.parametrize(
    "forged",
    [
        INSIDE, f"{INSIDE}, {INSIDE}", f"{INSIDE},{PROXY}", f"{OUTSIDE}, {INSIDE}", f" {INSIDE} ", f"::ffff:{INSIDE}",
        f"{INSIDE}:443", f"[{INSIDE}]", f'"{INSIDE}"', f"for={INSIDE}", "127.0.0.1", "localhost", "unknown", ",,,",
        f"{INSIDE}\t", f"{INSIDE};", "0.0.0.0", "::1", "10.20.1.5%00", "010.020.001.005",
    ],
)  # fmt: skip
def test_a_forged_header_lets_nobody_in(
    app: Flask, settings: Settings, cast: Cast, monkeypatch: pytest.MonkeyPatch, forged: str
) -> None:
    put(cast, "site", "10.20.0.0/16\n127.0.0.0/8")
    assert reach(cast, "/me/", OUTSIDE, **{"X-Forwarded-For": forged}) == 403
    proxied = replace(settings, trusted_proxies=(ip_network(f"{PROXY}/32"),))
    monkeypatch.setitem(app.config, "SETTINGS", proxied)
    assert reach(cast, "/me/", PROXY, **{"X-Forwarded-For": f"{forged}, {OUTSIDE}"}) == 403
    assert reach(cast, "/me/", PROXY, **{"X-Forwarded-For": f"{forged}, {INSIDE}"}) == 200


@pytest.mark.parametrize(
    "header", ["X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP", "Via"]
)
def test_other_headers_are_not_listened_to(cast: Cast, header: str) -> None:
    put(cast, "site", "10.20.0.0/16\n127.0.0.0/8")
    assert reach(cast, "/me/", OUTSIDE, **{header: INSIDE}) == 403


@pytest.mark.clause("12.17")
def test_changes_and_those_kept_out_stand_in_the_journal(cast: Cast, superuser: "Connection[Any]") -> None:
    put(cast, "site", "127.0.0.0/8")
    for _ in range(5):
        reach(cast, "/me/", OUTSIDE)
    kinds = [kind for kind, _login, _outcome in journalled(superuser)]
    assert kinds.count("access.changed") == kinds.count("access.refused") == 1


def test_the_page_shows_the_lists_with_their_remarks(cast: Cast) -> None:
    put(cast, "site", "127.0.0.0/8 # this machine")
    page = cast.kamola.browser.get("/office/access")
    assert page.status_code == 200
    assert "127.0.0.0/8 # this machine" in page.text


def test_only_who_manages_access_may_change_it(cast: Cast) -> None:
    assert cast.botir.browser.get("/office/access").status_code == 403
    assert cast.botir.browser.post("/office/access/site", {"lines": ""}).status_code == 403
    assert put(cast, "nowhere", "").status_code == 404


def _csrf(cast: Cast) -> str:
    page = cast.kamola.browser.get("/me/", environ_base={"REMOTE_ADDR": INSIDE}).text
    found = re.search(r'<meta name="csrf" content="([^"]+)"', page)
    assert found
    return found[1]
