"""A draft is begun with what is known, by those who may; what was returned is not lost."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile

from portal.accounts.enums import LegalForm
from portal.accounts.models import Claim, Organisation
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from registry.domain import draft_fields, drafts
from registry.domain.providers import put_providers
from registry.domain.records import ContactRecord, ProviderRecord
from registry.domain.standing import exclude_entry
from registry.enums import ApplicationKind, ApplicationState, Outcome
from registry.models import Application, DraftVersion, RegisterDecision
from tests.factories.accounts import make_mandate, make_organisation, make_person
from tests.factories.applications import CONSENTS, PDF, make_criteria, make_draft, make_representative, make_submitted
from tests.factories.registry import (
    NOW,
    REGISTRAR,
    make_carer,
    make_provider,
    next_edrpou,
)
from tests.registry.drafting import content, put, start

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


# --- beginning -------------------------------------------------------------------------------------------------------


def test_draft_is_begun_once_and_found_again_by_colleagues(draft, colleague):
    again = start(colleague, draft.organisation)

    assert (again.pk, again.created_by_id, again.version) == (draft.pk, draft.created_by_id, 1)
    assert Application.objects.count() == DraftVersion.objects.count() == 1
    assert LogEntry.objects.count() == 0


def test_draft_of_a_new_organisation_holds_what_the_claim_said_and_no_answer_nobody_gave(draft):
    assert draft.content == {
        "organisation/name": draft.organisation.name,
        "organisation/person_type": "legal_entity",
    }


def test_amendment_is_filled_from_the_card_as_it_stands():
    entry = make_provider(about="Про нас")
    draft = make_draft("amendment", organisation=entry.organisation)

    assert (draft.entry, draft.entry_version) == (entry, 1)
    assert (draft.content["about/about"], draft.content["services/1/capacity"]) == ("Про нас", 40)
    assert DraftVersion.objects.get().patch == draft.content


def test_inclusion_after_an_exclusion_is_filled_from_the_old_card():
    entry = make_provider(about="Колишні")
    exclude_entry(entry_id=entry.pk, actor=REGISTRAR, ground="за заявою", now=NOW)

    draft = make_draft(organisation=entry.organisation)

    assert draft.entry is None
    assert draft.content["about/about"] == "Колишні"
    assert not [path for path in draft.content if path.endswith("/row")]


@pytest.mark.parametrize("kind", ["inclusion", "initiative", "нісенітниця"])
def test_what_makes_no_sense_for_an_included_provider_is_refused(kind):
    entry = make_provider()

    with pytest.raises(StepRefused):
        make_draft(kind, organisation=entry.organisation)


@pytest.mark.parametrize("kind", ["amendment", "exclusion"])
def test_nothing_is_changed_or_left_outside_the_register(kind):
    with pytest.raises(StepRefused, match=r"^\S.*\.$"):
        make_draft(kind)


def test_natural_persons_giving_care_stay_outside(draft):
    carer = make_carer().organisation
    person = Organisation.objects.create(name="Доглядальниця", person_type="natural_person")

    for organisation in (carer, person):
        user = make_representative(organisation)
        for kind in ("inclusion", "amendment", "exclusion"):
            with pytest.raises(StepRefused):
                start(user, organisation, kind)
    for path, value in (
        *(("organisation/legal_form", form) for form in LegalForm.carers),
        ("organisation/person_type", "natural_person"),
    ):
        assert put(draft, {path: value}).refused == {path: str(draft_fields.CARERS)}
    assert content(draft) == draft.content


def test_second_inclusion_waits_for_the_first():
    submitted = make_submitted()

    with pytest.raises(StepRefused, match=submitted.number):
        start(submitted.created_by, submitted.organisation)


def test_amendments_may_follow_one_another():
    entry = make_provider()
    first = make_submitted("amendment", organisation=entry.organisation)

    second = start(first.created_by, entry.organisation, "amendment")

    assert second.pk != first.pk


def test_claimant_drafts_for_the_organisation_of_the_own_claim_alone():
    person, made, known = make_person(), make_organisation(code=next_edrpou()), make_provider().organisation
    for organisation, is_new in ((made, True), (known, False)):
        Claim.objects.create(
            person=person,
            organisation=organisation,
            scope="representative",
            statement="Голова",
            made_organisation=is_new,
            at=NOW,
        )

    assert start(person, made).created_by == person
    for kind in ("inclusion", "amendment"):
        with pytest.raises(StepRefused):
            start(person, known, kind)


def returned(application):
    """Close the application with a decision to return it, as two officials would."""
    application.state, application.closed_at = ApplicationState.DECIDED, NOW
    application.save()
    RegisterDecision.objects.create(
        number=f"{application.number}/R",
        application=application,
        outcome=Outcome.RETURN,
        decided_by=make_person(),
        decided_at=NOW,
    )
    return application


def test_new_draft_holds_what_was_returned_but_not_the_consents():
    make_criteria()
    old = returned(make_submitted())

    new = start(old.created_by, old.organisation)

    assert new.pk != old.pk
    assert new.content == {path: value for path, value in old.content.items() if path not in CONSENTS}


def test_returned_amendment_is_made_again_on_the_card_as_it_is_now():
    entry = make_provider(contacts=[ContactRecord("phone", "+380535190000"), ContactRecord("email", "a@example.org")])
    old = make_submitted(
        "amendment",
        organisation=entry.organisation,
        **{"contacts/2/value": "new@example.org", "contacts/3/kind": "phone", "contacts/3/value": "102"},
    )
    returned(old)
    contacts = [ContactRecord("email", "a@example.org", row_id=entry.contacts.get(kind="email").pk)]
    record = ProviderRecord(code=entry.organisation.code, contacts=contacts, services_note="змінив реєстратор")
    put_providers([record], actor=REGISTRAR, ground="тест", now=NOW, replace_parts=True)

    new = start(old.created_by, entry.organisation, "amendment")

    assert {path: value for path, value in new.content.items() if path.startswith("contacts/")} == {
        "contacts/1/kind": "email",
        "contacts/1/value": "new@example.org",
        "contacts/1/row": entry.contacts.get(kind="email").pk,
        "contacts/2/kind": "phone",
        "contacts/2/value": "102",
    }
    assert (new.version, new.entry_version) == (2, 2)
    assert drafts.problems_of(new)[0].path == "consents/personal_data"


# --- who -------------------------------------------------------------------------------------------------------------


def test_draft_of_another_organisation_is_closed(draft):
    stranger = make_representative(make_organisation(code=next_edrpou()))
    former = make_person()
    make_mandate(former, draft.organisation, valid_to=date(2026, 2, 1))

    for user in (stranger, former, make_person()):
        with pytest.raises(StepRefused):
            start(user, draft.organisation)
        with pytest.raises(PermissionDenied):
            put(draft, {"about/about": "чуже"}, user=user)
        with pytest.raises(PermissionDenied):
            drafts.import_draft(
                application_id=draft.pk, user=user, base_version=1, data=drafts.export_draft(draft), now=NOW
            )
        with pytest.raises(PermissionDenied):
            drafts.attach_document(
                application_id=draft.pk,
                user=user,
                path="criteria/1/staff/document",
                file=ContentFile(PDF, name="a.pdf"),
                base_version=1,
                now=NOW,
            )
    assert content(draft) == draft.content


def test_registrars_own_case_is_nobodys_draft():
    entry = make_provider()
    user = make_representative(entry.organisation)
    case = Application.objects.create(
        kind=ApplicationKind.INITIATIVE,
        organisation=entry.organisation,
        entry=entry,
        created_by=user,
        created_at=NOW,
        saved_at=NOW,
    )

    with pytest.raises(PermissionDenied):
        put(case, {"about/about": "…"})
    assert drafts.problems_of(case) == []
