"""What a decision does to the register, in the same transaction: one function an outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from portal.accounts.mandates import confirm_claim
from portal.accounts.models import Claim
from portal.kernel.workflow import StepRefused
from registry.domain.amending import amended_content
from registry.domain.contents import Content, keys_of, part_of, record_from
from registry.domain.desk import SamePartTwiceError, check_once
from registry.domain.drafts import active_entry_of
from registry.domain.freshness import confirm_entry
from registry.domain.providers import Actor, UnknownHeadError, put_providers
from registry.domain.records import ProviderRecord
from registry.domain.standing import exclude_entry, restore_entry, suspend_entry
from registry.enums import Outcome, VerificationMethod
from registry.models import (
    Application,
    Criterion,
    Evidence,
    Ground,
    OutcomeProposal,
    RegisterDecision,
    RegisterEntry,
    Service,
)

if TYPE_CHECKING:
    from portal.accounts.models import User


@dataclass(frozen=True, slots=True)
class Case:
    """An application about to be decided: what is proposed, who decides, and the ground as the history will say it."""

    application: Application
    proposal: OutcomeProposal
    grounds: tuple[Ground, ...]
    number: str
    ground: str
    by: User
    actor: Actor
    # the role in which the outcome was proposed
    specialist: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Effect:
    """What a decision left: the entry, and the content that was entered with the keys of its services."""

    entry: RegisterEntry | None
    content: Content | None = None
    services: tuple[str, ...] = ()


def carry_out(case: Case) -> Effect:
    """Do to the register what the proposal says; raises `StepRefused` when the register does not allow it any more."""
    return _EFFECTS[case.proposal.outcome](case)


def _include(case: Case) -> Effect:
    application = case.application
    if known := active_entry_of(application.organisation):
        raise StepRefused(_("The provider is in the register already: %(number)s.") % {"number": known.number})
    everything = keys_of(application.content, "services")
    services = tuple(case.proposal.services or everything)
    entry = _put(case, record_from(application.content, application, services=services))
    return Effect(entry, application.content, services)


def _amend(case: Case) -> Effect:
    content = amended_content(case.application)
    entry = _put(case, record_from(content, case.application))
    return Effect(entry, content, tuple(keys_of(content, "services")))


def _put(case: Case, record: ProviderRecord) -> RegisterEntry:
    """Enter the record, and with it the word of two officials that it is right."""
    if not record.key[1]:
        raise StepRefused(_("The organisation has neither a code nor a reference, so it cannot be told from others."))
    demo = case.application.organisation.is_demo
    try:
        check_once(record)
        (outcome,) = put_providers(
            [record], actor=case.actor, ground=case.ground, now=case.now, demo=demo, replace_parts=True
        )
    except SamePartTwiceError as error:
        raise StepRefused(_("The entry would hold the same address, contact or service twice.")) from error
    except UnknownHeadError as error:
        raise StepRefused(_("The head organisation %(number)s is not in the register.") % {"number": error}) from error
    return confirm_entry(
        entry_id=outcome.entry.pk, actor=case.actor, method=VerificationMethod.DECISION, note=case.ground, now=case.now
    )


def _exclude(case: Case) -> Effect:
    return Effect(exclude_entry(**_step(case)))


def _suspend(case: Case) -> Effect:
    return Effect(suspend_entry(**_step(case), until=case.proposal.suspend_until))


def _restore(case: Case) -> Effect:
    return Effect(restore_entry(**_step(case)))


def _step(case: Case) -> dict[str, Any]:
    if case.application.entry_id is None:
        raise StepRefused(_("The provider is not in the register."))
    return {
        "entry_id": case.application.entry_id,
        "actor": case.actor,
        "ground": case.ground,
        "now": case.now,
    }


def _nothing(case: Case) -> Effect:
    return Effect(case.application.entry)


_EFFECTS: Final[dict[str, Callable[[Case], Effect]]] = {
    Outcome.INCLUDE: _include,
    Outcome.INCLUDE_SOME: _include,
    Outcome.AMEND: _amend,
    Outcome.EXCLUDE: _exclude,
    Outcome.SUSPEND: _suspend,
    Outcome.RESTORE: _restore,
    Outcome.RETURN: _nothing,
    Outcome.REFUSE: _nothing,
}


def write_evidence(effect: Effect, decision: RegisterDecision) -> None:
    """Keep what confirmed the criteria of the services entered; what it differs from is replaced, not deleted."""
    if effect.entry is None or effect.content is None:
        return
    services, told = _service_rows(effect), _told(effect)
    criteria = {row.slug: row for row in Criterion.objects.filter(slug__in={slug for _key, slug in told})}
    wanted = {
        (services[key], criteria[slug].pk): values
        for (key, slug), values in told.items()
        if key in services and slug in criteria
    }
    standing = Evidence.objects.filter(entry=effect.entry, replaced_at__isnull=True)
    known = {(row.service_id, row.criterion_id): row for row in standing}
    replaced = [
        row.pk
        for (service, criterion), row in known.items()
        if service is not None and not _says(row, wanted.get((service, criterion)))
    ]
    fresh = [
        Evidence(entry=effect.entry, service_id=service, criterion_id=criterion, decision=decision, **values)
        for (service, criterion), values in wanted.items()
        if not any(_says(known.get((about, criterion)), values) for about in (service, None))
    ]
    standing.filter(pk__in=replaced).update(replaced_at=decision.decided_at)
    Evidence.objects.bulk_create(fresh)


def _says(row: Evidence | None, values: dict[str, Any] | None) -> bool:
    return row is not None and values is not None and all(getattr(row, name) == said for name, said in values.items())


def _told(effect: Effect) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what the content brings for each criterion of each service."""
    found = {}
    for key in effect.services:
        fields = part_of(effect.content or {}, "criteria", key)
        for slug in sorted({path.rpartition("/")[0] for path in fields}):
            document, until = fields.get(f"{slug}/document"), fields.get(f"{slug}/expires_on")
            values = {
                "statement": fields.get(f"{slug}/statement", ""),
                "document_id": UUID(document) if document else None,
                "expires_on": date.fromisoformat(until) if until else None,
            }
            if values["statement"] or values["document_id"]:
                found[(key, slug)] = values
    return found


def _service_rows(effect: Effect) -> dict[str, int]:
    """Return the stored service behind each key of the content: the row it names, else the one of its type and name."""
    content = effect.content or {}
    stored = Service.objects.filter(entry=effect.entry).values_list("pk", "service_type__slug", "title")
    by_name = {(slug, title.casefold()): pk for pk, slug, title in stored}
    known = set(by_name.values())
    rows: dict[str, int] = {}
    for key in effect.services:
        values = part_of(content, "services", key)
        row = values.get("row")
        name = (values.get("service_type", ""), values.get("title", "").casefold())
        found = row if row in known else by_name.get(name)
        if found is not None:
            rows[key] = found
    return rows


def confirm_claims(case: Case) -> None:
    """Confirm with an inclusion that the submitter speaks for the provider, as the specialist has examined.

    What stands against it (a mandate given meanwhile, a specialist who has left) leaves the claim to the desk.
    """
    application = case.application
    claims = Claim.objects.pending().filter(person=application.submitted_by, organisation=application.organisation)
    for claim in claims:
        _confirm(claim, case)


def _confirm(claim: Claim, case: Case) -> None:
    try:
        confirm_claim(claim_id=claim.pk, by=case.proposal.by, role=case.specialist, ground=case.ground, now=case.now)
    except StepRefused:
        return
