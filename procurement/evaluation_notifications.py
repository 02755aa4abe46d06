"""What is said to whom about an evaluation: members, bidders, officials; letters go out after the commit."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from procurement.models import Competition


def note_evaluation(*, competition: Competition | None, about: models.Model, step: str, now: datetime) -> None:
    """Tell of a step with a member, recusal, clarification, defence, sheet, minutes, decision, award or appeal, in the
    transaction of the step; which step of which model is told to whom stands in the table below.
    """
