"""The decision whether to order services: drafted, taken once and public from then on, corrected only by a new one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.core.files.base import File
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kernel import audit, documents
from portal.kernel.calendar import day_of
from portal.kernel.visibility import Audience
from portal.kernel.workflow import StepRefused
from procurement.domain.acting import commissioner_role
from procurement.domain.planning.documents import DECISION_KIND
from procurement.enums import DecisionState, GroundUse, OrderOutcome
from procurement.models import BudgetAct, OrderDecision, OrderItem
from procurement.queries.orders import current_act_of, current_decision_of
from procurement.workflow import ORDER_DECISION

if TYPE_CHECKING:
    from portal.accounts.models import User

FIELDS: Final = ("outcome", "grounds", "ground", "programme", "decided_on", "number", "body", "url")
ITEM_FIELDS: Final = ("service_type", "group", "recipients", "volume", "unit", "amount", "channel")


@dataclass(frozen=True, slots=True)
class Lack:
    """What keeps a decision from being published: the field, and the sentence for who prepares it."""

    field: str
    text: str | Promise


class NotComplete(StepRefused):
    """The decision is not whole; `lacks` says all that is missing at once."""

    def __init__(self, lacks: Sequence[Lack]) -> None:
        super().__init__(lacks[0].text)
        self.lacks = tuple(lacks)


# --- preparing -----------------------------------------------------------------------------------------------------


@transaction.atomic
def start_decision(*, act_id: int, user: User, now: datetime) -> OrderDecision:
    """Begin the decision on a budget act, or go on with the draft that is there already."""
    act = _lock_act(act_id)
    commissioner_role(user, act.hromada)
    if current_decision_of(act) is not None:
        raise StepRefused(_("There is already a decision on this budget act. Correct that one."))
    draft = OrderDecision.objects.filter(budget_act=act, state=DecisionState.DRAFT).first()
    if draft is not None:
        return draft
    return OrderDecision.objects.create(
        budget_act=act, hromada=act.hromada, is_demo=act.is_demo, created_by=user, created_at=now
    )


@transaction.atomic
def describe_decision(*, decision_id: int, user: User, values: Mapping[str, Any]) -> OrderDecision:
    """Write fields of a draft; what is not named stays."""
    decision = _lock_draft(decision_id, user)
    _refuse_unknown(values, FIELDS)
    for name, value in values.items():
        setattr(decision, name, value.strip() if isinstance(value, str) else value)
    if decision.programme and decision.programme.hromada_id != decision.hromada_id:
        raise StepRefused(_("This programme is of another hromada."))
    if decision.ground and decision.ground.use != GroundUse.NOT_ORDER:
        raise StepRefused(_("This ground is for another step."))
    decision.save(update_fields=list(FIELDS))
    return decision


@transaction.atomic
def put_item(*, decision_id: int, user: User, values: Mapping[str, Any], item_id: int | None = None) -> OrderItem:
    """Add a service to a draft, or change the one that is named."""
    decision = _lock_draft(decision_id, user)
    _refuse_unknown(values, ITEM_FIELDS)
    if item_id is None:
        last = decision.items.order_by("-order").values_list("order", flat=True).first()
        item = OrderItem(decision=decision, order=(last or 0) + 1)
    else:
        item = decision.items.get(pk=item_id)
    for name, value in values.items():
        setattr(item, name, value)
    item.save()
    return item


@transaction.atomic
def remove_item(*, decision_id: int, item_id: int, user: User) -> None:
    _lock_draft(decision_id, user).items.filter(pk=item_id).delete()


@transaction.atomic
def attach_decision_file(*, decision_id: int, user: User, file: File, now: datetime) -> OrderDecision:
    """Put the file of the decision beside its draft; raises `DocumentRefused`. Everybody reads it once it is taken."""
    decision = _lock_draft(decision_id, user)
    documents.refuse_flood(user, now)
    decision.document = documents.store(
        file,
        kind=DECISION_KIND,
        subject=f"procurement.order:{decision.pk}",
        by=user,
        at=now,
        audience=Audience.PUBLIC,
    )
    decision.save(update_fields=["document"])
    return decision


@transaction.atomic
def detach_decision_file(*, decision_id: int, user: User) -> None:
    decision = _lock_draft(decision_id, user)
    decision.document = None
    decision.save(update_fields=["document"])


@transaction.atomic
def discard_decision(*, decision_id: int, user: User) -> None:
    """Throw a draft away; one that is taken stays for ever."""
    _lock_draft(decision_id, user).delete()


# --- taking --------------------------------------------------------------------------------------------------------


def lacks_of(decision: OrderDecision, now: datetime) -> list[Lack]:
    """Return all that keeps the draft from being published, in the order of the page."""
    found: list[Lack] = []
    if not decision.outcome:
        found.append(Lack("outcome", gettext_lazy("Say whether services are ordered.")))
    if decision.decided_on is None:
        found.append(Lack("decided_on", gettext_lazy("Give the date of the decision.")))
    elif decision.decided_on > day_of(now):
        found.append(Lack("decided_on", gettext_lazy("The decision is dated later than today.")))
    elif decision.decided_on < decision.budget_act.adopted_on:
        found.append(Lack("decided_on", gettext_lazy("The decision is dated earlier than the budget act it rests on.")))
    if not decision.number:
        found.append(Lack("number", gettext_lazy("Give the number of the decision.")))
    if not decision.body:
        found.append(Lack("body", gettext_lazy("Say who decided.")))
    if not decision.url and decision.document_id is None:
        found.append(Lack("document", gettext_lazy("Add the file of the decision or its address.")))
    return found + _lacks_of_outcome(decision)


def _lacks_of_outcome(decision: OrderDecision) -> list[Lack]:
    has_items = decision.items.exists()
    if decision.outcome == OrderOutcome.ORDER and not has_items:
        return [Lack("items", gettext_lazy("Add at least one service that is ordered."))]
    if decision.outcome != OrderOutcome.NOT_ORDER:
        return []
    found = []
    if not decision.grounds:
        found.append(Lack("grounds", gettext_lazy("Say on what grounds nothing is ordered.")))
    if has_items:
        found.append(Lack("items", gettext_lazy("A decision not to order has no services. Remove them.")))
    return found


@transaction.atomic
def take_decision(*, decision_id: int, user: User, now: datetime) -> OrderDecision:
    """Publish the decision with its lawful date, however late; raises `NotComplete` with all that is missing."""
    act = _lock_act(OrderDecision.objects.values_list("budget_act_id", flat=True).get(pk=decision_id))
    decision = _lock(decision_id)
    role = commissioner_role(user, decision.hromada)
    step = ORDER_DECISION.step("take", state=decision.state)
    current = current_decision_of(act)
    if current is not None and current.pk != decision.supersedes_id:
        raise StepRefused(_("There is already a decision on this budget act. Correct that one."))
    if lacks := lacks_of(decision, now):
        raise NotComplete(lacks)
    decision.state, decision.taken_at = step.target, now
    entry = audit.append(
        tag="procurement:order:take",
        subject=f"procurement.order:{decision.pk}",
        payload=_logged(decision, act),
        actor_role=role,
        at=now,
        clause=step.clause,
    )
    decision.log_seq = entry.seq
    decision.save(update_fields=["state", "taken_at", "log_seq"])
    return decision


@transaction.atomic
def correct_decision(*, decision_id: int, user: User, reason: str, now: datetime) -> OrderDecision:
    """Begin a decision that will stand in place of a taken one, which stays readable; it starts as its copy."""
    act = _lock_act(OrderDecision.objects.values_list("budget_act_id", flat=True).get(pk=decision_id))
    wrong = _lock(decision_id)
    commissioner_role(user, wrong.hromada)
    if wrong.state != DecisionState.TAKEN:
        raise StepRefused(_("A draft is not corrected, it is simply changed."))
    later = OrderDecision.objects.filter(supersedes=wrong).first()
    if later is not None and later.state == DecisionState.TAKEN:
        raise StepRefused(_("This decision has been corrected already. Correct the one that stands in its place."))
    if later is not None:
        return later
    if not reason.strip():
        raise StepRefused(_("Say what is corrected and why."))
    values = {name: getattr(wrong, name) for name in (*FIELDS, "document", "hromada", "is_demo")}
    draft = OrderDecision.objects.create(
        budget_act=act, supersedes=wrong, correction=reason.strip(), created_by=user, created_at=now, **values
    )
    for item in wrong.items.all():
        item.pk, item.decision = None, draft
        item.save(force_insert=True)
    return draft


# --- guards --------------------------------------------------------------------------------------------------------


def _lock_act(act_id: int) -> BudgetAct:
    """Hold the first act of the chain, so that one decision at a time is made on it; return the act that stands now."""
    act = BudgetAct.objects.get(pk=act_id)
    BudgetAct.objects.select_for_update(of=("self",)).get(pk=act.first_id or act.pk)
    return current_act_of(act)


def _lock(decision_id: int) -> OrderDecision:
    rows = OrderDecision.objects.select_for_update(of=("self",)).select_related("hromada", "budget_act")
    return rows.get(pk=decision_id)


def _lock_draft(decision_id: int, user: User) -> OrderDecision:
    decision = _lock(decision_id)
    commissioner_role(user, decision.hromada)
    if decision.state != DecisionState.DRAFT:
        raise StepRefused(_("The decision is taken and is not changed any more: it can only be corrected by another."))
    return decision


def _refuse_unknown(values: Mapping[str, Any], known: Sequence[str]) -> None:
    if unknown := set(values) - set(known):
        raise KeyError(f"no such field: {sorted(unknown)}")


def _logged(decision: OrderDecision, act: BudgetAct) -> Mapping[str, Any]:
    """Return what the public log keeps: dates, codes, and a digest of all that was published."""
    assert decision.decided_on is not None
    due = act.decision_due_on
    items = [
        [item.service_type.slug, item.channel, str(item.amount), str(item.volume), item.unit]
        for item in decision.items.select_related("service_type")
    ]
    content = {
        "number": decision.number,
        "body": decision.body,
        "grounds": decision.grounds,
        "url": decision.url,
        "correction": decision.correction,
        "document": decision.document.sha256 if decision.document else None,
        "items": items,
    }
    return {
        "hromada": decision.hromada.code,
        "budget": act.pk,
        "outcome": decision.outcome,
        "decided_on": decision.decided_on.isoformat(),
        "due_on": due.isoformat() if due else None,
        "days_late": max((decision.decided_on - due).days, 0) if due else None,
        "supersedes": decision.supersedes_id,
        "content": audit.digest_of(content),
    }
