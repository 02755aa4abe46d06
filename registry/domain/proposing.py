"""What the specialist does at the end of an examination: proposes a decision with its grounds; or opens a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.kernel.calendar import day_of
from portal.kernel.models.reference import in_force_on
from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain.amending import amended_content
from registry.domain.application_steps import examiner_of, lock_application, move, tell
from registry.domain.bookkeeping import lock_entry, take_application_number
from registry.domain.contents import keys_of
from registry.domain.desk import OutsideTerritoryError, actor_for
from registry.domain.draft_readers import FieldFault, lines
from registry.domain.drafts import criteria_of
from registry.enums import ApplicationKind, ApplicationState, CheckResult, Outcome, Standing
from registry.models import Application, Ground, OutcomeProposal
from registry.queries.terms import profile_in_force
from registry.workflow import APPLICATION, ENTRY, OUTCOMES

if TYPE_CHECKING:
    from portal.accounts.models import User


@transaction.atomic
def propose_outcome(
    *,
    application_id: UUID,
    user: User,
    outcome: str,
    ground_ids: Sequence[int],
    reason: str,
    services: Sequence[str] = (),
    suspend_until: date | None = None,
    now: datetime,
) -> OutcomeProposal:
    """Propose a decision; every criterion is judged before an inclusion, every other outcome has a ground.

    The reasons are published with the decision. Raises `ChangedInRegisterError` for an amendment that clashes with what
    the register has changed meanwhile.
    """
    application = lock_application(application_id)
    actor = examiner_of(application, user, now)
    APPLICATION.step("propose", state=application.state)
    if outcome not in OUTCOMES[application.kind]:
        raise StepRefused(_("This cannot be decided on an application of this kind."))
    reason = public_text(reason)
    grounds = _grounds_of(outcome, ground_ids, reason, day_of(now))
    chosen = _services_of(application, outcome, services)
    _check_outcome(application, outcome, reason, suspend_until, day_of(now))
    payload = {"outcome": outcome, "grounds": [ground.slug for ground in grounds], "services": chosen}
    move(application, "propose", actor=actor, now=now, payload=payload)
    proposal = OutcomeProposal.objects.create(
        application=application,
        outcome=outcome,
        reason=reason,
        services=chosen,
        suspend_until=suspend_until,
        by=user,
        at=now,
    )
    proposal.grounds.set(grounds)
    tell(application, "propose", now)
    return proposal


def public_text(text: str) -> str:
    """Return a text that will be published, without control characters; `StepRefused` when a РНОКПП stands in it."""
    try:
        return str(lines()(text))
    except FieldFault as fault:
        raise StepRefused(str(fault)) from fault


def _grounds_of(outcome: str, ground_ids: Sequence[int], reason: str, today: date) -> list[Ground]:
    wanted = set(ground_ids)
    in_force = Ground.objects.filter(in_force_on(today, "valid_from", "valid_to"), outcome=outcome)
    grounds = list(in_force.filter(pk__in=wanted))
    if len(grounds) != len(wanted):
        raise StepRefused(_("One of the grounds does not belong to this outcome or is not in force."))
    if outcome in Outcome.granting:
        return grounds
    if not grounds:
        raise StepRefused(_("Choose at least one ground."))
    if not reason:
        raise StepRefused(_("Write the reasons: the provider and the public will read them."))
    return grounds


def _services_of(application: Application, outcome: str, services: Sequence[str]) -> list[str]:
    """Return the keys of the services to include where not all are; check that what is included was judged."""
    everything = keys_of(application.content, "services")
    if outcome == Outcome.INCLUDE:
        _check_judged(application, everything)
        return []
    if outcome != Outcome.INCLUDE_SOME:
        return []
    chosen = [key for key in everything if key in set(services)]
    if not chosen or len(chosen) == len(everything) or len(chosen) != len(set(services)):
        raise StepRefused(_("Choose which of the services are included: some of them, not all and not none."))
    _check_judged(application, chosen)
    return chosen


def _check_judged(application: Application, services: Sequence[str]) -> None:
    """Refuse while a criterion of these services is not judged, or is not met."""
    results = dict(_results(application))
    for key, criteria in criteria_of(application).items():
        for criterion in criteria if key in services else ():
            result = results.get((criterion.pk, key))
            if result is None:
                raise StepRefused(_("Not every criterion is judged yet: “%(criterion)s”.") % {"criterion": criterion})
            if result == CheckResult.NOT_MET:
                raise StepRefused(_("A criterion is not met: “%(criterion)s”.") % {"criterion": criterion})


def _results(application: Application) -> Any:
    return (
        ((criterion, key), result)
        for criterion, key, result in application.checks.values_list("criterion_id", "service_key", "result")
    )


def _check_outcome(application: Application, outcome: str, reason: str, until: date | None, today: date) -> None:
    """Refuse what the entry does not allow now, so that nobody is asked to approve the impossible."""
    if until is not None and (outcome != Outcome.SUSPEND or until <= today):
        raise StepRefused(_("Only a suspension has a last day, and it lies in the future."))
    if outcome == Outcome.AMEND:
        _check_amendment_judged(application)
        amended_content(application)
    elif outcome in (Outcome.SUSPEND, Outcome.RESTORE, Outcome.EXCLUDE):
        if application.entry is None:
            raise StepRefused(_("The provider is not in the register."))
        ENTRY.step(outcome, state=Standing(application.entry.standing), comment=reason)


def _check_amendment_judged(application: Application) -> None:
    """Judge what an amendment adds as an inclusion would; of what is included already no criterion may be unmet."""
    keys = keys_of(application.content, "services")
    _check_judged(application, [key for key in keys if f"services/{key}/row" not in application.content])
    for (_criterion, key), result in _results(application):
        if key in keys and result == CheckResult.NOT_MET:
            raise StepRefused(_("A criterion of a service is not met, so the changes cannot be entered."))


@transaction.atomic
def start_initiative(*, entry_id: int, user: User, now: datetime) -> Application:
    """Open a case on an entry by the registrar's own initiative: suspension, restoration or exclusion.

    The case is under examination from its first moment; the provider is told.
    """
    entry = lock_entry(entry_id)
    if not rules.can_edit_entry(user, entry):
        raise OutsideTerritoryError if user.is_active and Role.REGISTRAR in user.roles else PermissionDenied
    if entry.standing == Standing.EXCLUDED:
        raise StepRefused(_("An excluded entry is not changed any more."))
    open_case = Application.objects.pending().filter(kind=ApplicationKind.INITIATIVE, entry=entry).first()
    if open_case is not None:
        raise StepRefused(_("There is a case about this entry already: %(number)s.") % {"number": open_case.number})
    case = Application.objects.create(
        kind=ApplicationKind.INITIATIVE,
        state=ApplicationState.DRAFT,
        organisation=entry.organisation,
        entry=entry,
        entry_version=entry.version,
        hromada_id=entry.hromada_id or entry.territory_id or entry.oblast_id,
        profile=profile_in_force(day_of(now), entry.hromada),
        created_by=user,
        created_at=now,
        saved_at=now,
    )
    actor = actor_for(user, Role.REGISTRAR)
    number = take_application_number(day_of(now))
    stamps: dict[str, Any] = {"number": number, "submitted_by": user, "submitted_at": now}
    move(case, "submit", actor=actor, now=now, payload={"entry": entry.number}, **stamps)
    move(case, "take", actor=actor, now=now, examiner=user)
    tell(case, "take", now)
    return case
