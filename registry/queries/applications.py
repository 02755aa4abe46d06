"""Questions of the desk about applications: what waits for whom, and what else there is of the same provider."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from portal.accounts.enums import Role
from portal.accounts.models import Claim
from registry.enums import ApplicationState
from registry.models import Application, CorrectionRequest, OutcomeProposal, RegisterEntry

if TYPE_CHECKING:
    from portal.accounts.models import User


def with_queue_facts(applications: QuerySet[Application]) -> QuerySet[Application]:
    """Tell beside each which earlier one of its provider is not decided yet, and whether it came back corrected."""
    corrections = CorrectionRequest.objects.filter(application=OuterRef("pk"), answered_at__isnull=False)
    return applications.annotate(
        waits_for=Subquery(_earlier().values("number")[:1]),
        corrected=Exists(corrections),
    )


def waiting(user: User, today: date) -> dict[str, Q]:
    """Return the conditions under which an application waits for this official, by what is to be done with it."""
    mine = Q(state=ApplicationState.EXAMINATION, examiner=user)
    corrected = Exists(CorrectionRequest.objects.filter(application=OuterRef("pk"), answered_at__isnull=False))
    own = Exists(OutcomeProposal.objects.filter(application=OuterRef("pk"), by=user, sent_back_at__isnull=True))
    found: dict[str, Q] = {}
    if user.roles & {Role.ADMINISTRATOR, Role.REGISTRAR}:
        found["take"] = Q(state=ApplicationState.SUBMITTED)
        found["check"] = mine & ~Q(corrected)
        found["corrected"] = mine & Q(corrected)
    if user.roles & {Role.ADMINISTRATOR, Role.APPROVER}:
        found["decide"] = Q(state=ApplicationState.PROPOSED) & ~Q(examiner=user) & ~Q(own)
    found["overdue"] = Q(state__in=ApplicationState.pending, decision_due_on__lt=today)
    return found


def waiting_counts(user: User, today: date) -> dict[str, int]:
    """Count what waits for this official, by what is to be done with it, in one query."""
    counted = {name: Count("pk", filter=condition) for name, condition in waiting(user, today).items()}
    return Application.objects.visible_to(user).aggregate(**counted)


def longest_waiting(user: User, today: date, limit: int = 6) -> list[Application]:
    """Return the applications that wait for this official, the oldest first; one that waits for another is left out."""
    anything = Q(pk__in=[])
    for condition in waiting(user, today).values():
        anything |= condition
    found = with_queue_facts(Application.objects.visible_to(user).filter(anything, ~Exists(_earlier())))
    return list(found.select_related("organisation", "examiner").order_by("submitted_at", "number")[:limit])


def _earlier() -> QuerySet[Application]:
    """Return, inside a query of applications, the earlier ones of the same provider that are not decided yet."""
    same = Q(submitted_at=OuterRef("submitted_at"), number__lt=OuterRef("number"))
    before = Q(submitted_at__lt=OuterRef("submitted_at")) | same
    pending = Application.objects.pending().filter(before, organisation=OuterRef("organisation"))
    return pending.order_by("submitted_at", "number")


def others_of(application: Application, user: User) -> QuerySet[Application]:
    """Return the other applications of the same provider that this official may read, the newest first."""
    found = Application.objects.visible_to(user).filter(organisation=application.organisation_id)
    return found.exclude(pk=application.pk).select_related("decision").order_by("-submitted_at")


def claims_for(user: User) -> QuerySet[Claim]:
    """Return the claims that this official answers for.

    An organisation with a card belongs to the territory of the card, one that has applied to the territory of the
    application, and one of which nothing is known to every registrar.
    """
    claims = Claim.objects.all()
    if user.roles & {Role.ADMINISTRATOR, Role.AUDITOR}:
        return claims
    if Role.REGISTRAR not in user.roles:
        return claims.none()
    carded = RegisterEntry.objects.filter(organisation=OuterRef("organisation"))
    applied = Application.objects.filter(organisation=OuterRef("organisation"), submitted_at__isnull=False)
    own_card = RegisterEntry.objects.visible_to(user).filter(organisation=OuterRef("organisation"))
    own_application = Application.objects.visible_to(user).filter(organisation=OuterRef("organisation"))
    without_card = ~Exists(carded) & (Exists(own_application) | ~Exists(applied))
    return claims.filter(Exists(own_card) | without_card)


def find_applications(applications: QuerySet[Application], text: str) -> QuerySet[Application]:
    """Narrow the applications to those whose number, provider's name or ЄДРПОУ has every word of the text."""
    for word in text.split()[:8]:
        # SQLite compares Cyrillic letters without case in its REGEXP only, which is Python's
        condition = Q(number__icontains=word) | Q(organisation__code__startswith=word)
        applications = applications.filter(condition | Q(organisation__name__iregex=re.escape(word)))
    return applications
