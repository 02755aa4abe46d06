"""What is said to whom about an application at each step; the letters go out after the step is written.

Everybody gets a letter of their own, in Ukrainian. A letter names fields and never what stands in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils import translation

from portal.accounts.enums import Role
from portal.accounts.letters import Letter, post
from portal.accounts.models import User
from portal.kernel.calendar import day_of
from registry import letters
from registry.enums import ApplicationKind
from registry.models import Application, RegisterDecision
from registry.queries.readers import officials_or_administrators, people_of, units_around

Readers = Callable[[Application, datetime], Iterable[User]]
Writer = Callable[[Application], Letter | None]


def note_step(*, application: Application, step: str, now: datetime) -> None:
    """Write the letters about the step in the caller's transaction; the same step told twice is told once."""
    with translation.override(settings.LANGUAGE_CODE):
        for reader, readers, write in _LETTERS.get(step, ()):
            letter = write(application)
            for user in readers(application, now) if letter else ():
                key = f"registry:application:{application.pk}:{step}:{now.isoformat()}:{reader}:{user.pk}"
                post(key, user.email, letter)


def note_correction(*, decision: RegisterDecision, now: datetime) -> None:
    """Tell the provider that a decision was put in another's place."""
    old = decision.supersedes
    application = old.application if old else None
    if old is None or application is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        letter = letters.corrected_decision(decision, old)
        for user in _provider(application, now):
            post(f"registry:decision:{decision.pk}:corrected:{user.pk}", user.email, letter)


# who reads


def _provider(application: Application, now: datetime) -> Iterable[User]:
    """Return the people who act for the organisation today; before any mandate, whoever submitted."""
    people = people_of(application.organisation, day_of(now))
    if people or application.kind == ApplicationKind.INITIATIVE:
        return people
    return [application.submitted_by or application.created_by]


def _registrars(application: Application, _now: datetime) -> Iterable[User]:
    return _officials(application, Role.REGISTRAR)


def _approvers(application: Application, _now: datetime) -> Iterable[User]:
    return [user for user in _officials(application, Role.APPROVER) if user.pk != application.examiner_id]


def _examiner(application: Application, now: datetime) -> Iterable[User]:
    """Return who examines; before anybody does, the registrars of the territory."""
    examiner = application.examiner
    return [examiner] if examiner and examiner.is_active else _registrars(application, now)


def _examiner_alone(application: Application, _now: datetime) -> Iterable[User]:
    return [application.examiner] if application.examiner else []


def _specialist(application: Application, now: datetime) -> Iterable[User]:
    proposal = application.proposals.order_by("-pk").first()
    return [proposal.by] if proposal and proposal.by.is_active else _examiner(application, now)


def _officials(application: Application, role: Role) -> Iterable[User]:
    return officials_or_administrators(units_around(application.hromada), role)


_LETTERS: Final[dict[str, tuple[tuple[str, Readers, Writer], ...]]] = {
    "submit": (("provider", _provider, letters.receipt), ("registrar", _registrars, letters.news_for_registrars)),
    "enter_at_once": (("provider", _provider, letters.entered),),
    "take": (("provider", _provider, letters.taken),),
    "ask_correction": (("provider", _provider, letters.correction),),
    "correct": (("examiner", _examiner, letters.corrected),),
    "lapse_correction": (
        ("provider", _provider, letters.lapsed),
        ("examiner", _examiner_alone, letters.lapsed_for_examiner),
    ),
    "propose": (("approver", _approvers, letters.proposed),),
    "send_back": (("specialist", _specialist, letters.sent_back),),
    "decide": (("provider", _provider, letters.decided),),
    "withdraw": (("provider", _provider, letters.withdrawn), ("examiner", _examiner_alone, letters.withdrawn)),
}
