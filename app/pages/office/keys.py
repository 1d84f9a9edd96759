"""How the keys stand: which one seals, and how far a rotation has come. Keys are changed on the server only."""

from flask import Response, make_response, render_template
from flask_babel import lazy_gettext as _l

from app.base import crypt
from app.models.memory import SEE_KEYS
from app.pages import menu
from app.pages.guard import needs
from app.pages.office import office
from app.queries import sealing

menu.entry(_l("Keys"), "office.keys", SEE_KEYS, 72, wing="office")


@office.get("/keys")
@needs(SEE_KEYS)
def keys() -> Response:
    crypt.look_again()
    ring = crypt.ring()
    places = [one for one in sealing.progress() if one.key_id == ring.current]
    page = render_template(
        "office/keys.html",
        current=ring.current,
        held=sorted(ring.keys),
        made=ring.made,
        places=places,
        done=sum(one.done for one in places),
        total=max(sum(one.total for one in places), sum(one.done for one in places)),
        broken=sum(one.broken for one in places),
        ended=bool(places) and all(one.ended_at for one in places),
    )
    return make_response(page)
