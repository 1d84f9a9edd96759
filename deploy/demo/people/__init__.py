"""The simulated clients: invented people with everyday matters, each in their own language and way of writing."""

from deploy.demo.people.english import ENGLISH
from deploy.demo.people.russian import RUSSIAN
from deploy.demo.people.russian_in_latin import RUSSIAN_IN_LATIN
from deploy.demo.people.uzbek_cyrillic import UZBEK_CYRILLIC
from deploy.demo.people.uzbek_latin import UZBEK_LATIN

PEOPLE = RUSSIAN + RUSSIAN_IN_LATIN + UZBEK_LATIN + UZBEK_CYRILLIC + ENGLISH
