"""How an application is examined and decided: taken up in order, criterion by criterion, by two people (decree 99)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from registry.domain.amending import ChangedField, ChangedInRegisterError, changes_of_application
from registry.domain.application_steps import examiner_of, lock_application, log, move, tell
from registry.domain.contents import keys_of
from registry.domain.deciding import correct_decision, decide, send_back
from registry.domain.draft_fields import pattern_of
from registry.domain.drafts import criteria_of
from registry.domain.proposing import propose_outcome, start_initiative
from registry.domain.providers import CLOCK
from registry.enums import ApplicationKind, ApplicationState, CheckResult
from registry.models import Application, CorrectionRequest, Criterion, CriterionCheck, RegisterPolicy

if TYPE_CHECKING:
    from portal.accounts.models import User

__all__ = [
    "ChangedField",
    "ChangedInRegisterError",
    "ask_correction",
    "changes_of_application",
    "check_criterion",
    "correct_decision",
    "decide",
    "lapse_correction",
    "propose_outcome",
    "queue_for",
    "send_back",
    "start_initiative",
    "take_application",
]

# how often a correction may be asked for where no policy says otherwise: the model's own answer
_ONCE = RegisterPolicy._meta.get_field("corrections").default  # noqa: SLF001 Django's public API


def queue_for(user: User) -> QuerySet[Application]:
    """Return the pending applications of the official's territory, oldest first, an earlier one of a provider first."""
    rows = Application.objects.visible_to(user).pending()
    return rows.select_related("organisation", "entry", "hromada", "examiner")


@transaction.atomic
def take_application(*, application_id: UUID, user: User, now: datetime) -> Application:
    """Begin to examine; `StepRefused` while an earlier application of the same provider is not decided."""
    application = lock_application(application_id)
    actor = examiner_of(application, user, now)
    earlier = _earlier_pending(application)
    if earlier is not None:
        raise StepRefused(
            _("An earlier application of this provider, %(number)s, is not decided yet.") % {"number": earlier.number}
        )
    move(application, "take", actor=actor, now=now, examiner=user)
    tell(application, "take", now)
    return application


def _earlier_pending(application: Application) -> Application | None:
    before = Q(submitted_at__lt=application.submitted_at) | Q(
        submitted_at=application.submitted_at, number__lt=application.number
    )
    others = Application.objects.pending().filter(organisation=application.organisation_id)
    return others.filter(before).exclude(pk=application.pk).first()


@transaction.atomic
def check_criterion(
    *, application_id: UUID, user: User, criterion_id: int, service_key: str, result: str, note: str, now: datetime
) -> CriterionCheck:
    """Record a judgment; `not_met` and `not_applicable` need a note. Judging the same again changes nothing."""
    application = lock_application(application_id)
    actor = examiner_of(application, user, now)
    if application.state != ApplicationState.EXAMINATION:
        raise StepRefused(_("This step is not possible in the present state."))
    criterion = _applicable(application, criterion_id, service_key)
    note = note.strip()
    if result not in CheckResult.values:
        raise StepRefused(_("Choose one of the answers."))
    if result != CheckResult.MET and not note:
        raise StepRefused(_("Say in the note why the criterion is not met or does not apply."))
    known = application.checks.filter(criterion=criterion, service_key=service_key).first()
    if known and (known.result, known.note) == (result, note):
        return known
    check, _created = CriterionCheck.objects.update_or_create(
        application=application,
        criterion=criterion,
        service_key=service_key,
        defaults={"result": result, "note": note, "by": user, "at": now},
    )
    payload = {"criterion": criterion.slug, "service": service_key, "result": result}
    log(application, "check", actor=actor, now=now, clause="185", payload=payload)
    return check


def _applicable(application: Application, criterion_id: int, service_key: str) -> Criterion:
    """Return the criterion if it applies to the service of this application."""
    for criterion in criteria_of(application).get(service_key, ()):
        if criterion.pk == criterion_id:
            return criterion
    raise StepRefused(_("This criterion does not apply to this service."))


@transaction.atomic
def ask_correction(
    *, application_id: UUID, user: User, fields: Sequence[str], comment: str, now: datetime
) -> CorrectionRequest:
    """Ask to correct the named fields; as often as the policy allows (once), until the day it sets, if it sets one."""
    application = lock_application(application_id)
    actor = examiner_of(application, user, now)
    if application.kind == ApplicationKind.INITIATIVE:
        raise StepRefused(_("This case was opened by the registrar: there is nothing for the provider to correct."))
    policy = RegisterPolicy.objects.filter(profile=application.profile_id).first()
    if application.corrections.count() >= (policy.corrections if policy else _ONCE):
        raise StepRefused(_("A correction was asked for already, and the rules allow no further one."))
    asked = _fields_to_correct(application, fields)
    move(application, "ask_correction", actor=actor, now=now, comment=comment, payload={"fields": asked})
    request = CorrectionRequest.objects.create(
        application=application,
        fields=asked,
        comment=comment.strip(),
        asked_by=user,
        asked_at=now,
        due_on=_last_day(policy, now),
        before={path: application.content[path] for path in asked if path in application.content},
    )
    tell(application, "ask_correction", now)
    return request


def _fields_to_correct(application: Application, fields: Sequence[str]) -> list[str]:
    """Return the fields without repetition; each stands in the application or in a part that it has."""
    asked = list(dict.fromkeys(fields))
    if not asked:
        raise StepRefused(_("Name at least one field to correct."))
    parts = {part: set(keys_of(application.content, part)) for part in ("sites", "contacts", "services")}
    parts["criteria"] = parts["services"]
    for path in asked:
        part, *rest = path.split("/")
        known = pattern_of(path) is not None and (part not in parts or rest[0] in parts[part])
        if path not in application.content and not known:
            raise StepRefused(_("There is no such field in this application: %(field)s.") % {"field": path})
    return asked


def _last_day(policy: RegisterPolicy | None, now: datetime) -> date | None:
    """Return the last day to correct: calendar days, counted from the next one (Civil Code, art. 253)."""
    if policy is None or policy.correction_days is None:
        return None
    return day_of(now) + timedelta(days=policy.correction_days)


def lapse_correction(*, now: datetime) -> int:
    """Let the examination go on where the last day to correct has passed; return how many. Safe to run twice."""
    overdue = CorrectionRequest.objects.open().filter(due_on__lt=day_of(now)).order_by("pk")
    return sum(_lapse(application_id, now) for application_id in overdue.values_list("application_id", flat=True))


@transaction.atomic
def _lapse(application_id: UUID, now: datetime) -> bool:
    application = lock_application(application_id)
    request = application.corrections.open().first()
    overdue = request is not None and request.due_on is not None and request.due_on < day_of(now)
    if request is None or not overdue or application.state != ApplicationState.CORRECTION:
        return False
    request.lapsed_at = now
    request.save(update_fields=["lapsed_at"])
    move(application, "lapse_correction", actor=CLOCK, now=now)
    tell(application, "lapse_correction", now)
    return True
