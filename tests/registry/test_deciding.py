"""How an application is decided: proposed by one, decided by another, with its effect on the register at once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import translation

from portal.accounts.models import Claim, Mandate
from portal.kernel import audit
from portal.kernel.models import LogEntry, VerificationCode
from portal.kernel.workflow import StepRefused
from registry.domain import deciding, examination
from registry.domain.desk import OutsideTerritoryError, change_entry, current_record
from registry.domain.drafts import criteria_of
from registry.domain.standing import exclude_entry
from registry.models import (
    Application,
    EntryChange,
    Evidence,
    Ground,
    RegisterDecision,
    RegisterEntry,
    Verification,
)
from tests.factories.accounts import make_mandate, make_official, make_organisation, make_person
from tests.factories.applications import (
    fill,
    make_criteria,
    make_draft,
    make_representative,
    make_submitted,
    save,
    service_part,
    submit,
)
from tests.factories.registry import REGISTRAR, make_provider, next_edrpou, provider_record

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OUTCOMES = ("include_some", "return", "refuse", "exclude", "suspend", "restore")


@pytest.fixture(autouse=True)
def read_in_english():
    translation.activate("en")


@pytest.fixture
def grounds():
    """Return one ground in force for each outcome that needs one."""
    return {
        outcome: Ground.objects.create(
            slug=f"{outcome}-ground",
            outcome=outcome,
            text_uk=f"Підстава: {outcome}.",
            act="99-2021",
            valid_from=date(2021, 1, 27),
        )
        for outcome in OUTCOMES
    }


def take(application, registrar):
    return examination.take_application(application_id=application.pk, user=registrar, now=NOW)


def judge(application, registrar, result="met", services=None):
    """Judge every criterion of the services (all of them) the same way."""
    for key, criteria in criteria_of(application).items():
        for criterion in criteria if services is None or key in services else ():
            examination.check_criterion(
                application_id=application.pk,
                user=registrar,
                criterion_id=criterion.pk,
                service_key=key,
                result=result,
                note="" if result == "met" else "примітка",
                now=NOW,
            )


def propose(application, registrar, outcome="include", grounds=(), reason="", **fields):
    return examination.propose_outcome(
        application_id=application.pk,
        user=registrar,
        outcome=outcome,
        ground_ids=[ground.pk for ground in grounds],
        reason=reason,
        now=NOW,
        **fields,
    )


def decide(application, approver, now=NOW):
    return examination.decide(application_id=application.pk, user=approver, now=now)


def proposed(registrar, outcome="include", grounds=(), reason="", kind="inclusion", fields=None, **making):
    """Return an application that waits for the approver."""
    application = take(make_submitted(kind, **making), registrar)
    judge(application, registrar)
    propose(application, registrar, outcome, grounds, reason, **(fields or {}))
    application.refresh_from_db()
    return application


def everything():
    """Count whatever a refused step might have left."""
    return [
        model.objects.count()
        for model in (RegisterEntry, EntryChange, RegisterDecision, LogEntry, VerificationCode, Evidence, Verification)
    ]


# --- proposing ---------------------------------------------------------------------------------------------------------


def test_inclusion_waits_until_every_criterion_of_every_service_is_judged(registrar):
    make_criteria()
    application = take(make_submitted(services=2), registrar)
    judge(application, registrar, services={"1"})

    with pytest.raises(StepRefused, match="judged"):
        propose(application, registrar)

    judge(application, registrar, services={"2"})
    assert propose(application, registrar).outcome == "include"


def test_inclusion_is_not_proposed_with_a_criterion_unmet_but_with_one_that_does_not_apply(registrar):
    criteria = make_criteria()
    application = take(make_submitted(), registrar)
    judge(application, registrar)
    again = {"application_id": application.pk, "user": registrar, "service_key": "1", "now": NOW}
    again["criterion_id"] = criteria["staff"].pk

    examination.check_criterion(result="not_met", note="немає", **again)
    with pytest.raises(StepRefused, match="not met"):
        propose(application, registrar)

    examination.check_criterion(result="not_applicable", note="без персоналу", **again)
    assert propose(application, registrar).outcome == "include"


@pytest.mark.parametrize("services", [(), ("1", "2"), ("1", "9"), ("9",)])
def test_some_services_are_some_and_not_all(registrar, grounds, services):
    application = take(make_submitted(services=2), registrar)

    with pytest.raises(StepRefused, match="Choose which"):
        propose(application, registrar, "include_some", [grounds["include_some"]], "Причина.", services=services)


def test_some_services_are_judged_and_met(registrar, grounds):
    make_criteria()
    application = take(make_submitted(services=2), registrar)
    judge(application, registrar, services={"1"})
    judge(application, registrar, "not_met", services={"2"})
    rest = ("include_some", [grounds["include_some"]], "Друга послуга не відповідає.")

    with pytest.raises(StepRefused, match="not met"):
        propose(application, registrar, *rest, services=["2"])
    assert propose(application, registrar, *rest, services=["1"]).services == ["1"]


@pytest.mark.parametrize("outcome", ["return", "refuse"])
def test_every_other_outcome_has_a_ground_of_its_own_and_reasons(registrar, grounds, outcome):
    application = take(make_submitted(), registrar)
    old = Ground.objects.create(
        slug="old", outcome=outcome, text_uk="Колишня.", valid_from=date(2010, 1, 1), valid_to=date(2026, 11, 23)
    )
    other = grounds["exclude"]

    for chosen, reason in (([], "Причина."), ([other], "Причина."), ([old], "Причина."), ([grounds[outcome]], " ")):
        with pytest.raises(StepRefused):
            propose(application, registrar, outcome, chosen, reason)
    assert propose(application, registrar, outcome, [grounds[outcome]], "Причина.").outcome == outcome


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [("inclusion", "amend"), ("inclusion", "exclude"), ("exclusion", "include"), ("exclusion", "x")],
)
def test_outcome_belongs_to_the_kind_of_application(registrar, kind, outcome):
    organisation = make_provider().organisation if kind == "exclusion" else None
    application = take(make_submitted(kind, organisation=organisation), registrar)

    with pytest.raises(StepRefused):
        propose(application, registrar, outcome)


def test_reasons_hold_no_personal_number(registrar, grounds):
    application = take(make_submitted(), registrar)

    with pytest.raises(StepRefused, match="taxpayer"):
        propose(application, registrar, "refuse", [grounds["refuse"]], "Керівник 3184710691 не підтвердив освіту.")


def test_only_one_outcome_is_proposed_at_a_time(registrar):
    application = proposed(registrar)

    with pytest.raises(StepRefused):
        propose(application, registrar)


# --- deciding ----------------------------------------------------------------------------------------------------------


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
            "point": "",
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


# --- amendments --------------------------------------------------------------------------------------------------------


@pytest.fixture
def included(registrar, approver):
    """Return an entry that came into the register by a decision, with its evidence."""
    make_criteria()
    return decide(proposed(registrar), approver).entry


def amended(entry, registrar, **patch):
    person = make_representative(entry.organisation)
    return proposed(registrar, "amend", kind="amendment", organisation=entry.organisation, user=person, **patch)


def test_amendment_enters_what_the_provider_changed_and_keeps_what_the_registrar_did(registrar, approver, included):
    application = amended(included, registrar, **{"services/1/capacity": 55})

    def rename(record):
        record.short_name = "Нова коротка назва"
        record.services[0].conditions = "Лише заява."

    change_entry(
        entry_id=included.pk,
        version=included.version,
        change=rename,
        actor=REGISTRAR,
        ground="виправлення",
        now=NOW,
    )
    decision = decide(application, approver, NOW + timedelta(days=1))

    included.refresh_from_db()
    service = included.services.get()
    assert (service.capacity, service.conditions, included.organisation.short_name) == (
        55,
        "Лише заява.",
        "Нова коротка назва",
    )
    assert included.about == "Тепер працюємо і у вихідні."
    assert included.verified_on == date(2026, 11, 24)
    lines = EntryChange.objects.filter(entry=included, at=decision.decided_at, act="amended")
    assert {line.field for line in lines} == {"about", "capacity"}
    assert {application.number in line.ground for line in lines} == {True}


def test_amendment_of_what_the_registrar_changed_too_is_refused_with_the_fields(registrar, approver, included):
    application = amended(included, registrar, **{"services/1/capacity": 55})

    def change(record):
        record.services[0].capacity = 41

    change_entry(
        entry_id=included.pk, version=included.version, change=change, actor=REGISTRAR, ground="виправлення", now=NOW
    )
    before = everything()

    with pytest.raises(examination.ChangedInRegisterError, match="places") as refused:
        decide(application, approver)

    assert refused.value.fields == ["Service: Home care (Послуга 1): places"]
    assert everything() == before
    application.refresh_from_db()
    assert application.state == "proposed"


def test_part_that_the_provider_takes_away_and_the_registrar_changed_is_named(registrar, approver, included):
    application = amended(included, registrar, **{"contacts/2/removed": True})

    def change(record):
        record.contacts[1].note = "приймальня"

    change_entry(
        entry_id=included.pk, version=included.version, change=change, actor=REGISTRAR, ground="виправлення", now=NOW
    )
    with pytest.raises(examination.ChangedInRegisterError) as refused:
        decide(application, approver)

    assert refused.value.fields == ["Contact 2: taken out of the register"]


def test_amendment_takes_away_and_adds_parts(registrar, approver, included):
    added = {**service_part("2", "counselling"), "contacts/2/removed": True}
    application = amended(included, registrar, **added)

    decide(application, approver)

    assert sorted(included.services.values_list("service_type__slug", flat=True)) == ["counselling", "home-care"]
    assert included.contacts.count() == 1
    assert Evidence.objects.filter(entry=included, service__service_type__slug="counselling").count() == 2


def test_service_that_an_amendment_adds_is_judged_as_an_inclusion(registrar, included):
    person = make_representative(included.organisation)
    application = make_submitted(
        "amendment", organisation=included.organisation, user=person, **service_part("2", "counselling")
    )
    take(application, registrar)

    with pytest.raises(StepRefused, match="judged"):
        propose(application, registrar, "amend")

    judge(application, registrar, services={"2"})
    assert propose(application, registrar, "amend").outcome == "amend"


def test_new_evidence_replaces_the_old_which_stays_on_record(registrar, approver, included):
    old = Evidence.objects.get(entry=included, criterion__slug="founding")
    kept = Evidence.objects.get(entry=included, criterion__slug="staff")
    application = amended(included, registrar, **{"criteria/1/founding/statement": "Новий статут."})

    decision = decide(application, approver)

    old.refresh_from_db()
    kept.refresh_from_db()
    new = Evidence.objects.get(entry=included, criterion__slug="founding", replaced_at=None)
    assert (old.replaced_at, kept.replaced_at) == (NOW, None)
    assert (new.statement, new.decision, new.service) == ("Новий статут.", decision, old.service)
    assert Evidence.objects.count() == 3


def test_amendment_of_an_entry_excluded_meanwhile_is_refused(registrar, approver, included):
    application = amended(included, registrar)
    exclude_entry(entry_id=included.pk, actor=REGISTRAR, ground="за рішенням суду", now=NOW)

    with pytest.raises(StepRefused):
        decide(application, approver)


def test_private_and_confidential_values_come_through_an_amendment_unharmed(registrar, approver):
    record = provider_record()
    record.sites[0].confidential = True
    record.contacts[0].private = True
    entry = make_provider(code=record.code, sites=record.sites, contacts=record.contacts, services_note="Примітка.")
    before = current_record(RegisterEntry.objects.get(pk=entry.pk))
    application = amended(entry, registrar)

    decide(application, approver)

    after = current_record(RegisterEntry.objects.get(pk=entry.pk))
    before.about, before.verified_on = after.about, after.verified_on
    assert after == before


# --- exclusion, suspension, restoration --------------------------------------------------------------------------------


def test_exclusion_at_the_providers_wish(registrar, approver, grounds):
    entry = make_provider()
    application = proposed(
        registrar, "exclude", [grounds["exclude"]], "Заява.", kind="exclusion", organisation=entry.organisation
    )

    decision = decide(application, approver)

    entry.refresh_from_db()
    assert (entry.standing, entry.excluded_on) == ("excluded", date(2026, 11, 23))
    line = EntryChange.objects.get(entry=entry, field="standing")
    assert decision.number in line.ground
    assert "Підстава: exclude." in line.ground


def case(entry, registrar):
    return examination.start_initiative(entry_id=entry.pk, user=registrar, now=NOW)


def test_registrar_opens_a_case_and_two_people_suspend_and_restore(registrar, approver, grounds):
    entry = make_provider()
    opened = case(entry, registrar)
    assert (opened.state, opened.kind, opened.hromada, opened.examiner) == (
        "examination",
        "initiative",
        entry.hromada,
        registrar,
    )
    assert list(opened.steps.values_list("step", flat=True)) == ["submit", "take"]

    propose(opened, registrar, "suspend", [grounds["suspend"]], "Порушення.", suspend_until=date(2026, 12, 31))
    decision = decide(opened, approver)
    entry.refresh_from_db()
    assert (entry.standing, entry.suspended_until, decision.suspend_until) == (
        "suspended",
        date(2026, 12, 31),
        date(2026, 12, 31),
    )

    again = case(entry, registrar)
    propose(again, registrar, "restore", [grounds["restore"]], "Усунено.")
    decide(again, approver)
    entry.refresh_from_db()
    assert (entry.standing, entry.suspended_until) == ("included", None)


@pytest.mark.parametrize(("outcome", "until"), [("suspend", date(2026, 11, 23)), ("exclude", date(2027, 1, 1))])
def test_only_a_suspension_has_a_last_day_and_it_lies_ahead(registrar, grounds, outcome, until):
    opened = case(make_provider(), registrar)

    with pytest.raises(StepRefused, match="last day"):
        propose(opened, registrar, outcome, [grounds[outcome]], "Причина.", suspend_until=until)


def test_what_the_entry_does_not_allow_is_not_even_proposed(registrar, grounds):
    opened = case(make_provider(), registrar)

    with pytest.raises(StepRefused):
        propose(opened, registrar, "restore", [grounds["restore"]], "Причина.")


def test_case_is_opened_once_in_the_own_territory_and_not_on_history(places, registrar, approver):
    entry = make_provider()
    case(entry, registrar)

    with pytest.raises(StepRefused, match="already"):
        case(entry, registrar)
    with pytest.raises(OutsideTerritoryError):
        case(entry, make_official("registrar", places.odeska))
    with pytest.raises(PermissionDenied):
        case(entry, approver)
    gone = make_provider()
    exclude_entry(entry_id=gone.pk, actor=REGISTRAR, ground="за заявою", now=NOW)
    with pytest.raises(StepRefused):
        case(gone, registrar)


def test_case_has_nothing_for_the_provider_to_correct(registrar):
    opened = case(make_provider(), registrar)

    with pytest.raises(StepRefused):
        examination.ask_correction(
            application_id=opened.pk, user=registrar, fields=["about/about"], comment="Виправте.", now=NOW
        )


# --- corrections of decisions ------------------------------------------------------------------------------------------


def correct(decision, user, reason="Правильні підстави.", ground="Описка."):
    return examination.correct_decision(decision_id=decision.pk, user=user, reason=reason, ground=ground, now=NOW)


def test_corrected_decision_supersedes_and_changes_nothing_else(registrar, approver, grounds):
    first = decide(proposed(registrar, "refuse", [grounds["refuse"]], "Непрвильно."), approver)

    second = correct(first, approver)
    third = correct(second, approver, "Ще правильніше.")

    first.refresh_from_db()
    assert (second.number, second.supersedes, second.outcome, second.application) == ("2/2026", first, "refuse", None)
    assert (first.reason, second.reason, third.supersedes) == ("Непрвильно.", "Правильні підстави.", second)
    assert VerificationCode.objects.get(pk=first.code_id).superseded_by == second.code
    assert (second.snapshot["supersedes"], second.snapshot["application"]) == (first.number, first.application.number)
    assert second.code.document_digest == audit.digest_of(second.snapshot)
    assert second.grounds[-1]["text_uk"] == "Описка."
    assert audit.verify() is None


def test_decision_is_corrected_once_and_not_by_who_examined(places, registrar, approver, grounds):
    first = decide(proposed(registrar, "refuse", [grounds["refuse"]], "Причина."), approver)
    before = everything()

    for user, error in (
        (registrar, PermissionDenied),
        (make_official("approver", places.odeska), OutsideTerritoryError),
    ):
        with pytest.raises(error):
            correct(first, user)
    for reason, ground in (("", "Описка."), ("Причина.", " ")):
        with pytest.raises(StepRefused):
            correct(first, approver, reason, ground)
    assert everything() == before
    correct(first, approver)
    with pytest.raises(StepRefused, match="already"):
        correct(first, approver)


@pytest.mark.parametrize("services", [1, 3])
def test_decision_takes_the_same_queries_for_any_number_of_services(
    registrar, approver, services, django_assert_num_queries
):
    make_criteria()
    # the first decision ever makes the rows that count the others
    decide(proposed(registrar), approver)
    application = proposed(registrar, services=services)

    with django_assert_num_queries(79):
        deciding.decide(application_id=application.pk, user=approver, now=NOW)


def test_draft_is_neither_examined_nor_decided(registrar, approver):
    draft = make_draft()
    save(draft, {"about/about": "Чернетка."})

    with pytest.raises(PermissionDenied):
        decide(draft, approver)
    assert Application.objects.get().state == "draft"


def test_application_of_a_branch_waits_for_its_head(registrar, approver):
    head = make_provider()
    organisation = make_organisation(code=next_edrpou())
    application = submit(fill(make_draft(organisation=organisation), **{"organisation/head": head.number}))
    take(application, registrar)
    propose(application, registrar)

    assert decide(application, approver).entry.parent == head
