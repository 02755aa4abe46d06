"""The whole story, told once: its rows are taken back, what was read of them stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portal.site.opendata import ocds
from procurement.domain.delivery.sums import Figures, figures_of
from tests.ocds.story import TODAY, compiled_of, history_of, whole_story


@dataclass(frozen=True)
class Told:
    # identifiers of those who order and who give
    buyer: str
    provider: str
    figures: Figures
    history: list[dict[str, Any]]
    compiled: dict[str, Any]
    # how many queries the package of this one process takes
    queries: int


@pytest.fixture(scope="session")
def told(django_db_setup, django_db_blocker) -> Told:
    with django_db_blocker.unblock(), transaction.atomic():
        contract = whole_story()
        number = contract.competition.number
        with CaptureQueriesContext(connection) as asked:
            ocds.releases(today=TODAY)
        read = Told(
            buyer=f"UA-EDR-{contract.commissioner.organisation.code}",
            provider=f"UA-EDR-{contract.contractor.code}",
            figures=figures_of(contract),
            history=history_of(number),
            compiled=compiled_of(number),
            queries=len(asked),
        )
        transaction.set_rollback(True)
    return read
