"""What all steps with an application share: the locked row, who may, and the written step with its traces.

A step is written by `move` (state, step, log) and told by `tell` (letters, news), both in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.accounts.models import Claim, Mandate, Organisation
from portal.kernel import audit
from portal.kernel.calendar import day_of
from portal.kernel.workflow import StepRefused
from registry import notifications, rules
from registry.domain.desk import OutsideTerritoryError, actor_for
from registry.domain.providers import Actor
from registry.enums import ApplicationKind, ApplicationState
from registry.models import Application, ApplicationStep, CriterionCheck
from registry.signals import application_moved
from registry.workflow import APPLICATION

if TYPE_CHECKING:
    from portal.accounts.models import User

# what the two officials of an application do: nobody does both on one
EXAMINING: Final = ("take", "ask_correction", "propose")
DECIDING: Final = ("send_back", "decide")


def lock_application(application_id: UUID) -> Application:
    """Return the application, its row held until the transaction ends."""
    rows = Application.objects.select_for_update(of=("self",)).select_related(
        "organisation", "entry__organisation", "hromada"
    )
    return rows.get(pk=application_id)


def examiner_of(application: Application, user: User, now: datetime) -> Actor:
    """Return the official as who examines; raises `PermissionDenied`, `OutsideTerritoryError`, `StepRefused`."""
    _require(rules.can_examine_application, user, application, Role.REGISTRAR)
    _refuse_interest(application, user, now)
    if application.steps.filter(by=user, step__in=DECIDING).exists():
        raise StepRefused(
            _("You have acted on this application as the one who decides, so another person examines it.")
        )
    return actor_for(user, Role.REGISTRAR)


def decider_of(application: Application, user: User, now: datetime) -> Actor:
    """Return the official as who decides: nobody who examined; raises as `examiner_of` does."""
    _require(rules.can_decide_application, user, application, Role.APPROVER)
    _refuse_interest(application, user, now)
    if has_examined(application, user):
        raise StepRefused(_("You have examined this application, so another person decides on it."))
    return actor_for(user, Role.APPROVER)


def has_examined(application: Application, user: User) -> bool:
    """Say whether the person did any part of the examination."""
    return (
        application.examiner_id == user.pk
        or application.steps.filter(by=user, step__in=EXAMINING).exists()
        or CriterionCheck.objects.filter(application=application, by=user).exists()
    )


def _require(predicate: Callable[[User, Application], bool], user: User, application: Application, role: Role) -> None:
    if predicate(user, application):
        return
    if user.is_active and role in user.roles and application.state != ApplicationState.DRAFT:
        raise OutsideTerritoryError
    raise PermissionDenied


def _refuse_interest(application: Application, user: User, now: datetime) -> None:
    """Keep officials away from applications that they made themselves or whose provider they speak for, or say to."""
    own = application.kind != ApplicationKind.INITIATIVE and user.pk in (
        application.submitted_by_id,
        application.created_by_id,
    )
    own_words = (rows.filter(person=user) for rows in (Mandate.objects.active(day_of(now)), Claim.objects.pending()))
    mandate, claim = (Exists(rows.filter(organisation=OuterRef("pk"))) for rows in own_words)
    if own or Organisation.objects.filter(mandate | claim, pk=application.organisation_id).exists():
        raise StepRefused(_("You speak for this provider yourself, so another official deals with the application."))


def move(
    application: Application,
    step: str,
    *,
    actor: Actor,
    now: datetime,
    comment: str = "",
    payload: Mapping[str, Any] | None = None,
    **stamps: Any,
) -> int:
    """Write the step if the table allows it: state with stamps, step, log; return the number of the log entry.

    The payload is public and holds neither the comment nor anything else that a person wrote freely.
    """
    transition = APPLICATION.step(step, state=application.state, comment=comment)
    source, application.state = application.state, transition.target
    if application.state in ApplicationState.closed:
        stamps["closed_at"] = now
    for name, value in stamps.items():
        setattr(application, name, value)
    application.save(update_fields=["state", *stamps])
    ApplicationStep.objects.create(
        application=application,
        step=step,
        at=now,
        by=actor.user,
        actor_role=actor.role,
        from_state=source,
        to_state=application.state,
        comment=comment.strip(),
        clause=transition.clause,
    )
    return log(application, step, actor=actor, now=now, clause=transition.clause, payload=payload)


def log(
    application: Application,
    act: str,
    *,
    actor: Actor,
    now: datetime,
    clause: str = "",
    payload: Mapping[str, Any] | None = None,
) -> int:
    """Log what was done with the application and return the number of the entry."""
    entry = audit.append(
        tag=f"registry:application:{act}",
        subject=f"registry.application:{application.number or application.pk}",
        payload={"kind": application.kind, **(payload or {})},
        actor_role=actor.role,
        at=now,
        clause=clause,
    )
    return entry.seq


def tell(application: Application, step: str, now: datetime) -> None:
    """Write the letters about the step, and give the news to the layers above after commit."""
    notifications.note_step(application=application, step=step, now=now)
    transaction.on_commit(partial(application_moved.send, sender=Application, application_id=application.pk, step=step))
