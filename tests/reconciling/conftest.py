"""The bank of the road's tests, and the count of its day."""

import pytest

from app.actions import reconciling
from app.base import clock
from app.models.reconciliation import Day
from tests.road.conftest import Bank, bank, telegram, telegram_server

__all__ = ["bank", "telegram", "telegram_server"]  # the fixtures


class Counts:
    def __call__(self) -> Day:
        """Today, counted and kept."""
        [found] = reconciling.reconcile(clock.business_day(clock.now()), clock.now())
        return found

    def differences(self) -> dict[str, int]:
        return {what: found["count"] for what, found in self().differences.items()}


@pytest.fixture
def counts(bank: Bank) -> Counts:
    return Counts()
