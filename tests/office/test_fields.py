"""Fields are shown whole only with the right for them, by scope (clauses 7.4, 15.5)."""

from uuid import UUID

import pytest

from app.base import clock
from app.models.field import FIELDS
from app.models.permission import Scope
from app.models.viewer import SYSTEM, Viewer
from app.queries.fields import Whose, shown

pytestmark = pytest.mark.clause("7.4", "15.5")

VALUES = {
    "phone": ("+998901234567", "+998 90 •••-••-67"),
    "email": ("lola@bank.uz", "l•••@bank.uz"),
    "document": ("AB1234567", "AB •••••67"),
    "account": ("20208000905123456001", "•••• 6001"),
    "address": ("10.20.30.40", "10.20.•.•"),
}
# A phone is written so that it can be read.
WHOLE = {kind: value for kind, (value, _masked) in VALUES.items()} | {"phone": "+998 90 123-45-67"}
MINE, COLLEAGUES, STRANGERS, NOBODYS = Whose(1, [7]), Whose(2, [7, 8]), Whose(3, [9]), Whose()
# Whose fields each scope shows whole.
SEEN = {
    None: [],
    Scope.OWN: [MINE],
    Scope.GROUPS: [MINE, COLLEAGUES],
    Scope.ALL: [MINE, COLLEAGUES, STRANGERS, NOBODYS],
}


def looking(kind: str, scope: Scope | None) -> Viewer:
    rights = {} if scope is None else {FIELDS[kind].permission.code: scope}
    return Viewer(
        person_id=1,
        login="aziza",
        name="Азиза",
        locale="ru",
        theme="auto",
        session_id=UUID(int=1),
        must_change_password=False,
        seen_at=clock.now(),
        rights=rights,
        groups=frozenset({7}),
    )


def test_every_field_has_its_own_right_and_a_sample_here() -> None:
    assert FIELDS.keys() == VALUES.keys()
    assert all(field.permission.scoped for field in FIELDS.values())


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.parametrize("scope", SEEN)
def test_a_field_is_whole_within_the_scope_and_masked_outside(kind: str, scope: Scope | None) -> None:
    viewer, (value, masked) = looking(kind, scope), VALUES[kind]
    for whose in (MINE, COLLEAGUES, STRANGERS, NOBODYS):
        assert shown(viewer, kind, value, whose) == (WHOLE[kind] if whose in SEEN[scope] else masked)


@pytest.mark.parametrize("kind", FIELDS)
def test_the_right_to_one_field_opens_no_other(kind: str) -> None:
    viewer = looking(kind, Scope.ALL)
    others = FIELDS.keys() - {kind}
    assert {shown(viewer, other, VALUES[other][0]) for other in others} == {VALUES[other][1] for other in others}


@pytest.mark.parametrize("kind", FIELDS)
def test_nothing_stays_nothing_and_the_system_sees_all(kind: str) -> None:
    assert shown(looking(kind, None), kind, None) == shown(looking(kind, None), kind, "") == ""
    assert shown(SYSTEM, kind, VALUES[kind][0]) == WHOLE[kind]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("phone", "12"), ("email", "lola"), ("document", "1234"), ("account", "4471"), ("address", "strange")],
)
def test_what_is_not_what_it_should_be_is_hidden_as_well(kind: str, value: str) -> None:
    assert value not in shown(looking(kind, None), kind, value)


def test_an_address_of_the_sixth_version_keeps_its_first_groups() -> None:
    assert shown(looking("address", None), "address", "2001:db8:1:2::5") == "2001:0db8:•"
