"""What is said to whom about a contract: officials, the provider's people; letters go out after the commit."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from procurement.models import Contract


def note_contract(*, contract: Contract, about: models.Model, step: str, now: datetime) -> None:
    """Tell of a step with a contract, version, report, act, payment, visit, finding, notice, … in its transaction.

    Called by `domain.contracts.steps.record` for every step; steps that nobody has to hear of are told to nobody.
    """
