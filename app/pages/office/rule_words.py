"""A rule in words, for its row in the list."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from app.base.locale import listed
from app.models.condition import KINDS
from app.models.group import GROUPS
from app.models.names import pick
from app.models.person import Person
from app.models.rule import Decision, Outcome
from app.models.skill import SKILLS
from app.queries import lists, rule_choices

_FEW = 4


class Words:
    """What rules name, read once for a page."""

    def __init__(self) -> None:
        self._locale = str(get_locale())
        self._choices: dict[str, dict[str, str]] = {}
        self.groups = {row.id: pick(row.names, self._locale) for row in lists.rows(GROUPS)}
        self.skills = {row.id: pick(row.names, self._locale) for row in lists.rows(SKILLS)}
        self.people = {person.id: person.name for person in lists.people()}

    def condition(self, condition: Mapping[str, Any]) -> str:
        """Channel: Telegram, Site · Language is not: Русский"""
        kind = KINDS.get(condition.get("kind", ""))
        if kind is None:
            return _("a condition nobody knows any more: the rule holds for no chat")
        other, value = condition.get("other"), condition.get("value")
        if kind.shape == "nothing":
            return _("not: %(what)s", what=kind.label) if other else str(kind.label)
        told = self._value(kind.shape, value)
        if other:
            return _("%(what)s is not: %(values)s", what=kind.label, values=told)
        return _("%(what)s: %(values)s", what=kind.label, values=told)

    def where(self, decision: Decision | Outcome) -> str:
        """Group, person and what is asked for, in a few words."""
        group, person, skills = _parts(decision)
        told = [self.groups.get(group, "–") if group else _("everybody’s queue")]
        if person:
            told.append(_("first asked: %(name)s", name=self.people.get(person, "–")))
        if skills:
            names = listed([self.skills.get(one, "–") for one in skills], self._locale)
            told.append(_("skills: %(names)s", names=names))
        if decision.priority:
            told.append(_("%(points)s points", points=f"{decision.priority:+d}"))
        if decision.assistant:
            told.append(_("the assistant answers first, once one is connected"))
        return " · ".join(told)

    def _value(self, shape: str, value: Any) -> str:
        match shape:
            case "lines" | "numbers":
                return self._several(map(str, value or ()))
            case "minutes":
                return _("%(n)s min", n=value)
            case "pair":
                values = self._several((value or {}).get("values") or ())
                return f"{(value or {}).get('name', '')} = {values}" if values else (value or {}).get("name", "")
        known = self._known(shape)
        return self._several(known.get(str(one), _("out of use")).strip() for one in value or ())

    def _known(self, shape: str) -> dict[str, str]:
        if shape not in self._choices:
            self._choices[shape] = dict(rule_choices.choices(shape))
        return self._choices[shape]

    def _several(self, words: Iterable[str]) -> str:
        found = list(words)
        shown: Sequence[str] = found[:_FEW]
        if len(found) > _FEW:
            return _("%(words)s and %(n)s more", words=", ".join(shown), n=len(found) - _FEW)
        return ", ".join(shown)


def people_of(people: Iterable[Person]) -> list[Person]:
    """Who may be named by a rule."""
    return [person for person in people if person.blocked_at is None and not person.technical]


def _parts(one: Decision | Outcome) -> tuple[int | None, int | None, Sequence[int]]:
    if isinstance(one, Decision):
        return one.group_id, one.person_id, one.skill_ids
    return one.group, one.person, one.skills
