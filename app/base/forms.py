"""Forms: WTForms in the page's language. The CSRF token is checked by the guard for every unsafe request."""

from typing import Any, Self

from flask import request
from flask_babel import get_domain
from wtforms import Form as WTForm
from wtforms.meta import DefaultMeta


class _Translations:
    """The bare sentences: WTForms fills in their variables by itself."""

    def gettext(self, string: str) -> str:
        return str(get_domain().get_translations().ugettext(string))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return str(get_domain().get_translations().ungettext(singular, plural, n))


class Form(WTForm):
    class Meta(DefaultMeta):
        def get_translations(self, form: Any) -> Any:
            return _Translations()

    @classmethod
    def sent(cls, **kwargs: Any) -> Self:
        """The form as the request filled it in."""
        return cls(request.form, **kwargs)
