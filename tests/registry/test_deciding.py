"""How an application is decided: by another person, with its effect on the register at once."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from portal.accounts.models import Claim, Mandate
from portal.kernel import audit
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from registry.domain import examination
from registry.domain.desk import OutsideTerritoryError
from registry.domain.standing import exclude_entry
from registry.models import (
    EntryChange,
    Evidence,
    RegisterDecision,
    RegisterEntry,
    Verification,
)
from tests.factories.accounts import make_mandate, make_official, make_organisation, make_person
from tests.factories.applications import (
    make_criteria,
    make_submitted,
)
from tests.factories.registry import REGISTRAR, make_provider, next_edrpou
from tests.registry.deciding import NOW, decide, everything, judge, propose, proposed, take

pytestmark = [pytest.mark.django_db, pytest.mark.databases, pytest.mark.usefixtures("read_in_english")]


def test_inclusion_enters_the_provider_with_evidence_verification_and_decision(registrar, approver):
    make_criteria()
    application = proposed(registrar, services=2)

    decision = decide(application, approver)

    application.refresh_from_db()
    entry = application.entry
    assert (application.state, application.closed_at, entry.standing) == ("decided", NOW, "included")
    assert (entry.verified_on, entry.freshness) == (date(2026, 11, 23), "fresh")
    assert Verification.objects.get().method == "decision"
    assert entry.services.count() == 2
    assert (decision.number, decision.entry, decision.proposed_by, decision.decided_by) == (
        "1/2026",
        entry,
        registrar,
        approver,
    )
    assert decision.code.document_digest == audit.digest_of(decision.snapshot)
    logged = LogEntry.objects.get(seq=decision.log_seq)
    assert (logged.tag, logged.actor_role) == ("registry:application:decide", "approver")
    assert audit.digest_of(decision.snapshot) in logged.payload
    first = EntryChange.objects.filter(entry=entry, act="included").get()
    assert (first.by, first.actor_role) == (approver, "approver")
    assert "1/2026" in first.ground
    assert application.number in first.ground
    # two general criteria, one of them with a document that ends, for each service
    rows = Evidence.objects.filter(entry=entry).order_by("service", "criterion__order")
    assert [(row.criterion.slug, bool(row.document), bool(row.expires_on)) for row in rows] == [
        ("founding", False, False),
        ("staff", True, True),
    ] * 2
    assert {row.decision for row in rows} == {decision}
    assert audit.verify() is None


def test_snapshot_says_what_the_paper_needs_and_nothing_private(registrar, approver):
    make_criteria()
    application = proposed(
        registrar,
        **{"contacts/2/private": True, "contacts/2/value": "secret@example.org", "sites/1/room": "кімната 77"},
    )

    snapshot = decide(application, approver).snapshot

    assert snapshot["organisation"]["edrpou"] == application.organisation.code
    assert snapshot["proposed_by"] == {"name": "Олена Коваль", "role": "registrar"}
    assert snapshot["decided_by"] == {"name": "Олена Коваль", "role": "approver"}
    (service,) = snapshot["services"]
    assert (service["name_uk"], service["name_en"], service["included"]) == ("Догляд вдома", "Home care", True)
    assert [row["result"] for row in service["criteria"]] == ["met", "met"]
    assert not [word for word in ("secret@", "кімната", "gov.example", "@") if word in str(snapshot)]


def test_official_without_a_name_is_not_named_by_the_address(registrar, approver):
    approver.first_name = approver.last_name = ""
    approver.save()

    assert decide(proposed(registrar), approver).snapshot["decided_by"] == {"name": "", "role": "approver"}


def test_some_services_are_included_the_others_not(registrar, approver, grounds):
    make_criteria()
    application = take(make_submitted(services=3), registrar)
    judge(application, registrar, services={"1", "3"})
    propose(application, registrar, "include_some", [grounds["include_some"]], "Ні.", services=["3", "1"])

    decision = decide(application, approver)

    assert sorted(decision.entry.services.values_list("title", flat=True)) == ["Послуга 1", "Послуга 3"]
    assert [row["included"] for row in decision.snapshot["services"]] == [True, False, True]
    assert decision.grounds == [
        {
            "slug": "include_some-ground",
            "text_uk": "Підстава: include_some.",
            "text_en": "",
            "act": "99-2021",
            "point": "п. 7",
            "verified": False,
        }
    ]
    assert set(Evidence.objects.values_list("service__title", flat=True)) == {"Послуга 1", "Послуга 3"}


@pytest.mark.parametrize("outcome", ["return", "refuse"])
def test_return_and_refusal_leave_the_register_alone(registrar, approver, grounds, outcome):
    application = proposed(registrar, outcome, [grounds[outcome]], "Причина.")

    decision = decide(application, approver)

    assert (RegisterEntry.objects.count(), EntryChange.objects.count(), decision.entry) == (0, 0, None)
    assert decision.snapshot["services"][0]["included"] is False


def test_the_person_who_proposed_does_not_decide(places, grounds):
    both = make_official("registrar", places.dykanska)
    both.groups.add(*make_official("approver", places.poltavska).groups.all())
    application = proposed(both)
    before = everything()

    with pytest.raises(StepRefused, match="another person decides"):
        decide(application, both)

    assert everything() == before


@pytest.mark.parametrize("part", ["take", "check", "propose"])
def test_administrator_does_one_part_and_never_both(registrar, approver, part):
    make_criteria()
    administrator = make_official("administrator")
    application = take(make_submitted(), administrator if part == "take" else registrar)
    judge(application, administrator if part == "check" else registrar)
    propose(application, administrator if part == "propose" else registrar)

    with pytest.raises(StepRefused, match="another person decides"):
        decide(application, administrator)
    assert decide(application, approver).decided_by == approver


def test_who_has_sent_back_does_not_propose(registrar):
    administrator = make_official("administrator")
    application = proposed(registrar)
    examination.send_back(application_id=application.pk, user=administrator, reason="Уточніть.", now=NOW)

    with pytest.raises(StepRefused, match="another person examines"):
        propose(application, administrator)
    propose(application, registrar)
    assert decide(application, administrator).decided_by == administrator


@pytest.mark.parametrize(
    ("role", "scope", "error"),
    [
        ("registrar", "poltavska", PermissionDenied),
        ("auditor", "poltavska", PermissionDenied),
        ("approver", "odeska", OutsideTerritoryError),
    ],
)
def test_only_the_approver_of_the_territory_decides(places, registrar, role, scope, error):
    application = proposed(registrar)
    user = make_official(role, getattr(places, scope))
    before = everything()

    for step, fields in ((examination.decide, {}), (examination.send_back, {"reason": "Ні."})):
        with pytest.raises(error):
            step(application_id=application.pk, user=user, now=NOW, **fields)

    assert everything() == before


def test_approver_who_speaks_for_the_provider_does_not_decide(registrar, approver):
    application = proposed(registrar)
    make_mandate(approver, application.organisation, "editor")

    with pytest.raises(StepRefused, match="speak for this provider"):
        decide(application, approver)


def test_database_itself_keeps_the_two_people_apart(registrar, approver):
    decision = decide(proposed(registrar), approver)

    with pytest.raises(IntegrityError, match="decision_by_two_people"), transaction.atomic():
        RegisterDecision.objects.filter(pk=decision.pk).update(decided_by=registrar)


def test_sent_back_proposal_stays_readable_and_another_follows(registrar, approver, grounds):
    application = proposed(registrar)

    with pytest.raises(StepRefused):
        examination.send_back(application_id=application.pk, user=approver, reason=" ", now=NOW)
    first = examination.send_back(application_id=application.pk, user=approver, reason="Уточніть адресу.", now=NOW)
    propose(application, registrar, "refuse", [grounds["refuse"]], "Причина.")
    decision = decide(application, approver)

    first.refresh_from_db()
    assert (first.outcome, first.sent_back_by, first.sent_back_reason) == ("include", approver, "Уточніть адресу.")
    assert decision.outcome == "refuse"


def test_decided_application_moves_no_more(registrar, approver):
    application = proposed(registrar)
    decide(application, approver)
    before = everything()

    with pytest.raises(StepRefused):
        decide(application, approver)
    with pytest.raises(StepRefused):
        take(application, registrar)

    assert everything() == before


def test_numbers_of_decisions_count_within_the_year(registrar, approver):
    applications = [proposed(registrar) for _turn in range(3)]
    new_year = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)  # half past midnight in Kyiv

    numbers = [
        decide(application, approver, now).number
        for application, now in zip(applications, (NOW, NOW, new_year), strict=True)
    ]

    assert numbers == ["1/2026", "2/2026", "1/2027"]


def test_provider_included_meanwhile_is_not_included_twice(registrar, approver):
    application = proposed(registrar)
    make_provider(code=application.organisation.code)

    with pytest.raises(StepRefused, match="in the register already"):
        decide(application, approver)
    assert RegisterEntry.objects.count() == 1


def test_excluded_provider_comes_back_with_a_new_number(registrar, approver):
    entry = make_provider()
    exclude_entry(entry_id=entry.pk, actor=REGISTRAR, ground="за заявою", now=NOW)

    decision = decide(proposed(registrar, organisation=entry.organisation), approver)

    assert decision.entry.number != entry.number
    assert decision.entry.organisation == entry.organisation


def test_claim_of_the_submitter_is_confirmed_with_the_inclusion(registrar, approver):
    organisation = make_organisation(code=next_edrpou())
    person = make_person()
    claim = Claim.objects.create(
        person=person, organisation=organisation, scope="representative", statement="x", made_organisation=True, at=NOW
    )
    other = Claim.objects.create(person=make_person(), organisation=organisation, scope="editor", statement="x", at=NOW)
    application = proposed(registrar, organisation=organisation, user=person)

    decide(application, approver)

    claim.refresh_from_db()
    other.refresh_from_db()
    assert (claim.state, claim.decided_by, other.state) == ("confirmed", registrar, "pending")
    assert Mandate.objects.get(person=person).organisation == organisation


@pytest.mark.parametrize("outcome", ["return", "refuse"])
def test_claim_stays_open_where_nothing_is_included(registrar, approver, grounds, outcome):
    organisation = make_organisation(code=next_edrpou())
    person = make_person()
    Claim.objects.create(
        person=person, organisation=organisation, scope="representative", statement="x", made_organisation=True, at=NOW
    )

    decide(proposed(registrar, outcome, [grounds[outcome]], "Ні.", organisation=organisation, user=person), approver)

    assert Claim.objects.get().state == "pending"
