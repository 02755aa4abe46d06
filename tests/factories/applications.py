"""Applications in every state that a provider brings them to; an official's steps are for the tests themselves."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile

from portal.accounts.models import Organisation, User
from portal.kernel.models import Act, DeadlineRule, RuleProfile
from registry.domain.applying import submit_application
from registry.domain.drafts import attach_document, criteria_of, save_draft, start_application
from registry.models import Application, Criterion, Ground, RegisterPolicy
from tests.factories.accounts import make_mandate, make_organisation, make_person
from tests.factories.registry import make_catalogue, make_territories, next_edrpou

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = date(2028, 11, 22)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def make_representative(organisation: Organisation, scope: str = "representative", **fields: Any) -> User:
    """Return a new person with an active mandate of the organisation."""
    person = make_person(**fields)
    make_mandate(person, organisation, scope)
    return person


def make_criteria() -> dict[str, Criterion]:
    """Return four criteria, made once a test: two general, one of them with a document that ends, and two special."""
    words = make_catalogue()

    def criterion(slug: str, group: str, **facts: Any) -> Criterion:
        values = {"group": group, "text_uk": f"Критерій «{slug}».", "valid_from": date(2020, 3, 3), **facts}
        return Criterion.objects.get_or_create(slug=slug, defaults=values)[0]

    found = {
        "founding": criterion("founding", "general", order=1),
        "staff": criterion("staff", "general", evidence_required=True, evidence_expires=True, order=2),
        "premises": criterion("premises", "special", evidence_required=True, order=3),
        "urgent": criterion("urgent", "special", for_urgent=True, order=4),
    }
    found["premises"].for_services.add(words.shelter)
    found["premises"].for_forms.add(words.residential)
    return found


def make_rules(*, days: int | None = None, authority: str = "", **policy: Any) -> RuleProfile:
    """Return the rules of the register with the term of its decision (none: not set in the table) and a policy."""
    start = date(2020, 1, 1)
    profile, _ = RuleProfile.objects.get_or_create(
        procedure="registry", authority=authority, valid_from=start, defaults={"title": "Реєстр"}
    )
    act, _ = Act.objects.get_or_create(code="99-2021", defaults={"title": "Положення про Реєстр", "number": "99"})
    rule = {
        "amount": days,
        "unit": "calendar_days" if days else "",
        "act": act,
        "anchor": "подано",
        "action": "рішення",
    }
    DeadlineRule.objects.update_or_create(
        profile=profile, code="registry-decision", effective_from=start, defaults=rule
    )
    RegisterPolicy.objects.update_or_create(profile=profile, defaults=policy)
    return profile


def make_draft(
    kind: str = "inclusion",
    *,
    organisation: Organisation | None = None,
    user: User | None = None,
    now: datetime = NOW,
) -> Application:
    """Return a fresh draft; who began it (`created_by`) represents the organisation."""
    organisation = organisation or make_organisation(code=next_edrpou())
    user = user or make_representative(organisation)
    return start_application(user=user, organisation_id=organisation.pk, kind=kind, now=now)


def save(application: Application, patch: dict[str, Any], *, now: datetime = NOW) -> Application:
    """Save the patch as the person who began the draft, and insist that all of it was taken."""
    saved = save_draft(
        application_id=application.pk,
        user=application.created_by,
        base_version=application.version,
        patch=patch,
        now=now,
    )
    assert (saved.conflicts, saved.refused) == ([], {})
    return saved.application


def organisation_part(application: Application) -> dict[str, Any]:
    """Return what the organisation part lacks, for a person of the kind that the organisation is."""
    is_person = application.organisation.person_type == "sole_proprietor"
    return {
        "organisation/name": application.organisation.name,
        "organisation/person_type": application.organisation.person_type,
        "organisation/legal_form": "sole_proprietor" if is_person else "public_association",
        "organisation/ownership_form": "private",
        "organisation/sector": "non_state",
        "about/about": "Допомагаємо людям удома з 2015 року.",
    }


def site_part(key: str = "1") -> dict[str, Any]:
    places = make_territories()
    return {
        f"sites/{key}/kind": "legal" if key == "1" else "service",
        f"sites/{key}/territory": places.dykanka.code,
        f"sites/{key}/street": "вул. Незалежності",
        f"sites/{key}/building": f"{key}33",
    }


def service_part(key: str = "1", service_type: str = "home-care") -> dict[str, Any]:
    places, _words = make_territories(), make_catalogue()
    return {
        f"services/{key}/service_type": service_type,
        f"services/{key}/title": f"Послуга {key}",
        f"services/{key}/content": "Прибирання, приготування їжі, купівля ліків.",
        f"services/{key}/conditions": "Заява і паспорт.",
        f"services/{key}/groups": ["older-people"],
        f"services/{key}/delivery_forms": ["home"],
        f"services/{key}/price_mode": "tariff",
        f"services/{key}/price": "120.50",
        f"services/{key}/price_unit": "person_hour",
        f"services/{key}/capacity": 40,
        f"services/{key}/capacity_on": "2026-11-01",
        f"services/{key}/area_kind": "hromadas",
        f"services/{key}/areas": [places.dykanska.code],
    }


CONTACTS = {
    "contacts/1/kind": "phone",
    "contacts/1/value": "+380 53 519 00 00",
    "contacts/2/kind": "email",
    "contacts/2/value": "office@example.org",
}
CONSENTS = {"consents/personal_data": True, "consents/accuracy": True}


def fill(application: Application, *, services: int = 1, now: datetime = NOW, **patch: Any) -> Application:
    """Make the draft complete and fit to be submitted; `patch` holds further paths, given as `**{"path": value}`.

    An inclusion gets an organisation, an address, two contacts, services with every criterion in force answered; an
    amendment says something new about the provider; an exclusion has its reason.
    """
    if application.kind == "exclusion":
        return save(application, {"exclusion/reason": "Припиняємо діяльність.", **CONSENTS, **patch}, now=now)
    if application.kind == "amendment":
        application = save(application, {"about/about": "Тепер працюємо і у вихідні.", **CONSENTS, **patch}, now=now)
        return answer_criteria(application, now=now)
    part = {**organisation_part(application), **site_part(), **CONTACTS, **CONSENTS}
    for number in range(1, services + 1):
        part |= {**service_part(str(number)), f"services/{number}/at_sites": ["1"]}
    return answer_criteria(save(application, {**part, **patch}, now=now), now=now)


def answer_criteria(application: Application, *, now: datetime = NOW) -> Application:
    """State every criterion in force that has no statement yet, with a document that holds for two years."""
    for key, criteria in criteria_of(application).items():
        for criterion in criteria:
            path = f"criteria/{key}/{criterion.slug}"
            if f"{path}/statement" in application.content:
                continue
            application = save(application, {f"{path}/statement": "Так, виконуємо."}, now=now)
            if criterion.evidence_required:
                application = attach(application, f"{path}/document", now=now)
            if criterion.evidence_expires:
                application = save(application, {f"{path}/expires_on": LATER.isoformat()}, now=now)
    return application


def attach(application: Application, path: str, *, now: datetime = NOW) -> Application:
    """Attach a small PDF as evidence."""
    _document, saved = attach_document(
        application_id=application.pk,
        user=application.created_by,
        path=path,
        file=ContentFile(PDF, name="підтвердження.pdf"),
        base_version=application.version,
        now=now,
    )
    return saved.application


def make_submitted(
    kind: str = "inclusion",
    *,
    organisation: Organisation | None = None,
    user: User | None = None,
    services: int = 1,
    now: datetime = NOW,
    **patch: Any,
) -> Application:
    """Return a complete application, submitted a minute after it was begun."""
    draft = fill(make_draft(kind, organisation=organisation, user=user, now=now), services=services, now=now, **patch)
    return submit(draft, now=now + timedelta(minutes=1))


def submit(application: Application, *, now: datetime = NOW) -> Application:
    """Submit the draft as the person who began it."""
    return submit_application(
        application_id=application.pk,
        user=application.created_by,
        version=application.version,
        key=uuid4(),
        now=now,
    )


def make_grounds() -> dict[str, Ground]:
    """Return one ground in force for each outcome that needs one, made once a test."""
    return {
        outcome: Ground.objects.get_or_create(
            slug=f"{outcome}-ground",
            defaults={
                "outcome": outcome,
                "text_uk": f"Підстава: {outcome}.",
                "act": "99-2021",
                "point": "п. 7",
                "valid_from": date(2021, 1, 27),
            },
        )[0]
        for outcome in ("include_some", "return", "refuse", "suspend", "restore", "exclude")
    }
