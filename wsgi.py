"""The web process. gevent must be first: it replaces the sockets that everything else imports."""

import gc

from gevent import monkey

monkey.patch_all()
gc.disable()  # all that is loaded stays: looking through it time and again is a seventh of the start

from app.factory import start  # noqa: E402

app = start(serve=True, patience=30)
gc.freeze()
gc.enable()
