"""Writing the whole demonstration of orders, competitions and contracts, once, and taking it away again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection, transaction
from django.db.models import Q

from portal.kernel.calendar import day_of
from portal.kernel.models import OutboxMessage
from procurement import closing_guard
from procurement.domain.demo.bidders import find_bidders
from procurement.domain.demo.calls import write_call
from procurement.domain.demo.commissions import write_commission
from procurement.domain.demo.contracts import write_contract
from procurement.domain.demo.hromadas import write_hromada
from procurement.domain.demo.material import competitions, contracts, hromadas
from procurement.domain.risks.cards import review_risks
from procurement.models import Commissioner, Competition

if TYPE_CHECKING:
    from portal.accounts.models import User

_BIDDERS: Final = 8
# long before the first competition of the demonstration
_APPOINTED: Final = timedelta(days=200)
Progress = Callable[[int], object]


def has_demo() -> bool:
    return Competition.objects.filter(is_demo=True).exists()


def write_demo(*, user: User, now: datetime, progress: Progress | None = None) -> int:
    """Write hromadas and competitions as the official `user`; return the number of competitions, 0 where they are.

    It tells of the past, so the guard against late submissions stands aside. No letter of it is sent to anybody.
    """
    if has_demo():
        return 0
    with closing_guard.suspended(connection), transaction.atomic():
        last = OutboxMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        bidders = find_bidders(_BIDDERS, now=now)
        bodies = {}
        for number, row in enumerate(hromadas()):
            bodies[row["code"]] = write_hromada(row, number, user=user, now=now)
        _write_commissions(bodies, user=user, now=now)
        for told in competitions():
            write_call(told, bodies[told["hromada"]], user=user, bidders=bidders, now=now)
            if progress:
                progress(1)
        for told in contracts():
            write_contract(told, bodies, user=user, bidders=bidders, now=now)
        review_risks(now=now)
        letters = Q(kind="mail") | Q(kind__endswith="-letters") | Q(kind__endswith="-news")
        OutboxMessage.objects.filter(letters, pk__gt=last).delete()
    return len(competitions())


def _write_commissions(bodies: dict[str, Commissioner], *, user: User, now: datetime) -> None:
    """Give a commission to every hromada whose proposals are evaluated."""
    evaluated = {told["hromada"] for told in competitions() if told.get("evaluation")}
    at = now - _APPOINTED
    for number, code in enumerate(sorted(evaluated)):
        write_commission(bodies[code], number, user=user, on=day_of(at), now=at)
