"""The form of an account: for a new one, and for one that stands."""

from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.base.forms import Form
from app.base.locale import LOCALES
from app.models.account import MOST_CHATS, Account
from app.models.group import GROUPS
from app.models.names import pick
from app.models.person import Person
from app.models.skill import SKILLS
from app.queries import lists, roles
from app.queries import people as known

_TONGUES = [SelectChoice(code, name) for code, name in LOCALES.items()]


def _ticks(label: Any, about: Any = "", **how: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label, description=about, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), **how
    )


class PersonForm(Form):
    login = StringField(
        _l("Login"),
        [Length(max=40)],
        description=_l("Small Latin letters, like k.rahimova. It is given once and never to anybody else."),
    )
    name = StringField(_l("First name and family name"), [InputRequired(_l("Write the name")), Length(max=100)])
    public_name = StringField(
        _l("Name for clients"), [Optional(), Length(max=60)], description=_l("Empty: the first word of the name.")
    )
    locale = RadioField(_l("Language of the interface"), choices=_TONGUES, default="ru")
    roles = _ticks(_l("Roles"), _l("Rights take effect at once, also on open pages."), coerce=int)
    groups = _ticks(_l("Groups"), _l("Whose chats the person sees and is given."), coerce=int)
    languages = _ticks(_l("Languages spoken with clients"), choices=_TONGUES)
    skills = _ticks(_l("Skills"), _l("Chats that need one are given to nobody without it."), coerce=int)
    capacity = IntegerField(
        _l("Chats at once"),
        [Optional(), NumberRange(1, MOST_CHATS, _l("A whole number from 1 to 50"))],
        description=_l("Empty: as the settings say."),
    )
    phone = StringField(_l("Phone"), [Length(max=40)])
    email = StringField(_l("E-mail"), [Length(max=120)])
    technical = BooleanField(
        _l("Technical account"), description=_l("A program's account: listed apart, with what it is for.")
    )
    purpose = StringField(_l("What the technical account is for, and who answers for it"), [Length(max=200)])

    def offer(self) -> None:
        """Roles, groups and skills as they are now."""
        locale = str(get_locale())
        self.roles.choices = [SelectChoice(role.id, pick(role.names, locale)) for role in roles.everyone()]
        self.groups.choices = [SelectChoice(group.id, pick(group.names, locale)) for group in lists.rows(GROUPS)]
        self.skills.choices = [SelectChoice(skill.id, pick(skill.names, locale)) for skill in lists.rows(SKILLS)]

    def account(self, person: Person | None, *, phone: bool, email: bool, own: bool) -> Account:
        """What was asked for. A field one may not see whole keeps its value when left empty; own rights stay."""
        return Account(
            name=" ".join((self.name.data or "").split()),
            public_name=(self.public_name.data or "").strip(),
            locale=self.locale.data,
            roles=frozenset(role.id for role in person.roles) if own and person else frozenset(self.roles.data or ()),
            groups=_groups(person) if own and person else frozenset(self.groups.data or ()),
            languages=frozenset(self.languages.data or ()),
            capacity=self.capacity.data,
            phone=_given(self.phone.data, seen=phone),
            email=_given(self.email.data, seen=email),
            technical=person.technical if own and person else bool(self.technical.data),
            purpose=(self.purpose.data or "").strip(),
            skills=frozenset(self.skills.data or ()),
        )


def of_person(person: Person, *, phone: bool, email: bool) -> PersonForm:
    """The form as the account stands."""
    return PersonForm(
        data={
            "login": person.login,
            "name": person.name,
            "public_name": person.public_name,
            "locale": person.locale,
            "roles": [role.id for role in person.roles],
            "groups": list(_groups(person)),
            "languages": list(known.languages_of(person.id)),
            "skills": [skill.id for skill in known.skills_of(person.id)],
            "capacity": person.capacity,
            "phone": person.phone if phone else "",
            "email": person.email if email else "",
            "technical": person.technical,
            "purpose": person.purpose,
        }
    )


def _groups(person: Person) -> frozenset[int]:
    return frozenset(known.whose(person).groups)


def _given(text: str | None, *, seen: bool) -> str | None:
    return (text or "").strip() if seen or text else None
