"""Services free whatever the income: what surely applies, and what may apply because something was not answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from registry.domain.entitlement.answers import Answers
from registry.domain.entitlement.missing import Missing
from registry.enums import FreeKind
from registry.models import FreeOfCharge, ServiceType


@dataclass(slots=True)
class FreeGrounds:
    """Rows that apply, questions whose answer might make one apply, and rows that nobody could read."""

    sure: list[FreeOfCharge] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    unread: list[FreeOfCharge] = field(default_factory=list)


def free_grounds(service: ServiceType, answers: Answers, rows: Iterable[FreeOfCharge]) -> FreeGrounds:
    """Divide the rows by what the answers say of them; a row that surely does not apply is left out."""
    found = FreeGrounds()
    for row in rows:
        if row.is_unread:
            found.unread.append(row)
            continue
        applies, question = _applies(row, service, answers)
        if applies:
            found.sure.append(row)
        elif applies is None and question not in found.missing:
            found.missing.append(question)
    return found


def _applies(row: FreeOfCharge, service: ServiceType, answers: Answers) -> tuple[bool | None, Missing]:
    if row.kind == FreeKind.SERVICE:
        return row.service_type_id == service.pk, Missing.CATEGORY
    if row.kind == FreeKind.URGENT:
        return answers.urgent, Missing.URGENT
    return _belongs(row, answers)


def _belongs(row: FreeOfCharge, answers: Answers) -> tuple[bool | None, Missing]:
    """Tell whether the person belongs to the category: `None` where that was not answered.

    Whoever names a category names its age with it, so an age that was not told does not stand against that.
    """
    if row.age_below is not None and answers.age is not None and answers.age >= row.age_below:
        return False, Missing.CATEGORY
    told: list[tuple[bool | None, Missing]] = []
    if row.group is not None:
        named = row.group.slug in answers.groups
        told.append((True if named else False if answers.groups_told else None, Missing.CATEGORY))
    if row.disability:
        told.append((answers.disability == row.disability if answers.disability else None, Missing.DISABILITY))
    for wanted in (True, None):
        for applies, question in told:
            if applies is wanted:
                return applies, question
    return False, Missing.CATEGORY
