"""An evaluation from its order to its publication: what it is about, who evaluates, what is still missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.kernel import audit
from portal.kernel.verification import issue, new_code
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import QualityKind, QualityState
from procurement.contract_workflow import QUALITY_EVALUATION
from procurement.domain.quality.content import content_of
from procurement.domain.quality.gaps import gaps_of
from procurement.domain.quality.steps import evaluator_actor, held_draft, lock_evaluation, move, record
from procurement.domain.quality.surveys import give_up_surveys
from procurement.domain.quality.telling import tell_published
from procurement.models import Contract, IndicatorSet, QualityEvaluation, WorkingGroupMember

if TYPE_CHECKING:
    from portal.accounts.models import User

PAPER: Final = "quality-evaluation"
ABOUT: Final = (
    "period_from",
    "period_to",
    "act_number",
    "act_on",
    "act_url",
    "recipients",
    "conclusion",
    "recommendations",
)
FROZEN: Final = (
    "supersedes",
    "content",
    "digest",
    "published_at",
    "published_by",
    "total",
    "grade",
    "oldest_on",
    "code",
)
MEMBER: Final = ("name", "position", "body", "is_civil_society", "is_head")


@transaction.atomic
def begin_evaluation(
    *,
    kind: str,
    organisation_id: int,
    indicators_id: int,
    values: Mapping[str, Any],
    user: User,
    key: UUID,
    now: datetime,
    hromada_id: int | None = None,
    service_type_id: int | None = None,
    contract_id: int | None = None,
) -> QualityEvaluation:
    """Begin an evaluation of a provider over a period; the same key again returns the one that it made.

    Raises `PermissionDenied`, and `StepRefused` for a contract that is not the provider's or not the hromada's.
    """
    if (made := QualityEvaluation.objects.filter(key=key).first()) is not None:
        evaluator_actor(made, user)
        return made
    contract = Contract.objects.get(pk=contract_id) if contract_id else None
    evaluation = QualityEvaluation(
        organisation=Organisation.objects.get(pk=organisation_id),
        service_type_id=service_type_id,
        contract=contract,
        hromada_id=hromada_id if kind == QualityKind.EXTERNAL else None,
        kind=kind,
        indicators=IndicatorSet.objects.get(pk=indicators_id),
        created_at=now,
        created_by=user,
        key=key,
        is_demo=bool(contract and contract.is_demo),
        **{name: values[name] for name in ABOUT if name in values},
    )
    actor = evaluator_actor(evaluation, user)
    _require_own_contract(evaluation)
    evaluation.save(force_insert=True)
    period = {"from": evaluation.period_from.isoformat(), "to": evaluation.period_to.isoformat()}
    record(evaluation, "begin", evaluation=evaluation, actor=actor, now=now, payload={"kind": kind, "period": period})
    return evaluation


@transaction.atomic
def save_about(*, evaluation_id: int, values: Mapping[str, Any], user: User) -> QualityEvaluation:
    """Write the period, the order, the number of recipients, conclusion and recommendations, those that are named."""
    evaluation, _actor = held_draft(evaluation_id, user)
    named = [name for name in ABOUT if name in values]
    for name in named:
        setattr(evaluation, name, values[name])
    if named:
        evaluation.save(update_fields=named)
    return evaluation


@transaction.atomic
def add_member(*, evaluation_id: int, values: Mapping[str, Any], user: User) -> WorkingGroupMember:
    """Name a member of the working group; a new head takes the place of the one before. The same name stands once."""
    evaluation, _actor = held_draft(evaluation_id, user)
    told = {name: values[name] for name in MEMBER if name in values}
    if told.get("is_head"):
        evaluation.group.update(is_head=False)
    member, _made = evaluation.group.update_or_create(name=told.pop("name"), defaults=told)
    return member


@transaction.atomic
def remove_member(*, evaluation_id: int, member_id: int, user: User) -> None:
    """Take a member out of the group of an evaluation that is not published."""
    evaluation, _actor = held_draft(evaluation_id, user)
    evaluation.group.filter(pk=member_id).delete()


@transaction.atomic
def publish(*, evaluation_id: int, user: User, now: datetime) -> QualityEvaluation:
    """Publish for good: total, grade and oldest evidence are written, what was said before is superseded.

    Raises `PermissionDenied`, and `StepRefused` naming the first thing that is missing.
    """
    # whoever publishes about the same provider waits: one evaluation is superseded by one
    provider = QualityEvaluation.objects.values_list("organisation", flat=True).get(pk=evaluation_id)
    Organisation.objects.select_for_update().get(pk=provider)
    evaluation = lock_evaluation(evaluation_id)
    actor = evaluator_actor(evaluation, user, publishes=True)
    QUALITY_EVALUATION.step("publish", state=evaluation.state)
    gaps = gaps_of(evaluation, now)
    if gaps:
        raise StepRefused(gaps[0].text)
    _freeze(evaluation, user, now)
    payload = {"digest": evaluation.digest, "total": evaluation.content["total"]["value"], "grade": evaluation.grade}
    evaluation.log_seq = move(
        evaluation,
        "publish",
        evaluation=evaluation,
        flow=QUALITY_EVALUATION,
        actor=actor,
        now=now,
        payload=payload,
        fields=FROZEN,
    )
    evaluation.save(update_fields=["log_seq"])
    tell_published(evaluation, now)
    return evaluation


@transaction.atomic
def abandon(*, evaluation_id: int, user: User, now: datetime) -> QualityEvaluation:
    """Give up an evaluation of which nothing was published; the answers of its surveys are deleted."""
    evaluation, actor = held_draft(evaluation_id, user)
    give_up_surveys(evaluation, actor=actor, now=now)
    move(evaluation, "abandon", evaluation=evaluation, flow=QUALITY_EVALUATION, actor=actor, now=now)
    return evaluation


def before_of(evaluation: QualityEvaluation) -> QualityEvaluation | None:
    """Return the published evaluation that this one takes the place of.

    It is of the same provider, service, kind and hromada, and no later period: an older year published late supersedes
    nothing.
    """
    rows = QualityEvaluation.objects.filter(
        organisation=evaluation.organisation_id,
        service_type=evaluation.service_type_id,
        hromada=evaluation.hromada_id,
        kind=evaluation.kind,
        state=QualityState.PUBLISHED,
        superseded_by__isnull=True,
    )
    last = rows.exclude(pk=evaluation.pk).order_by("-period_to", "-published_at", "-pk").first()
    return last if last is not None and last.period_to <= evaluation.period_to else None


def _freeze(evaluation: QualityEvaluation, user: User, now: datetime) -> None:
    """Write what is published into the row: the frozen content, and for lists what follows from it."""
    evaluation.supersedes = before_of(evaluation)
    evaluation.content = content_of(evaluation)
    evaluation.digest = audit.digest_of(evaluation.content)
    evaluation.published_at, evaluation.published_by = now, user
    total = evaluation.content["total"]
    evaluation.total, evaluation.grade = Decimal(total["value"]), total["grade"]
    evaluation.oldest_on = date.fromisoformat(total["oldest_on"])
    title = _("Quality evaluation: %(provider)s") % {"provider": evaluation.content["provider"]["name"]}
    subject = f"procurement.quality:{evaluation.pk}"
    evaluation.code = issue(kind=PAPER, subject=subject, title=title, at=now, code=new_code())


def _require_own_contract(evaluation: QualityEvaluation) -> None:
    contract = evaluation.contract
    if contract is None:
        return
    if contract.contractor_id != evaluation.organisation_id:
        raise StepRefused(_("The contract is of another provider."))
    if evaluation.kind == QualityKind.EXTERNAL and contract.hromada_id != evaluation.hromada_id:
        raise PermissionDenied
    if contract.concluded_at is None:
        raise StepRefused(_("The contract is not concluded: there is nothing to evaluate yet."))
