"""Which rooms somebody listens to, over processes; and whether it is somebody else."""

import pytest

from app.base import ears


@pytest.mark.usefixtures("app")
def test_a_room_with_its_only_listener_is_empty_for_himself() -> None:
    ears.tell({"widget:1:ru": "sock-1", "widget:2:ru": ""}, ears.SITE)
    rooms = ["widget:1:ru", "widget:2:ru", "widget:3:ru"]
    assert ears.heard(rooms, ears.SITE) == {"widget:1:ru", "widget:2:ru"}
    assert ears.heard(rooms, ears.SITE, but="sock-1") == {"widget:2:ru"}
    assert ears.heard(rooms, ears.SITE, but="sock-2") == {"widget:1:ru", "widget:2:ru"}


@pytest.mark.usefixtures("app")
def test_the_same_person_in_another_process_still_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    ears.tell({"widget:1:ru": "sock-1"}, ears.SITE)
    monkeypatch.setattr(ears, "_ME", "another")
    ears.tell({"widget:1:ru": "sock-9"}, ears.SITE)
    assert ears.heard(["widget:1:ru"], ears.SITE, but="sock-1") == {"widget:1:ru"}
    ears.tell({}, ears.SITE)
    assert ears.heard(["widget:1:ru"], ears.SITE, but="sock-1") == set()


@pytest.mark.usefixtures("app")
def test_the_halls_know_nothing_of_each_other_and_nobody_is_not_known() -> None:
    ears.tell({}, ears.SITE)
    ears.tell(["chat:1:ru"])
    assert ears.heard(["chat:1:ru"]) == {"chat:1:ru"}
    assert ears.heard(["chat:1:ru"], ears.SITE) is None
    ears.tell([])
