"""What is left to be paid of an accepted act, less what accepted corrections have taken off it."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum

from procurement.contract_enums import ActState
from procurement.models import AcceptanceAct

NOTHING: Final = Decimal(0)
_KOPIIKA: Final = Decimal("0.01")
_LOWERED: Final = "lowered"


def with_corrections(rows: QuerySet[AcceptanceAct]) -> QuerySet[AcceptanceAct]:
    """Read acts with what accepted corrections take off each, for `left_of`."""
    lowering = AcceptanceAct.objects.filter(corrects=OuterRef("pk"), state=ActState.ACCEPTED, accepted__lt=F("paid"))
    told = lowering.order_by().values("corrects").annotate(taken=Sum(F("accepted") - F("paid"))).values("taken")
    return rows.annotate(**{_LOWERED: Subquery(told, output_field=DecimalField(max_digits=14, decimal_places=2))})


def left_of(act: AcceptanceAct) -> Decimal:
    """Return what is left to be paid; an act that adds to another one has its own sum and its own term."""
    # rounded: SQLite adds in floating point
    lowered = Decimal(getattr(act, _LOWERED) or NOTHING).quantize(_KOPIIKA)
    return max(balance(act) + lowered, NOTHING)


def balance(act: AcceptanceAct) -> Decimal:
    """Return what an act leaves to be paid, below zero where it takes more off than was returned under it."""
    return act.accepted - act.paid
