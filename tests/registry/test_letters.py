"""Letters about applications: who gets which at each step, in text and as a page, with the link and nothing private."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from portal.kernel import outbox
from portal.kernel.models import OutboxMessage
from registry import notifications
from registry.domain import examination
from registry.domain.applying import answer_correction, withdraw_application
from registry.models import Application, Ground
from tests.factories.accounts import make_mandate, make_official, make_person
from tests.factories.applications import make_draft, make_representative, make_rules, make_submitted
from tests.factories.registry import make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PRIVATE = {"contacts/2/value": "secret@example.org", "contacts/2/private": True, "sites/1/confidential": True}


@pytest.fixture
def application(registrar, approver):
    """Return a submitted application whose letters so far are forgotten."""
    made = make_submitted(**PRIVATE)
    OutboxMessage.objects.all().delete()
    return made


def letters(step=""):
    """Return the letters of the step by the address they go to."""
    found = OutboxMessage.objects.filter(kind="mail", key__contains=f":{step}:" if step else "").order_by("pk")
    return {message.payload["to"][0]: message.payload for message in found}


def ground(outcome):
    return Ground.objects.create(
        slug=outcome, outcome=outcome, text_uk="Документи неповні.", valid_from=date(2021, 1, 27)
    )


def take(application, registrar):
    examination.take_application(application_id=application.pk, user=registrar, now=NOW)


def ask(application, registrar, **fields):
    values = {"fields": ["services/1/content", "contacts/2/value"], "comment": "Опишіть докладніше.", "now": NOW}
    examination.ask_correction(application_id=application.pk, user=registrar, **values | fields)


def propose(application, registrar, outcome="refuse", reason="Немає статуту."):
    examination.propose_outcome(
        application_id=application.pk,
        user=registrar,
        outcome=outcome,
        ground_ids=[ground(outcome).pk],
        reason=reason,
        now=NOW,
    )


def cabinet(application):
    return f"/cabinet/applications/{application.pk}/"


def desk(application):
    return f"/admin/applications/{application.pk}/"


def assert_whole(letter, *pieces):
    """Both parts say every piece, and neither says what is private."""
    assert letter["subject"]
    for part in (letter["text"], letter["html"]):
        assert [piece for piece in pieces if piece not in part] == []
        assert "secret@" not in part
        assert "Незалежності" not in part
    assert letter["html"].lstrip().startswith("<!doctype html>")
    assert "<p>" not in letter["text"]


def test_submission_gives_a_receipt_and_news_for_the_registrars_of_the_territory(places, registrar):
    make_official("registrar", places.odeska)
    application = make_submitted(**PRIVATE)

    found = letters("submit")

    assert set(found) == {application.created_by.email, registrar.email}
    receipt = found[application.created_by.email]
    assert_whole(receipt, application.number, application.digest, cabinet(application), "22 листопада 2026, 11:01")
    assert f"/verify/{application.receipt.code}/" in receipt["text"]
    assert_whole(found[registrar.email], application.number, desk(application))


def test_without_an_official_of_the_territory_the_administrators_are_told():
    administrator = make_official("administrator")

    application = make_submitted()

    assert set(letters("submit")) == {application.created_by.email, administrator.email}


def test_everybody_who_acts_for_the_provider_gets_an_own_letter(application, registrar):
    colleague = make_representative(application.organisation, "editor")
    former = make_person()
    make_mandate(former, application.organisation, valid_to=date(2026, 11, 22))

    take(application, registrar)

    assert set(letters("take")) == {application.created_by.email, colleague.email}
    assert all(len(letter["to"]) == 1 for letter in letters().values())
    assert_whole(letters()[colleague.email], application.number, cabinet(application))


def test_correction_names_the_fields_in_words_and_the_last_day(application, registrar):
    Application.objects.filter(pk=application.pk).update(profile=make_rules(correction_days=5))
    take(application, registrar)

    ask(application, registrar)

    letter = letters("ask_correction")[application.created_by.email]
    assert_whole(letter, "Догляд вдома (Послуга 1)", "Опишіть докладніше.", "28 листопада 2026", cabinet(application))
    assert letter["html"].count("<li>") == 2


def test_answered_correction_is_told_to_the_examiner_alone(places, application, registrar):
    make_official("registrar", places.poltavska)
    take(application, registrar)
    ask(application, registrar)

    answer_correction(application_id=application.pk, user=application.created_by, now=NOW)

    assert set(letters("correct")) == {registrar.email}
    assert_whole(letters("correct")[registrar.email], application.number, desk(application))


def test_lapsed_correction_is_told_to_both(application, registrar):
    Application.objects.filter(pk=application.pk).update(profile=make_rules(correction_days=1))
    take(application, registrar)
    ask(application, registrar)

    examination.lapse_correction(now=NOW + timedelta(days=2))

    assert set(letters("lapse_correction")) == {application.created_by.email, registrar.email}
    assert_whole(letters("lapse_correction")[registrar.email], desk(application))
    assert_whole(letters("lapse_correction")[application.created_by.email], cabinet(application))


def test_proposal_goes_to_approvers_and_comes_back_to_the_specialist(application, registrar, approver):
    take(application, registrar)
    propose(application, registrar)
    assert set(letters("propose")) == {approver.email}
    assert_whole(letters("propose")[approver.email], application.number, desk(application))

    examination.send_back(application_id=application.pk, user=approver, reason="Уточніть підставу.", now=NOW)

    assert set(letters("send_back")) == {registrar.email}
    assert_whole(letters("send_back")[registrar.email], "Уточніть підставу.", desk(application))


@pytest.mark.parametrize("outcome", ["refuse", "return"])
def test_decision_is_told_with_grounds_reasons_and_the_way_to_check_it(application, registrar, approver, outcome):
    take(application, registrar)
    propose(application, registrar, outcome)

    decision = examination.decide(application_id=application.pk, user=approver, now=NOW)

    letter = letters("decide")[application.created_by.email]
    assert_whole(
        letter,
        decision.number,
        "Документи неповні.",
        "Немає статуту.",
        f"/registry/decisions/{decision.number}/",
        f"/verify/{decision.code.code}/",
    )


def test_corrected_decision_is_told(application, registrar, approver):
    take(application, registrar)
    propose(application, registrar)
    first = examination.decide(application_id=application.pk, user=approver, now=NOW)

    second = examination.correct_decision(
        decision_id=first.pk, user=approver, reason="Статут є.", ground="Описка.", now=NOW
    )

    letter = letters("corrected")[application.created_by.email]
    assert_whole(letter, first.number, second.number, "Статут є.", f"/verify/{second.code.code}/")


def test_inclusion_tells_the_number_in_the_register(application, registrar, approver):
    take(application, registrar)
    examination.propose_outcome(
        application_id=application.pk, user=registrar, outcome="include", ground_ids=[], reason="", now=NOW
    )

    decision = examination.decide(application_id=application.pk, user=approver, now=NOW)

    assert_whole(letters("decide")[application.created_by.email], decision.entry.number, decision.number)


def test_own_initiative_is_told_to_the_provider_and_not_as_a_receipt(registrar):
    entry = make_provider()
    person = make_representative(entry.organisation)

    case = examination.start_initiative(entry_id=entry.pk, user=registrar, now=NOW)

    assert set(letters()) == {person.email}
    assert_whole(letters("take")[person.email], case.number)


def test_own_initiative_about_a_provider_nobody_speaks_for_writes_to_nobody(registrar):
    examination.start_initiative(entry_id=make_provider().pk, user=registrar, now=NOW)

    assert letters() == {}


def test_withdrawal_is_told_where_it_was_submitted(application, registrar):
    take(application, registrar)

    withdraw_application(application_id=application.pk, user=application.created_by, reason="Передумали.", now=NOW)

    assert set(letters("withdraw")) == {application.created_by.email, registrar.email}
    draft = make_draft()
    withdraw_application(application_id=draft.pk, user=draft.created_by, reason="", now=NOW)
    assert draft.created_by.email not in letters("withdraw")


def test_change_without_a_decision_is_told_and_no_registrar_is_called(registrar):
    make_rules(trivial_parts=["about"])
    entry = make_provider()

    application = make_submitted("amendment", organisation=entry.organisation)

    assert application.state == "decided"
    assert set(letters()) == {application.created_by.email}
    assert_whole(letters("enter_at_once")[application.created_by.email], application.number)


def test_step_told_twice_is_told_once(application, registrar):
    take(application, registrar)
    before = OutboxMessage.objects.count()
    application.refresh_from_db()

    notifications.note_step(application=application, step="take", now=NOW)

    assert OutboxMessage.objects.count() == before


def test_letters_are_ukrainian_whatever_the_official_reads(application, registrar):
    with translation.override("en"):
        take(application, registrar)

    assert '<html lang="uk">' in letters("take")[application.created_by.email]["html"]


def test_letters_are_delivered_with_both_parts(application, registrar, mailoutbox):
    take(application, registrar)

    outbox.deliver(NOW + timedelta(days=3650))

    (letter,) = mailoutbox
    assert letter.to == [application.created_by.email]
    assert [kind for _page, kind in letter.alternatives] == ["text/html"]


def test_words_of_an_official_are_no_markup(application, registrar):
    take(application, registrar)

    ask(application, registrar, comment="<script>alert(1)</script> & інше")

    letter = letters("ask_correction")[application.created_by.email]
    assert "<script>" not in letter["html"]
    assert "&lt;script&gt;" in letter["html"]
    assert "<script>alert(1)</script> & інше" in letter["text"]
