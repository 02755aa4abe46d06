"""The needs of a hromada: a draft with its tables, published once, corrected only by another that supersedes it.

The log keeps no number of people: even a digest of small numbers is guessed by trying them all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.core.files.base import File
from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.kernel import audit, documents
from portal.kernel.calendar import day_of
from portal.kernel.visibility import Audience
from portal.kernel.workflow import StepRefused
from procurement.domain.acting import commissioner_role
from procurement.domain.planning.documents import NEEDS_KIND
from procurement.enums import AssessmentState
from procurement.models import NeedsAssessment, NeedsFigure, NeedsService
from registry.models import Territory

if TYPE_CHECKING:
    from portal.accounts.models import User

CLAUSE: Final = "130-n-2023"
ABOUT: Final = (
    *("as_of", "study_from", "study_to", "respondents", "method", "findings"),
    *("act_number", "act_on", "act_url"),
)
FIGURE: Final = ("group", "label", "persons", "counted", "source")
SERVICE: Final = ("service_type", "need", "receive")


@transaction.atomic
def start_assessment(*, hromada_id: int, user: User, as_of: date, now: datetime) -> NeedsAssessment:
    """Begin an assessment, or go on with the hromada's draft of the same day."""
    hromada = Territory.objects.select_for_update(of=("self",)).get(pk=hromada_id)
    commissioner_role(user, hromada)
    _refuse_future(as_of, now)
    drafts = NeedsAssessment.objects.filter(hromada=hromada, state=AssessmentState.DRAFT, as_of=as_of)
    draft = drafts.order_by("pk").first()
    if draft is not None:
        return draft
    return NeedsAssessment.objects.create(hromada=hromada, as_of=as_of, created_by=user, created_at=now)


@transaction.atomic
def describe_assessment(*, assessment_id: int, user: User, values: Mapping[str, Any], now: datetime) -> NeedsAssessment:
    """Write what is known of the study and of its act; what is not named stays."""
    draft = _lock_draft(assessment_id, user)
    _set(draft, values, ABOUT)
    _refuse_future(draft.as_of, now)
    if draft.study_from and draft.study_to and draft.study_to < draft.study_from:
        raise StepRefused(_("The end must not be earlier than the beginning."))
    draft.save(update_fields=list(ABOUT))
    return draft


@transaction.atomic
def put_figure(
    *, assessment_id: int, user: User, values: Mapping[str, Any], figure_id: int | None = None
) -> NeedsFigure:
    """Add a row to the table of groups, or change the one that is named; a number that is not known stays empty."""
    draft = _lock_draft(assessment_id, user)
    figure = _row(draft.figures, figure_id) or NeedsFigure(assessment=draft, order=_next(draft.figures))
    _set(figure, values, FIGURE)
    if figure.group is None and not figure.label:
        raise StepRefused(_("Name the group or the indicator."))
    figure.save()
    return figure


@transaction.atomic
def remove_figure(*, assessment_id: int, figure_id: int, user: User) -> None:
    _lock_draft(assessment_id, user).figures.filter(pk=figure_id).delete()


@transaction.atomic
def put_service(
    *, assessment_id: int, user: User, values: Mapping[str, Any], row_id: int | None = None
) -> NeedsService:
    """Add a service to the table of needs, or change the row that is named; each service stands there once."""
    draft = _lock_draft(assessment_id, user)
    row = _row(draft.services, row_id) or NeedsService(assessment=draft, order=_next(draft.services))
    _set(row, values, SERVICE)
    if draft.services.filter(service_type=row.service_type).exclude(pk=row.pk).exists():
        raise StepRefused(_("This service is already in the list."))
    row.save()
    return row


@transaction.atomic
def remove_service(*, assessment_id: int, row_id: int, user: User) -> None:
    _lock_draft(assessment_id, user).services.filter(pk=row_id).delete()


@transaction.atomic
def attach_needs_file(*, assessment_id: int, user: User, file: File, now: datetime) -> NeedsAssessment:
    """Put the file of the act beside the draft; raises `DocumentRefused`. Everybody reads it once it is published."""
    draft = _lock_draft(assessment_id, user)
    documents.refuse_flood(user, now)
    draft.document = documents.store(
        file, kind=NEEDS_KIND, subject=f"procurement.needs:{draft.pk}", by=user, at=now, audience=Audience.PUBLIC
    )
    draft.save(update_fields=["document"])
    return draft


@transaction.atomic
def detach_needs_file(*, assessment_id: int, user: User) -> None:
    draft = _lock_draft(assessment_id, user)
    draft.document = None
    draft.save(update_fields=["document"])


@transaction.atomic
def discard_assessment(*, assessment_id: int, user: User) -> None:
    """Throw a draft away; what is published stays for ever."""
    _lock_draft(assessment_id, user).delete()


@transaction.atomic
def publish_assessment(*, assessment_id: int, user: User, now: datetime) -> NeedsAssessment:
    """Publish the draft as it is; small groups are hidden where it is shown, not here."""
    draft = _lock_draft(assessment_id, user)
    role = commissioner_role(user, draft.hromada)
    if not draft.figures.exists() and not draft.services.exists():
        raise StepRefused(_("Enter at least one row: a group or a service."))
    _refuse_future(draft.as_of, now)
    draft.state, draft.published_at = AssessmentState.PUBLISHED, now
    entry = audit.append(
        tag="procurement:needs:publish",
        subject=f"procurement.needs:{draft.pk}",
        payload={
            "hromada": draft.hromada.code,
            "as_of": draft.as_of.isoformat(),
            "rows": draft.figures.count() + draft.services.count(),
            "supersedes": draft.supersedes_id,
            "document": draft.document.sha256 if draft.document else None,
        },
        actor_role=role,
        at=now,
        clause=CLAUSE,
    )
    draft.log_seq = entry.seq
    draft.save(update_fields=["state", "published_at", "log_seq"])
    return draft


@transaction.atomic
def correct_assessment(*, assessment_id: int, user: User, reason: str, now: datetime) -> NeedsAssessment:
    """Begin an assessment that will stand in place of a published one; it starts as its copy, or goes on if begun."""
    wrong = _lock(assessment_id)
    commissioner_role(user, wrong.hromada)
    if wrong.state != AssessmentState.PUBLISHED:
        raise StepRefused(_("A draft is not corrected, it is simply changed."))
    later = NeedsAssessment.objects.filter(supersedes=wrong).first()
    if later is not None and later.state == AssessmentState.PUBLISHED:
        raise StepRefused(_("It has been corrected already. Correct the one that stands in its place."))
    if later is not None:
        return later
    if not reason.strip():
        raise StepRefused(_("Say what is corrected and why."))
    values = {name: getattr(wrong, name) for name in (*ABOUT, "document", "hromada", "is_demo")}
    draft = NeedsAssessment.objects.create(
        supersedes=wrong, correction=reason.strip(), created_by=user, created_at=now, **values
    )
    rows: list[NeedsFigure | NeedsService] = [*wrong.figures.all(), *wrong.services.all()]
    for row in rows:
        row.pk, row.assessment = None, draft
        row.save(force_insert=True)
    return draft


def _lock(assessment_id: int) -> NeedsAssessment:
    return NeedsAssessment.objects.select_for_update(of=("self",)).select_related("hromada").get(pk=assessment_id)


def _lock_draft(assessment_id: int, user: User) -> NeedsAssessment:
    draft = _lock(assessment_id)
    commissioner_role(user, draft.hromada)
    if draft.state != AssessmentState.DRAFT:
        raise StepRefused(_("This is published and is not changed any more: it can only be corrected by another."))
    return draft


def _refuse_future(as_of: date, now: datetime) -> None:
    if as_of > day_of(now):
        raise StepRefused(_("The data are as of a day that has not come yet."))


def _row(rows: Any, pk: int | None) -> Any:
    return rows.get(pk=pk) if pk is not None else None


def _next(rows: Any) -> int:
    return (rows.aggregate(last=models.Max("order"))["last"] or 0) + 1


def _set(row: models.Model, values: Mapping[str, Any], known: Sequence[str]) -> None:
    if unknown := set(values) - set(known):
        raise KeyError(f"no such field: {sorted(unknown)}")
    for name, value in values.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
