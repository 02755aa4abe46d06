"""Submitting an application: once, whole, by whoever may, under the rules of the day."""

from datetime import date, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from portal.accounts.enums import LegalForm
from portal.accounts.models import Claim, Organisation
from portal.kernel import audit, verification
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from registry.domain.applying import (
    ChangedMeanwhileError,
    NotReadyError,
    withdraw_application,
)
from registry.domain.contents import record_from
from registry.domain.drafts import save_draft
from registry.domain.providers import put_providers
from registry.domain.records import ProviderRecord, SiteRecord
from registry.domain.standing import exclude_entry
from registry.enums import ApplicationState
from registry.models import Application
from tests.factories.accounts import make_mandate, make_organisation, make_person
from tests.factories.applications import (
    fill,
    make_criteria,
    make_draft,
    make_representative,
    make_rules,
    make_submitted,
    save,
    submit,
)
from tests.factories.registry import NOW, REGISTRAR, make_provider, make_territories, next_edrpou
from tests.registry.applying import MOMENT, RNOKPP, press, traces

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


# --- submitting ------------------------------------------------------------------------------------------------------


def test_submission_gives_number_moment_digest_receipt_and_the_rules(heard, django_capture_on_commit_callbacks):
    make_criteria()
    profile = make_rules()
    draft, key = fill(make_draft()), uuid4()

    with django_capture_on_commit_callbacks(execute=True):
        application = press(draft, key=key)

    stored = Application.objects.get(pk=draft.pk)
    assert (stored.state, stored.number, stored.submission_key) == ("submitted", "2026-000001", key)
    assert (stored.submitted_at, stored.submitted_by) == (MOMENT, draft.created_by)
    assert stored.digest == sha256(audit.canonical(stored.content).encode()).hexdigest()
    assert (stored.profile, stored.hromada) == (profile, make_territories().dykanska)
    assert (stored.decision_due_on, stored.closed_at) == (None, None)
    code = stored.receipt
    assert (code.kind, code.subject) == ("application-receipt", "registry.application:2026-000001")
    assert (code.document_digest, code.is_valid) == (stored.digest, True)
    assert verification.kind_label(code.kind) != code.kind
    assert heard == [(application.pk, "submit")]


def test_submission_is_logged_without_a_word_of_the_content():
    make_criteria()
    draft = fill(
        make_draft(), **{"contacts/3/kind": "head", "contacts/3/value": "Таємна Особа", "contacts/3/private": True}
    )
    application = press(draft)

    (step,) = application.steps.all()
    assert (step.step, step.from_state, step.to_state, step.by) == ("submit", "draft", "submitted", draft.created_by)
    entry = LogEntry.objects.get()
    assert (entry.tag, entry.actor_role) == ("registry:application:submit", "provider")
    assert entry.subject == "registry.application:2026-000001"
    for secret in ("Таємна", draft.organisation.name, draft.created_by.email, "Прибирання"):
        assert secret not in entry.payload
    assert audit.verify() is None


def test_numbers_follow_one_another_within_the_year_of_kyiv():
    first = make_submitted()
    second = make_submitted()
    next_year = make_submitted(now=NOW.replace(month=12, day=31, hour=22, minute=30))

    assert [first.number, second.number, next_year.number] == ["2026-000001", "2026-000002", "2027-000001"]


@pytest.mark.parametrize("same_key", [True, False])
def test_second_press_is_the_same_submission(same_key):
    make_criteria()
    draft, key = fill(make_draft()), uuid4()
    first = press(draft, key=key)
    before = traces()

    second = press(draft, key=key if same_key else uuid4(), version=1, now=MOMENT + timedelta(days=1))

    assert (second.pk, second.number, second.submitted_at) == (first.pk, first.number, MOMENT)
    assert traces() == before


def test_key_of_another_application_is_refused():
    key = uuid4()
    press(fill(make_draft()), key=key)

    with pytest.raises(StepRefused):
        press(fill(make_draft()), key=key)


def test_incomplete_draft_is_refused_with_everything_that_is_missing():
    draft = make_draft()
    before = traces()

    with pytest.raises(NotReadyError) as caught:
        press(draft)

    parts = [problem.part for problem in caught.value.problems]
    assert parts == sorted(parts, key=["organisation", "sites", "contacts", "services", "consents"].index)
    assert len(parts) == 8
    assert traces() == before
    assert Application.objects.get().state == "draft"


def test_draft_saved_by_somebody_else_after_the_check_is_not_submitted_unread():
    draft = fill(make_draft())
    colleague = make_representative(draft.organisation, scope="editor")
    save_draft(
        application_id=draft.pk, user=colleague, base_version=draft.version, patch={"about/about": "Інше."}, now=NOW
    )

    with pytest.raises(ChangedMeanwhileError) as caught:
        press(draft)

    assert caught.value.application.content["about/about"] == "Інше."
    assert press(draft, version=caught.value.application.version).state == "submitted"


def test_document_that_ended_since_the_draft_was_filled_is_told():
    make_criteria()
    draft = save(fill(make_draft()), {"criteria/1/staff/expires_on": "2026-11-30"})

    with pytest.raises(NotReadyError) as caught:
        press(draft, now=NOW + timedelta(days=9))

    assert [problem.path for problem in caught.value.problems] == ["criteria/1/staff/expires_on"]


# --- who -------------------------------------------------------------------------------------------------------------


def test_only_those_who_may_sign_submit():
    draft = fill(make_draft())
    signatory = make_representative(draft.organisation, scope="signatory")
    former = make_person()
    make_mandate(former, draft.organisation, valid_to=date(2026, 2, 1))
    stranger = make_representative(make_organisation(code=next_edrpou()))

    for user in (make_representative(draft.organisation, scope="editor"), former, stranger, make_person()):
        with pytest.raises(PermissionDenied):
            press(draft, user=user)
        with pytest.raises(PermissionDenied):
            withdraw_application(application_id=fill_submitted(draft).pk, user=user, reason="…", now=NOW)
    assert Application.objects.get(pk=draft.pk).submitted_by is None
    assert press(draft, user=signatory).submitted_by == signatory


def fill_submitted(draft):
    """Return another application of the same organisation that is under way."""
    known = Application.objects.filter(organisation=draft.organisation, kind="exclusion").first()
    return known or Application.objects.create(
        kind="exclusion",
        organisation=draft.organisation,
        state=ApplicationState.SUBMITTED,
        number="2020-000001",
        submitted_at=NOW,
        submitted_by=draft.created_by,
        created_by=draft.created_by,
        created_at=NOW,
        saved_at=NOW,
    )


def test_claimant_submits_for_the_organisation_of_the_own_claim():
    person, organisation = make_person(), make_organisation(code=next_edrpou())
    claim = Claim.objects.create(
        person=person,
        organisation=organisation,
        scope="representative",
        statement="Голова",
        made_organisation=True,
        at=NOW,
    )
    draft = fill(make_draft(organisation=organisation, user=person))

    claim.state, claim.decided_by, claim.decided_at, claim.ground = "refused", make_person(), NOW, "ні"
    claim.save()
    with pytest.raises(PermissionDenied):
        press(draft)
    claim.state, claim.decided_by, claim.decided_at, claim.ground = "pending", None, None, ""
    claim.save()
    assert press(draft).submitted_by == person


# --- whoever the provider is -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", sorted(set(LegalForm.values) - {*LegalForm.carers, LegalForm.SOLE_PROPRIETOR}))
def test_every_legal_form_goes_through_inclusion(form):
    application = make_submitted(**{"organisation/legal_form": form})

    (outcome,) = put_providers(
        [record_from(application.content, application)], actor=REGISTRAR, ground="рішення", now=NOW, replace_parts=True
    )
    entry = outcome.entry
    assert (outcome.kind, entry.organisation, entry.organisation.legal_form) == (
        "created",
        application.organisation,
        form,
    )
    assert (entry.is_open, entry.services.count(), entry.sites.count(), entry.contacts.count()) == (True, 1, 1, 2)


def test_sole_proprietor_goes_through_inclusion_by_a_number_that_nobody_reads():
    organisation = Organisation.objects.create(name="ФОП Відкрита", rnokpp=RNOKPP, person_type="sole_proprietor")
    application = make_submitted(organisation=organisation)

    (outcome,) = put_providers(
        [record_from(application.content, application)], actor=REGISTRAR, ground="рішення", now=NOW
    )

    assert (outcome.entry.organisation, outcome.entry.organisation.legal_form) == (organisation, "sole_proprietor")
    told = [str(application.content), *LogEntry.objects.values_list("payload", flat=True), application.receipt.title]
    assert [text for text in told if RNOKPP in text] == []


def test_branch_goes_through_inclusion_under_its_head():
    head = make_provider()
    application = make_submitted(**{"organisation/head": head.number})

    (outcome,) = put_providers(
        [record_from(application.content, application)], actor=REGISTRAR, ground="рішення", now=NOW
    )

    assert outcome.entry.parent == head


# --- where and until when --------------------------------------------------------------------------------------------


def test_registered_address_decides_who_examines():
    places = make_territories()
    patch = {"sites/1/kind": "service", "sites/2/kind": "legal", "sites/2/street": "вул. Дерибасівська"}

    assert make_submitted(**patch, **{"sites/2/territory": places.odesa.code}).hromada == places.odesa_hromada


@pytest.mark.parametrize(("code", "name"), [("UA80000000000093317", "kyiv"), ("UA53080130000079450", "dykanska")])
def test_city_without_a_hromada_above_it_examines_itself(code, name):
    places = make_territories()

    assert make_submitted(**{"sites/1/territory": code}).hromada == getattr(places, name)


def test_exclusion_is_examined_where_the_entry_is_seated():
    places = make_territories()
    site = SiteRecord(territory_id=places.kyiv.pk, oblast_id=places.kyiv.pk, street="вул. Хрещатик")
    capital = make_provider(sites=[site])

    assert make_submitted("exclusion", organisation=make_provider().organisation).hromada == places.dykanska
    assert make_submitted("exclusion", organisation=capital.organisation).hromada == places.kyiv


def test_term_comes_from_the_table_and_from_the_hromadas_own_rules_first():
    make_rules(days=10)
    own = make_rules(days=3, authority=make_territories().odesa_hromada.code)

    national = make_submitted()
    local = make_submitted(**{"sites/1/territory": make_territories().odesa.code})

    assert national.decision_due_on == date(2026, 12, 2)
    assert (local.profile, local.decision_due_on) == (own, date(2026, 11, 25))


def test_table_without_a_term_gives_no_date_and_an_empty_table_stops_nobody():
    without_rules = make_submitted()
    make_rules()
    without_amount = make_submitted()

    assert (without_rules.profile, without_rules.decision_due_on) == (None, None)
    assert (without_amount.profile is None, without_amount.decision_due_on) == (False, None)


def test_term_in_days_that_no_calendar_knows_gives_no_date():
    profile = make_rules(days=10)
    profile.rules.update(unit="working_days")

    assert make_submitted().decision_due_on is None


# --- what changed meanwhile in the register --------------------------------------------------------------------------


def test_inclusion_of_what_was_included_meanwhile_is_refused():
    draft = fill(make_draft())
    put_providers([ProviderRecord(code=draft.organisation.code)], actor=REGISTRAR, ground="тест", now=NOW)

    with pytest.raises(StepRefused):
        press(draft)


@pytest.mark.parametrize("kind", ["amendment", "exclusion"])
def test_entry_that_left_the_register_is_not_applied_for(kind):
    entry = make_provider()
    draft = fill(make_draft(kind, organisation=entry.organisation))
    exclude_entry(entry_id=entry.pk, actor=REGISTRAR, ground="за рішенням", now=NOW)

    with pytest.raises(StepRefused):
        press(draft)
    put_providers([ProviderRecord(code=entry.organisation.code)], actor=REGISTRAR, ground="знову", now=NOW)
    with pytest.raises(StepRefused):
        press(draft)


# --- queries ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("services", [1, 3])
def test_submission_asks_no_more_for_more_services(services, django_assert_num_queries):
    make_criteria()
    make_rules(days=10)
    draft = fill(make_draft(), services=services)

    with django_assert_num_queries(40):
        submit(draft)
