"""Decisions of the register: which of them everybody may read, and which stands for which."""

from __future__ import annotations

from django.db.models import QuerySet

from registry.models import Application, RegisterDecision, RegisterEntry


def public_decisions() -> QuerySet[RegisterDecision]:
    """Keep the decisions about open entries: one about nobody in the register, or about a natural person, is closed."""
    return RegisterDecision.objects.filter(entry__is_open=True)


def is_public(decision: RegisterDecision) -> bool:
    return decision.entry is not None and decision.entry.is_open


def decisions_of(entry: RegisterEntry) -> list[RegisterDecision]:
    """Return the decisions about an open entry, the newest first, each with the one that stands in its place."""
    found = public_decisions().filter(entry=entry).select_related("superseded_by")
    return list(found.order_by("-decided_at", "-pk"))


def chain_of(application: Application) -> list[RegisterDecision]:
    """Return the decision on an application and those put in its place since, the first one first."""
    found: list[RegisterDecision] = []
    row = RegisterDecision.objects.filter(application=application).first()
    while row is not None:
        found.append(row)
        row = RegisterDecision.objects.filter(supersedes=row).first()
    return found


def application_of(decision: RegisterDecision) -> Application | None:
    """Return the application that a decision, or the first of those it was put in the place of, was made on."""
    first = decision
    while first.application is None and first.supersedes is not None:
        first = first.supersedes
    return first.application
