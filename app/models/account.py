"""What an account is to be: as a form or a row of an import says it. And what a login may look like (clause 12.6)."""

import re
from dataclasses import dataclass

from app.base.locale import DEFAULT

LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,39}")
# A login says nothing of privilege, in any of our languages.
PRIVILEGED = re.compile(r"adm|root|super|boss|rahbar|boshliq|nachaln|direktor|system|test|guest|user")
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}")
MOST_CHATS = 50


@dataclass(frozen=True)
class Account:
    """`phone`, `email`: None leaves what is there, "" takes it away. `roles`, `groups`, `skills` are ids.

    `skills` None: as they are.
    """

    name: str
    public_name: str = ""
    locale: str = DEFAULT
    roles: frozenset[int] = frozenset()
    groups: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset()
    capacity: int | None = None
    phone: str | None = None
    email: str | None = None
    technical: bool = False
    purpose: str = ""
    skills: frozenset[int] | None = None
