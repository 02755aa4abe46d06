"""Rules of freshness, documents that end and people who speak for a provider, for tests."""

from datetime import date
from typing import Any

from portal.accounts.models import User
from registry.models import Criterion, Evidence, FreshnessRule, Ground, RegisterEntry, Service, ServiceType
from tests.factories.accounts import make_mandate, make_person

STEPS = {
    "due_after": 180,
    "overdue_after": 240,
    "lowered_after": 300,
    "hidden_after": 365,
    "availability_expires": 14,
    "evidence_notice": 30,
}


def make_rule(service_type: ServiceType | None = None, **steps: int) -> FreshnessRule:
    """Return a rule for the service, or for the rest."""
    return FreshnessRule.objects.create(service_type=service_type, **{**STEPS, **steps})


def make_criterion(slug: str = "staff", **facts: Any) -> Criterion:
    values = {"group": "general", "text_uk": "Є працівники з потрібною освітою", "valid_from": date(2020, 3, 3)}
    return Criterion.objects.create(slug=slug, **{**values, **facts})


def make_evidence(entry: RegisterEntry, expires_on: date, *, service: Service | None = None, **facts: Any) -> Evidence:
    criterion = facts.pop("criterion", None) or Criterion.objects.filter(slug="staff").first() or make_criterion()
    return Evidence.objects.create(entry=entry, service=service, criterion=criterion, expires_on=expires_on, **facts)


def make_grounds() -> None:
    """Put in the two grounds by which the clock suspends and gives back."""
    day = date(2021, 1, 27)
    Ground.objects.create(
        slug="suspend-evidence",
        outcome="suspend",
        text_uk="Закінчився строк дії документа.",
        act="185-2020",
        valid_from=day,
    )
    Ground.objects.create(
        slug="restore-eliminated",
        outcome="restore",
        text_uk="Причину призупинення усунено.",
        act="99-2021",
        valid_from=day,
    )


def make_speaker(entry: RegisterEntry, **fields: Any) -> User:
    """Return a person with a mandate of the provider."""
    person = make_person(**fields)
    make_mandate(person, entry.organisation)
    return person
