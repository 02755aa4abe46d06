"""A file of changes on the way of a decision: proposed by the registrar who brought it, entered by another's word.

The reading of files lies above this layer, so `decide_import` is given the function that enters one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.accounts.enums import Role
from portal.kernel import audit
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain.bookkeeping import take_decision_number
from registry.domain.desk import actor_for
from registry.domain.providers import Actor
from registry.enums import ImportState
from registry.models import ImportRun, Territory

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(slots=True)
class Entered:
    """What came of entering a file; `places` are keys of the territories touched, zero for one that is not known."""

    applied: bool
    rows: int
    created: int
    changed: int
    unchanged: int
    faulty: int
    places: set[int] = field(default_factory=set)
    report: dict[str, Any] = field(default_factory=dict)


# enters the file of a run: who decides and writes, whose territory judges the rows, the ground, the moment
Enter = Callable[[ImportRun, Actor, Actor, str, datetime], Entered]


def runs_of(user: User) -> QuerySet[ImportRun]:
    """Return the imports an official may look at: one's own, what lies in the own territory to be decided, or all."""
    runs = ImportRun.objects.select_related("by", "decided_by", "document")
    if user.roles & {Role.ADMINISTRATOR, Role.AUDITOR}:
        return runs
    mine = Q(by=user)
    return runs.filter(mine | Q(pk__in=_decidable(user).values("pk")) if rules.is_approver(user) else mine)


def may_decide(user: User, row: ImportRun) -> bool:
    """Say whether this official answers for every place that the file touches; who brought it never decides."""
    if row.by_id == user.pk or not user.is_active:
        return False
    if rules.is_administrator(user):
        return True
    return bool(rules.is_approver(user)) and _decidable(user).filter(pk=row.pk).exists()


def keep_preview(row: ImportRun, found: Entered) -> None:
    """Write down what the file would do, and where; a place that is not known leaves it to administrators."""
    _count(row, found)
    row.save()
    row.places.set([] if 0 in found.places else found.places)


@transaction.atomic
def propose_import(*, run_id: int, user: User, partial: bool, ground: str, now: datetime) -> ImportRun:
    """Propose to enter the file that one has brought; nothing enters the register yet."""
    row = _lock(run_id)
    if row.by_id != user.pk or not rules.can_import_providers(user):
        raise PermissionDenied
    _expect(row, ImportState.PREVIEWED)
    if not (row.created or row.changed):
        raise StepRefused(_("The file changes nothing."))
    if row.faulty and not partial:
        raise StepRefused(_("The file has faulty rows. Correct it, or propose the faultless rows only."))
    row.state, row.partial, row.ground, row.proposed_at = ImportState.PROPOSED, partial, ground, now
    row.log_seq = _log(row, "propose", user, Role.REGISTRAR, now)
    row.save()
    return row


@transaction.atomic
def withdraw_import(*, run_id: int, user: User, now: datetime) -> ImportRun:
    """Take one's own proposal back; the file stays previewed."""
    row = _lock(run_id)
    if row.by_id != user.pk:
        raise PermissionDenied
    _expect(row, ImportState.PROPOSED)
    row.state, row.proposed_at = ImportState.PREVIEWED, None
    row.log_seq = _log(row, "withdraw", user, Role.REGISTRAR, now)
    row.save()
    return row


@transaction.atomic
def decide_import(*, run_id: int, user: User, enter: Enter, now: datetime) -> ImportRun:
    """Enter the file under a decision with a number: the very file, with the very outcome, that was proposed.

    Raises `PermissionDenied` for whoever does not answer for all of it, and `StepRefused` for the proposer, for a file
    that is no longer the same, and when the register has changed so that the file would do something else.
    """
    row = _lock(run_id)
    _judge_decider(user, row)
    number = take_decision_number(day_of(now))
    with override(settings.LANGUAGE_CODE):
        ground = _("decision № %(number)s. %(ground)s") % {"number": number, "ground": row.ground}
    proposer = actor_for(row.by, Role.REGISTRAR) if row.by else Actor(None, "")
    entered = enter(row, actor_for(user, Role.APPROVER), proposer, ground[:500], now)
    if not entered.applied or _counts(entered) != _counts(row) or not entered.places <= _places(row, user):
        raise StepRefused(
            _("The register has changed since the preview: the file would do something else now. Nothing was entered.")
        )
    _count(row, entered)
    row.state = ImportState.APPLIED
    return _decided(row, number, user, now)


@transaction.atomic
def refuse_import(*, run_id: int, user: User, reason: str, now: datetime) -> ImportRun:
    """Leave the register as it is, with the reason for the registrar who proposed the file."""
    row = _lock(run_id)
    _judge_decider(user, row)
    if not reason.strip():
        raise StepRefused(_("This step needs a comment."))
    row.state, row.reason = ImportState.REFUSED, reason.strip()
    return _decided(row, take_decision_number(day_of(now)), user, now)


def _decidable(user: User) -> QuerySet[ImportRun]:
    """Return the runs that were proposed and touch nothing outside the official's territory."""
    units = list(user.territory_scopes.values_list("territory", flat=True))
    inside = Territory.objects.filter(
        Q(pk__in=units) | Q(hromada__in=units) | Q(raion__in=units) | Q(oblast__in=units)
    ).values("pk")
    links = ImportRun.places.through._default_manager  # noqa: SLF001 the only manager it has
    outside = links.exclude(territory__in=inside).values("importrun")
    touched = links.values("importrun")
    return ImportRun.objects.filter(proposed_at__isnull=False, pk__in=touched).exclude(pk__in=outside)


def _places(row: ImportRun, user: User) -> set[int]:
    """Return where the file may have an effect; an administrator's word goes for a place that is not known, too."""
    known = set(row.places.values_list("pk", flat=True))
    return known or ({0, *Territory.objects.values_list("pk", flat=True)} if rules.is_administrator(user) else set())


def _judge_decider(user: User, row: ImportRun) -> None:
    _expect(row, ImportState.PROPOSED)
    if row.by_id == user.pk:
        raise StepRefused(_("You proposed this, so another person decides."))
    if not may_decide(user, row):
        raise PermissionDenied


def _expect(row: ImportRun, state: ImportState) -> None:
    if row.state != state:
        raise StepRefused(_("This step is not possible in the present state."))


def _counts(found: ImportRun | Entered) -> tuple[int, ...]:
    return (found.rows, found.created, found.changed, found.unchanged, found.faulty)


def _count(row: ImportRun, found: Entered) -> None:
    row.rows, row.created, row.changed, row.unchanged, row.faulty = _counts(found)
    row.report = found.report


def _decided(row: ImportRun, number: str, user: User, now: datetime) -> ImportRun:
    row.decision_number, row.decided_by, row.decided_at = number, user, now
    row.log_seq = _log(row, row.state, user, Role.APPROVER, now)
    row.save()
    return row


def _lock(run_id: int) -> ImportRun:
    return ImportRun.objects.select_for_update(of=("self",)).select_related("by", "document").get(pk=run_id)


def _log(row: ImportRun, act: str, user: User, role: Role, now: datetime) -> int:
    entry = audit.append(
        tag=f"registry:import:{act}",
        subject=f"registry.import:{row.pk}",
        payload={
            "file": row.sha256,
            "number": row.decision_number,
            "ground": row.ground,
            "created": row.created,
            "changed": row.changed,
        },
        actor_role=actor_for(user, role).role,
        at=now,
        clause="99",
    )
    return entry.seq
