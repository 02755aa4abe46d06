"""Which public objects may have changed: by the revisions of the register, and by the entries of the decision log.

Both follow commits: every writer of the register holds the one row of `RegisterRevision`, every lawful step the one row
of `LogHead`, until its transaction ends. So whoever has read a number has missed nothing below it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q

from portal.kernel.models import LogEntry, LogHead
from portal.site.opendata.objects import competitions, contracts, providers, services
from procurement.models import Competition, Contract, ContractFunding, Proposal, QualityEvaluation
from registry.models import RegisterEntry, RegisterRevision

ENTRIES: Final = 200
LOG_ENTRIES: Final = 1_000
_SUBJECT: Final = "procurement."


@dataclass(frozen=True, slots=True)
class Heads:
    """Where the register and the log stand; below `rebuild_from` entries were deleted without a trace of their own."""

    revision: int
    rebuild_from: int
    log_seq: int


@dataclass(slots=True)
class Touched:
    """Keys by kind, and up to which revision and entry of the log they are all."""

    revision: int
    log_seq: int
    keys: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def read_heads() -> Heads:
    revision, rebuild_from = RegisterRevision.objects.filter(pk=1).values_list("value", "rebuild_from").first() or (
        0,
        0,
    )
    log_seq = LogHead.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
    return Heads(revision, rebuild_from, log_seq)


def touched_since(revision: int, log_seq: int, heads: Heads) -> Touched:
    """Return a batch of what was touched after these numbers and not after the heads, the earliest first."""
    reached, numbers, organisations = _entries(revision, heads.revision)
    touched = Touched(reached, min(log_seq + LOG_ENTRIES, heads.log_seq))
    touched.keys[providers.KIND] |= numbers
    touched.keys[services.KIND] |= set(services.keys_of(numbers)) if numbers else set()
    _add_named(touched, organisations)
    _add_logged(touched, log_seq)
    return touched


# --- the register ----------------------------------------------------------------------------------------------------


def _entries(since: int, until: int) -> tuple[int, set[str], set[int]]:
    """Return up to which revision, the numbers of the entries, and their organisations; no revision is divided."""
    changed = RegisterEntry.objects.filter(revision__gt=since, revision__lte=until).order_by("revision", "pk")
    columns = ("pk", "revision", "number", "organisation")
    first = list(changed.values_list(*columns)[:ENTRIES])
    if len(first) < ENTRIES:
        reached = until
    else:
        last, reached = first[-1][0], first[-1][1]
        first += changed.filter(revision=reached, pk__gt=last).values_list(*columns)
    return reached, {row[2] for row in first}, {row[3] for row in first}


def _add_named(touched: Touched, organisations: set[int]) -> None:
    """Add the contracts and competitions that name these organisations: a name may have changed."""
    if not organisations:
        return
    parties = Q(contractor__in=organisations) | Q(commissioner__organisation__in=organisations)
    touched.keys[contracts.KIND] |= _numbers(Contract.objects.filter(parties))
    applied = Proposal.objects.filter(organisation__in=organisations).values("competition")
    called = Q(commissioner__organisation__in=organisations) | Q(pk__in=applied)
    touched.keys[competitions.KIND] |= _numbers(Competition.objects.filter(called))


# --- the decision log ------------------------------------------------------------------------------------------------


def _add_logged(touched: Touched, since: int) -> None:
    rows = LogEntry.objects.filter(seq__gt=since, seq__lte=touched.log_seq, subject__startswith=_SUBJECT)
    subjects: dict[str, set[str]] = defaultdict(set)
    for subject, payload in rows.values_list("subject", "payload"):
        thing, _colon, key = subject.removeprefix(_SUBJECT).partition(":")
        subjects[thing].add(key)
        if thing == "quality":
            subjects["contract"] |= _contract_in(payload)
    touched.keys[competitions.KIND] |= subjects["competition"]
    touched.keys[contracts.KIND] |= subjects["contract"]
    _add_of_contracts(touched, subjects)
    _add_of_commissioners(touched, _ids(subjects["commissioner"]))


def _add_of_contracts(touched: Touched, subjects: dict[str, set[str]]) -> None:
    """Add what shows it too: an award follows its contract, a contract has budget lines and evaluations."""
    if lines := _ids(subjects["budget_line"]):
        funded = ContractFunding.objects.filter(line__in=lines).values("contract")
        touched.keys[contracts.KIND] |= _numbers(Contract.objects.filter(pk__in=funded))
    if evaluations := _ids(subjects["quality"]):
        about = QualityEvaluation.objects.filter(Q(pk__in=evaluations) | Q(superseded_by__in=evaluations))
        touched.keys[contracts.KIND] |= _numbers(Contract.objects.filter(pk__in=about.values("contract")))
    if subjects["contract"]:
        carried_out = Contract.objects.filter(number__in=subjects["contract"], competition__isnull=False)
        touched.keys[competitions.KIND] |= _numbers(
            Competition.objects.filter(pk__in=carried_out.values("competition"))
        )


def _add_of_commissioners(touched: Touched, commissioners: list[int]) -> None:
    if commissioners:
        touched.keys[contracts.KIND] |= _numbers(Contract.objects.filter(commissioner__in=commissioners))
        touched.keys[competitions.KIND] |= _numbers(Competition.objects.filter(commissioner__in=commissioners))


def _contract_in(payload: Any) -> set[str]:
    number = json.loads(payload).get("contract")
    return {str(number)} if number else set()


def _ids(keys: Iterable[str]) -> list[int]:
    return [int(key) for key in keys if key.isdecimal()]


def _numbers(rows: Any) -> set[str]:
    return set(rows.filter(number__isnull=False).values_list("number", flat=True))
