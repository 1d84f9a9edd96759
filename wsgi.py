"""The web process. gevent must be first: it replaces the sockets that everything else imports."""

from gevent import monkey

monkey.patch_all()

from app.factory import start  # noqa: E402

app = start(serve=True)
