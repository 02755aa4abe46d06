"""What a provider does with an application: submits it once, answers a correction, withdraws it."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.kernel import audit, norms, verification
from portal.kernel.calendar import UnknownDay, day_of
from portal.kernel.models import RuleProfile, VerificationCode
from portal.kernel.models.calendar import load_calendar
from portal.kernel.workflow import StepRefused
from registry import rules
from registry.domain.amending import ChangedInRegisterError, amended_content
from registry.domain.application_steps import lock_application, move, tell
from registry.domain.bookkeeping import take_application_number
from registry.domain.contents import keys_of, record_from
from registry.domain.desk import SamePartTwiceError, check_once
from registry.domain.drafts import (
    Problem,
    active_entry_of,
    open_correction,
    problems_of,
    require_possible,
)
from registry.domain.providers import Actor, put_providers
from registry.domain.rebasing import changed_paths, prefilled_of
from registry.enums import ApplicationKind, SiteKind, UnitCategory
from registry.models import Application, RegisterPolicy, Territory
from registry.queries.terms import decision_rule, profile_in_force
from registry.workflow import APPLICATION

if TYPE_CHECKING:
    from portal.accounts.models import User

RECEIPT_KIND: Final = "application-receipt"


class NotReadyError(Exception):
    """The application cannot be submitted yet; `problems` says all that is missing at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(len(problems))
        self.problems = problems


class ChangedMeanwhileError(Exception):
    """Somebody saved another version after the one that was read and confirmed; `application` is what stands now."""

    def __init__(self, application: Application) -> None:
        super().__init__(application.version)
        self.application = application


@transaction.atomic
def submit_application(*, application_id: UUID, user: User, version: int, key: UUID, now: datetime) -> Application:
    """Submit the draft: number, moment, digest, receipt code, profile, examining hromada, due date; once per key.

    The same key again returns the submitted application and changes nothing, and so does any submission of what is
    submitted already by this draft. An amendment that touches only parts the policy calls trivial is entered at once
    and decided without people. Raises `NotReadyError`, `ChangedMeanwhileError`, `StepRefused`, `PermissionDenied`.
    """
    application = lock_application(application_id)
    _require(rules.can_submit_application(user, application))
    if application.submitted_at is not None:
        return application
    _require_submittable(application, version, key, now)
    actor = Actor(user, "provider")
    stamps = _stamps(application, now)
    payload = _submission_payload(application, stamps)
    stamps |= {"submitted_by": user, "submitted_at": now, "submission_key": key}
    move(application, "submit", actor=actor, now=now, payload=payload, **stamps)
    entered = _is_trivial(application) and _enter_at_once(application, actor, now)
    # told after that: nobody is called to examine what is entered already
    tell(application, "submit", now)
    if entered:
        tell(application, "enter_at_once", now)
    return application


@transaction.atomic
def answer_correction(*, application_id: UUID, user: User, now: datetime) -> Application:
    """Give the corrected application back to the registrar; raises `NotReadyError`, `StepRefused`.

    Only the people who may submit do it. The digest on the receipt stays that of what was submitted; the log has the
    digest of what came back.
    """
    application = lock_application(application_id)
    _require(rules.can_submit_application(user, application))
    APPLICATION.step("correct", state=application.state)
    correction = open_correction(application, now)
    if problems := problems_of(application, on=day_of(now)):
        raise NotReadyError(problems)
    correction.answered_at = now
    correction.save(update_fields=["answered_at"])
    payload = {"digest": audit.digest_of(application.content)}
    move(application, "correct", actor=Actor(user, "provider"), now=now, payload=payload)
    tell(application, "correct", now)
    return application


@transaction.atomic
def withdraw_application(*, application_id: UUID, user: User, reason: str, now: datetime) -> Application:
    """Withdraw before a decision is proposed; a draft is discarded the same way, by anybody who may write in it."""
    application = lock_application(application_id)
    _require(rules.can_withdraw_application(user, application))
    move(application, "withdraw", actor=Actor(user, "provider"), now=now, comment=reason)
    # nobody waits for an answer any more
    application.corrections.open().update(lapsed_at=now)
    tell(application, "withdraw", now)
    return application


# --- whether it may be submitted -----------------------------------------------------------------------------------


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _require_submittable(application: Application, version: int, key: UUID, now: datetime) -> None:
    APPLICATION.step("submit", state=application.state)
    if application.version != version:
        raise ChangedMeanwhileError(application)
    if Application.objects.filter(submission_key=key).exists():
        raise StepRefused(gettext_lazy("This submission belongs to another application. Open this one anew."))
    entry = active_entry_of(application.organisation)
    require_possible(application.organisation, application.kind, entry)
    if application.entry_id and (entry is None or entry.pk != application.entry_id):
        raise StepRefused(gettext_lazy("The entry has left the register since this draft was begun."))
    if problems := problems_of(application, on=day_of(now)):
        raise NotReadyError(problems)


# --- by what number, where, by what rules, until when ----------------------------------------------------------------


def _stamps(application: Application, now: datetime) -> dict[str, Any]:
    """Return what the submission gives the application."""
    today, digest = day_of(now), audit.digest_of(application.content)
    hromada = _hromada_of(application)
    profile = profile_in_force(today, hromada)
    number = take_application_number(today)
    return {
        "number": number,
        "digest": digest,
        "receipt": _receipt(number, digest, now),
        "profile": profile,
        "hromada": hromada,
        "decision_due_on": _due_on(profile, now),
    }


def _submission_payload(application: Application, stamps: dict[str, Any]) -> dict[str, str]:
    hromada, due_on = stamps["hromada"], stamps["decision_due_on"]
    return {
        "number": stamps["number"],
        "digest": stamps["digest"],
        "hromada": hromada.code if hromada else "",
        "due_on": due_on.isoformat() if due_on else "",
        "entry": application.entry.number if application.entry else "",
    }


def _hromada_of(application: Application) -> Territory | None:
    """Return the hromada whose registrar examines: that of the registered address, else of the first one.

    Kyiv and Sevastopol have no hromada above them and stand for themselves.
    """
    content, entry = application.content, application.entry
    sites = [key for key in keys_of(content, "sites") if content.get(f"sites/{key}/territory")]
    legal = [key for key in sites if content.get(f"sites/{key}/kind") == SiteKind.LEGAL]
    codes = [content[f"sites/{key}/territory"] for key in legal or sites]
    unit = Territory.objects.select_related("hromada", "oblast").filter(code__in=codes[:1]).first()
    if unit is None and entry is not None:
        unit = entry.hromada or entry.oblast
    if unit is None or unit.hromada:
        return unit and unit.hromada
    return unit.oblast if unit.oblast and unit.oblast.category == UnitCategory.SPECIAL_CITY else None


def _due_on(profile: RuleProfile | None, now: datetime) -> date | None:
    """Return the last day for the decision; none while the table of terms has no amount, or no calendar for it."""
    rule = decision_rule(profile, day_of(now))
    try:
        return norms.due(rule, now, load_calendar()).on if rule else None
    except UnknownDay:
        return None


def _receipt(number: str, digest: str, now: datetime) -> VerificationCode:
    """Issue the code of the receipt, in the language of the register: whoever reads the paper reads its title."""
    with translation.override(settings.LANGUAGE_CODE):
        title = _("Receipt of application № %(number)s to the register of providers") % {"number": number}
    return verification.issue(
        kind=RECEIPT_KIND, subject=f"registry.application:{number}", title=title, at=now, document_digest=digest
    )


# --- what needs no decision ----------------------------------------------------------------------------------------


def _is_trivial(application: Application) -> bool:
    """Say whether the policy lets every change of this amendment pass without a decision."""
    if application.kind != ApplicationKind.AMENDMENT:
        return False
    policy = RegisterPolicy.objects.filter(profile=application.profile_id).first()
    parts = tuple(policy.trivial_parts) if policy else ()
    changed = changed_paths(prefilled_of(application), application.content)
    return bool(changed) and all(any(path == part or path.startswith(f"{part}/") for part in parts) for path in changed)


def _enter_at_once(application: Application, actor: Actor, now: datetime) -> bool:
    """Enter the changes, or leave them to people where the register has changed the same fields meanwhile."""
    try:
        record = record_from(amended_content(application), application)
        check_once(record)
    except (ChangedInRegisterError, SamePartTwiceError):
        return False
    with translation.override(settings.LANGUAGE_CODE):
        ground = _("application № %(number)s; the rules let this change pass without a decision") % {
            "number": application.number
        }
    put_providers([record], actor=actor, ground=ground, now=now, replace_parts=True)
    move(application, "enter_at_once", actor=actor, now=now, comment=ground)
    return True
