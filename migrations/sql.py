"""Run SQL as it is written, several statements at once."""

from alembic import context, op


def run(script: str) -> None:
    """`{app}` stands for the application's role. Past SQLAlchemy, which would read % in the script as parameters."""
    role = '"' + context.get_context().opts["app_role"].replace('"', '""') + '"'
    connection = op.get_bind().connection.driver_connection
    assert connection is not None  # noqa: S101 - migrations never run without one
    connection.execute(script.replace("{app}", role))
