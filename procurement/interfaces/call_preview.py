"""An announcement as everybody will see it, before it is made: of a draft, and of one that is about to change."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procurement.domain.calls.announcement import content_of, snapshot_of
from procurement.domain.calls.freezing import plan_of, rules_of
from procurement.domain.calls.gaps import plan_for
from procurement.domain.calls.timeline import TimelineLine, lines_of
from procurement.interfaces.notice_changes import NoticeChange, changes_between
from procurement.interfaces.notices import Notice, read_notice
from procurement.models import Competition


@dataclass(frozen=True, slots=True)
class Preview:
    """The announcement and the course of its dates."""

    notice: Notice
    lines: list[TimelineLine]


def preview_of(competition: Competition, now: datetime) -> Preview:
    """Return a draft as it would read if it were announced in time; nothing is written."""
    imagined, rules = copy(competition), rules_of(competition)
    for point, value in plan_for(competition, now).items():
        setattr(imagined, point, value)
    lots = competition.lots.select_related(
        "specification__service_type", "specification__group", "specification__delivery_form", "competition"
    )
    content = content_of(imagined, rules, {}, [snapshot_of(lot) for lot in lots])
    frozen = {"policy": dict(rules.policy)}
    return Preview(read_notice(content, frozen), lines_of(plan_of(imagined), rules))


def changes_of(competition: Competition, values: Mapping[str, Any]) -> list[NoticeChange]:
    """Return what an announced competition would say otherwise with these values: each field, old and new."""
    imagined, rules = copy(competition), rules_of(competition)
    for name, value in values.items():
        setattr(imagined, name, value.strip() if isinstance(value, str) else value)
    last = competition.versions.get(number=competition.version)
    lots = [lot.snapshot for lot in competition.lots.all()]
    return changes_between(last.content, content_of(imagined, rules, last.frozen, lots))
