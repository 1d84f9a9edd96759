"""Migrations run as the owner role; the application's own role may not change the structure."""

from alembic import context
from flask import current_app
from sqlalchemy import NullPool, create_engine, make_url

settings = current_app.config["SETTINGS"]


def run() -> None:
    engine = create_engine(settings.owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=current_app.extensions["migrate"].db.metadata,
            app_role=make_url(settings.database_url).username,
        )
        with context.begin_transaction():
            # Two deployments at once wait for each other; a busy table is not held up for long.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7002)")
            connection.exec_driver_sql("SET lock_timeout = '5s'")
            context.run_migrations()


run()
