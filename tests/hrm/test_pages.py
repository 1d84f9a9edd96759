"""The page of schedules, the import of a table, and the plan beside the fact."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest

from app.base import clock, tables
from deploy.demo.hrm import Personnel
from tests.cast import Cast
from tests.entry.asking import journalled
from tests.hrm.conftest import KEY, csv, rows, today

pytestmark = pytest.mark.clause("7.5", "6.1")


def shown(cast: Cast, content: bytes, name: str = "plan.csv") -> Any:
    assert cast.aziza and cast.timur
    return cast.kamola.browser.post("/office/hrm/import", {"table": (io.BytesIO(content), name)})


def confirm(cast: Cast, page: str) -> Any:
    found = re.search(r'name="rows" value="([^"]+)"', page)
    assert found
    return cast.kamola.browser.post("/office/hrm/import/confirm", {"rows": found[1]}, follow_redirects=True)


def test_a_table_is_shown_first_and_then_kept(cast: Cast, context: None, superuser: Any) -> None:
    page = shown(cast, csv(f"aziza;{today()};09:00;18:00;;", f"timur;{today()};;;;отпуск", "nobody;x;;;;")).text
    assert "nobody has this login" in page or "nobody" in page
    assert rows("SELECT count(*) FROM schedule") == [(0,)]
    confirm(cast, page)
    assert rows("SELECT person_id FROM schedule") == [(cast.aziza.id,)]
    assert rows("SELECT person_id, kind FROM absence") == [(cast.timur.id, "vacation")]
    kinds = [kind for kind, _login, _outcome in journalled(superuser)]
    assert "hrm.imported" in kinds and "setting.changed" in kinds


def test_a_sheet_is_read_with_its_own_days_and_times(cast: Cast, context: None) -> None:
    table = tables.xlsx_file(
        [["Логин", "Дата", "С", "По"], ["aziza", clock.now().date(), "09:00:00", "18:00:00"]], "Plan"
    )
    confirm(cast, shown(cast, table, "plan.xlsx").text)
    assert rows("SELECT count(*) FROM schedule") == [(1,)]


def test_a_newer_table_replaces_the_days_of_its_people(cast: Cast, context: None) -> None:
    confirm(cast, shown(cast, csv(f"aziza;{today()};09:00;18:00;;", f"timur;{today()};09:00;18:00;;")).text)
    confirm(cast, shown(cast, csv(f"aziza;{today()};12:00;20:00;;")).text)
    hours = rows("SELECT person_id, extract(epoch FROM till_at - from_at)::int / 3600 FROM schedule ORDER BY 1")
    assert hours == [(cast.aziza.id, 8), (cast.timur.id, 9)]


@pytest.mark.parametrize("content", [b"\0\0", b"a;b\n1;2", b""])
def test_what_is_no_such_table_is_refused(cast: Cast, content: bytes) -> None:
    assert shown(cast, content).status_code == 422


def test_the_preview_of_one_person_is_not_another_s(cast: Cast) -> None:
    answer = cast.kamola.browser.post("/office/hrm/import/confirm", {"rows": "AAAA"})
    assert answer.status_code == 422


def test_the_service_is_tried_saved_and_read_from_the_page(cast: Cast, context: None, personnel: Personnel) -> None:
    assert cast.aziza and cast.timur
    form = {"address": personnel.url, "token": KEY, "every_hours": "0"}
    browser = cast.kamola.browser
    assert browser.post("/office/hrm/check", form).status_code == 200
    assert rows("SELECT count(*) FROM schedule") == [(0,)]
    assert browser.post("/office/hrm", form).status_code == 303
    assert browser.post("/office/hrm/read").status_code == 303
    page = browser.get("/office/hrm").text
    assert personnel.url in page and KEY not in page
    assert browser.post("/office/hrm", {**form, "every_hours": "999"}).status_code == 422


def test_an_absence_is_removed_when_somebody_is_back(cast: Cast, context: None, superuser: Any) -> None:
    confirm(cast, shown(cast, csv(f"timur;{today()};;;;sick")).text)
    absence = rows("SELECT id FROM absence")[0][0]
    assert cast.kamola.browser.post(f"/office/hrm/absences/{absence}/remove").status_code == 303
    assert rows("SELECT count(*) FROM absence") == [(0,)]
    assert cast.kamola.browser.post(f"/office/hrm/absences/{absence}/remove").status_code != 200
    assert "hrm.absence_removed" in [kind for kind, _login, _outcome in journalled(superuser)]


def test_the_plan_stands_beside_the_fact(cast: Cast, context: None, superuser: Any) -> None:
    day = clock.now() - timedelta(days=1)
    yesterday = today(day)
    assert cast.botir
    lines = [f"{who};{yesterday};09:00;18:00;;" for who in ("aziza", "timur", "botir")]
    confirm(cast, shown(cast, csv(*lines, f"timur;{yesterday};;;;sick")).text)
    superuser.execute("DELETE FROM status_span; DELETE FROM shift_correction; DELETE FROM shift")
    superuser.execute(
        "INSERT INTO shift (person_id, day, began_at, ended_at, ended_how)"
        " SELECT %s, d, (d + time '09:12') AT TIME ZONE 'Asia/Tashkent',"
        " (d + time '17:30') AT TIME ZONE 'Asia/Tashkent', 'finished' FROM CAST(%s AS date) d",
        [cast.aziza.id, yesterday],
    )
    page = cast.botir.browser.get(f"/watch/shifts?from={yesterday}&to={yesterday}").text
    lines = re.findall(r"<tr>.*?</tr>", page.partition('id="plans"')[2], re.DOTALL)
    told = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", line)) for line in lines[1:]]
    assert len(told) == 3
    aziza = next(line for line in told if "Каримова" in line)
    assert "12:00" in aziza and "30:00" in aziza
    assert sum("больничный" in line for line in told) == 1
    assert sum("неявка" in line for line in told) == 1
