"""What all steps with a competition share: the held row, who may, the written step, and the one way to a new version.

Dates of an announced competition change nowhere but in `write_version`; the database refuses it otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.kernel import audit, turns
from portal.kernel.calendar import day_of
from portal.kernel.models.reference import in_force_on
from portal.kernel.workflow import StepRefused
from procurement import notifications, rules
from procurement.closing_guard import GATE
from procurement.domain.calls.announcement import content_of, snapshot_of, term_of
from procurement.domain.calls.freezing import RuleSet
from procurement.domain.calls.notice_papers import issue_notice_code
from procurement.enums import GroundUse, VersionKind
from procurement.models import Competition, CompetitionStep, CompetitionVersion, ProcedureGround, ProposalStep
from procurement.signals import competition_changed
from procurement.workflow import ACT, COMPETITION
from registry.domain.desk import actor_for
from registry.domain.providers import Actor

if TYPE_CHECKING:
    from portal.accounts.models import User


def lock_competition(competition_id: int) -> Competition:
    """Return the competition, its row held alone until the transaction ends: who submits waits, or was in time."""
    turns.pass_alone(GATE, competition_id)
    rows = Competition.objects.select_for_update(of=("self",)).select_related(
        "commissioner__organisation", "hromada", "profile", "decision__budget_act", "form", "rubric", "draft_contract"
    )
    return rows.get(pk=competition_id)


def not_before_bidders(competition: Competition, now: datetime) -> datetime:
    """Return `now`, or the moment of the bidders' last step where that is later.

    The button was pressed before the row was held, and whoever was let in meanwhile came first.
    """
    since = ProposalStep.objects.filter(proposal__competition=competition, at__gt=now)
    last: datetime | None = since.aggregate(last=Max("at"))["last"]
    return last or now


def official_of(competition: Competition, user: User) -> Actor:
    """Return the official as who acts for the hromada; raises `PermissionDenied`."""
    if not rules.can_run_competition(user, competition):
        raise PermissionDenied
    return actor_for(user, Role.COMMISSIONER)


def ground_of(ground_id: int, use: GroundUse, competition: Competition, now: datetime) -> ProcedureGround:
    """Return a ground that is in force and is for such a step; raises `StepRefused`."""
    in_force = ProcedureGround.objects.filter(in_force_on(day_of(now), "valid_from", "valid_to"), use=use)
    ground = in_force.filter(pk=ground_id, procedure__in=("", competition.procedure)).first()
    if ground is None:
        raise StepRefused(_("Choose a ground from the list."))
    return ground


def require_reason(reason: str) -> str:
    if not reason.strip():
        raise StepRefused(_("Give the reason in words: it is published."))
    return reason.strip()


def move(
    competition: Competition,
    step: str,
    *,
    actor: Actor,
    now: datetime,
    comment: str = "",
    payload: Mapping[str, Any] | None = None,
    fields: Sequence[str] = (),
) -> int:
    """Write the step if the table allows it: state, the named fields, step row, log; return the number of the entry.

    The letters are written with it, the layers above hear of it after commit.
    """
    transition = COMPETITION.step(step, state=competition.state, comment=comment)
    source, competition.state = competition.state, transition.target
    competition.save(update_fields=["state", *fields])
    CompetitionStep.objects.create(
        competition=competition,
        step=step,
        at=now,
        by=actor.user,
        actor_role=actor.role,
        from_state=source,
        to_state=competition.state,
        comment=comment.strip(),
        clause=transition.clause,
    )
    entry = audit.append(
        tag=f"procurement:competition:{step}",
        subject=f"procurement.competition:{competition.number}",
        payload={"number": competition.number, **(payload or {})},
        actor_role=actor.role,
        at=now,
        clause=ACT,
    )
    notifications.note_competition_step(competition=competition, step=step, now=now)
    told = partial(competition_changed.send, sender=Competition, competition_id=competition.pk, step=step)
    transaction.on_commit(told)
    return entry.seq


def write_version(
    competition: Competition,
    kind: VersionKind,
    *,
    rules: RuleSet,
    frozen: Mapping[str, Any],
    now: datetime,
    actor: Actor,
    reason: str = "",
    ground: ProcedureGround | None = None,
    unsettles: bool = False,
) -> CompetitionVersion:
    """Write the announcement as the next version; `competition.version` is set, and saved by the step that follows."""
    number = competition.version + 1
    content = content_of(competition, rules, frozen, _snapshots(competition, kind))
    digest = audit.digest_of(content)
    version = CompetitionVersion.objects.create(
        competition=competition,
        number=number,
        kind=kind,
        at=now,
        by=actor.user,
        ground=ground,
        reason=reason,
        content=content,
        frozen=frozen,
        digest=digest,
        unsettles=unsettles,
        code=issue_notice_code(
            competition=competition, version=number, title=competition.title, digest=digest, now=now
        ),
    )
    competition.version = number
    return version


def version_payload(version: CompetitionVersion, **more: Any) -> dict[str, Any]:
    """Return what the public log keeps of a version: its digest and the dates, nothing that a person wrote freely."""
    dates = {point: iso for point, iso in version.content["dates"].items() if iso}
    ground = {"ground": version.ground.slug} if version.ground else {}
    return {"version": version.number, "digest": version.digest, "dates": dates, **ground, **more}


def _snapshots(competition: Competition, kind: VersionKind) -> list[dict[str, Any]]:
    """Take the snapshots of the lots with the announcement; later versions repeat all but dates that have moved."""
    lots = list(
        competition.lots.select_related(
            "specification__service_type", "specification__group", "specification__delivery_form"
        )
    )
    for lot in lots:
        lot.competition = competition
        is_new = kind == VersionKind.PUBLICATION
        lot.snapshot = snapshot_of(lot) if is_new else {**lot.snapshot, **term_of(lot)}
        lot.save(update_fields=["snapshot"])
    return [lot.snapshot for lot in lots]
