"""The keys are right, the layout is not."""

import pytest

from app.base.layouts import other_layouts


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("rfhnf", "карта"),
        ("Rfhnf", "карта"),
        ("лфкеф", "karta"),
        (",kjrbhjdrf", "блокировка"),
        ("rfhnf ,kjr", "карта блок"),
        ("sfhp", "қарз"),
        ("қшкш", "siri"),
        ("o'zbek", "щэяиул"),
    ],
)
def test_what_was_meant_is_among_the_readings(typed: str, meant: str) -> None:
    assert meant in other_layouts(typed)


def test_what_has_no_other_reading_has_none() -> None:
    assert other_layouts("2026") == []
    assert other_layouts("") == []
