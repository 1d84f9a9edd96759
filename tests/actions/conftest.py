import pytest


@pytest.fixture(autouse=True)
def _in_the_application(context: None) -> None:
    """Verbs are called as pages and jobs call them: inside the application."""
