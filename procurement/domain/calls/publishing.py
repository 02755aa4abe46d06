"""Announcing a competition: the one moment at which its rules, form, rubric and lots freeze and its keys are made."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from portal.kernel import vault
from portal.kernel.calendar import day_of
from procurement.domain.calls.freezing import freeze_all, rules_of
from procurement.domain.calls.gaps import Gap, NotReady, gaps_of, plan_for
from procurement.domain.calls.steps import lock_competition, move, official_of, version_payload, write_version
from procurement.domain.seal.keys import new_competition_keys
from procurement.enums import CompetitionState, Moment, VersionKind
from procurement.models import Competition
from procurement.workflow import COMPETITION
from registry.domain.bookkeeping import take_serial

if TYPE_CHECKING:
    from portal.accounts.models import User

_FIELDS = (
    "number",
    "public_key",
    "wrapped_key",
    "sealed_by",
    "version",
    "saved_at",
    *(point.value for point in Moment),
)


@transaction.atomic
def publish(*, competition_id: int, user: User, key: str, now: datetime) -> Competition:
    """Announce: freeze rules, form, rubric and lots, make the keys, give the number. Raises `NotReady`, `StepRefused`.

    A second call with the same `key` returns what the first did.
    """
    competition = lock_competition(competition_id)
    actor = official_of(competition, user)
    if competition.state != CompetitionState.DRAFT and _pressed_before(competition, key):
        return competition
    COMPETITION.step("publish", state=competition.state)
    rules = rules_of(competition)
    competition.published_at = now
    plan = plan_for(competition, now)
    found = gaps_of(competition, rules, plan, now)
    if found:
        raise NotReady(found)
    for point, value in plan.items():
        setattr(competition, point, value)
    competition.number = take_number(now)
    competition.saved_at = now
    _give_keys(competition)
    frozen = freeze_all(competition, rules, key, now)
    version = write_version(competition, VersionKind.PUBLICATION, rules=rules, frozen=frozen, now=now, actor=actor)
    payload = version_payload(version, procedure=competition.procedure, hromada=competition.hromada.code)
    version.log_seq = move(competition, "publish", actor=actor, now=now, payload=payload, fields=_FIELDS)
    version.save(update_fields=["log_seq"])
    return competition


def take_number(now: datetime) -> str:
    """Return the next number of a competition: `2027-00041`; each year counts from one."""
    on = day_of(now)
    return f"{on.year}-{take_serial(f'C{on:%y}'):05d}"


def _pressed_before(competition: Competition, key: str) -> bool:
    frozen = competition.versions.filter(number=1).values_list("frozen", flat=True).first()
    return bool(key) and frozen is not None and frozen.get("key") == key


def _give_keys(competition: Competition) -> None:
    try:
        keys = new_competition_keys(str(competition.number))
    except vault.VaultError as error:
        raise NotReady([Gap("keys", "", str(error))]) from error
    competition.public_key, competition.wrapped_key, competition.sealed_by = keys.public, keys.wrapped, keys.sealed_by
