"""Which concluded contracts a filter finds, what they come to in all, and the choices that narrow the list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast

from portal.accounts.enums import PersonType
from portal.accounts.models import Organisation
from procurement.contract_enums import FindingOutcome, FindingState, VisitState
from procurement.models import Contract, Finding
from procurement.queries.competitions import with_all_words
from procurement.queries.contracts.public import public_contracts
from registry.models import Territory
from registry.queries.words import words

_NAMES = ("number", "own_number", "title", "commissioner__organisation__name", "hromada__name")


def giving(rows: QuerySet[Contract], service: str) -> QuerySet[Contract]:
    """Keep the contracts that have this service, by its slug, among theirs."""
    # both databases write the list as JSON text, where a slug stands between quotes
    return rows.annotate(services_text=Cast("services", TextField())).filter(services_text__contains=f'"{service}"')


def with_words(rows: QuerySet[Contract], text: str) -> QuerySet[Contract]:
    """Keep the contracts whose names have every word; by a natural person's name nobody is found.

    The lower case of Cyrillic letters is unknown to SQLite, so the comparison is made here, over what `rows` leave.
    """
    if not words(text):
        return rows
    told: dict[int, list[str]] = {}
    columns = ("pk", "contractor__person_type", "contractor__name", "contractor__short_name", *_NAMES)
    for key, kind, name, short, *names in rows.order_by().values_list(*columns):
        own = () if kind == PersonType.NATURAL_PERSON else (name, short)
        told[key] = [str(one) for one in (*own, *names) if one]
    return rows.filter(pk__in=with_all_words(told, text))


def totals_of(rows: QuerySet[Contract]) -> dict[str, Any]:
    """Return how many contracts there are and what was agreed, accepted and paid by them in all, in one query."""
    totals = rows.order_by().aggregate(
        contracts=Count("pk"),
        sum=Sum("sum"),
        accepted=Sum("accepted"),
        paid=Sum("paid"),
        providers=Count("contractor", distinct=True),
    )
    counted = ("contracts", "providers")
    return {name: value if name in counted else value or Decimal(0) for name, value in totals.items()}


def years_of_contracts() -> list[int]:
    """Return the years in which contracts were concluded, the latest first."""
    return [day.year for day in public_contracts().dates("concluded_on", "year", order="DESC")]


def oblasts_of_contracts() -> set[int]:
    """Return the keys of the oblasts that have a contract."""
    return {key for key in public_contracts().order_by().values_list("hromada__oblast", flat=True).distinct() if key}


def hromadas_of_contracts(oblast: Territory) -> QuerySet[Territory]:
    """Return the hromadas of an oblast that have a contract."""
    keys = public_contracts().filter(hromada__oblast=oblast).order_by().values("hromada")
    return Territory.objects.filter(pk__in=keys).order_by("name")


def provider_by(key: str) -> Organisation | None:
    """Return who is meant by a number of the register or an EDRPOU; a natural person by the number alone."""
    if not key.isprintable():
        return None
    found = Organisation.objects.filter(Q(code=key) | Q(entries__number=key, entries__is_open=True))
    return found.order_by("pk").first()


def findings_counted(contracts: QuerySet[Contract]) -> dict[str, int]:
    """Return of the findings of concluded visits how many there are, are eliminated and still wait, in one query."""
    rows = Finding.objects.filter(contract__in=contracts, visit__state=VisitState.CONCLUDED)
    return rows.aggregate(
        found=Count("pk"),
        eliminated=Count("pk", filter=Q(outcome=FindingOutcome.ELIMINATED, state=FindingState.CLOSED)),
        unsolved=Count("pk", filter=Q(state__in=FindingState.unsolved)),
    )
