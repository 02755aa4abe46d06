"""Letters of the steps: who reads them, what they say, and that they say nothing of a proposal."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from portal.kernel.models import OutboxMessage
from portal.kernel.outbox import deliver
from procurement.models import Proposal
from procurement.notifications import note_competition_step, note_proposal_step, note_question
from tests.factories.accounts import make_mandate, make_official, make_person
from tests.factories.registry import make_territories
from tests.news.announcing import (
    CLOSES,
    LATER,
    NOW,
    call_off,
    change,
    extend,
    make_announced,
    make_bidder,
    make_question,
    make_revision,
)

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


@pytest.fixture
def competition():
    return make_announced()


def send():
    while (done := deliver(timezone.now() + timedelta(days=1))).sent:
        assert done.failed == 0
    sent, mail.outbox[:] = list(mail.outbox), []
    return {letter.to[0]: letter for letter in sent}


def bidder(competition, email, **fields):
    return make_bidder(competition, person=make_person(email), **fields)


# --- bidders ---------------------------------------------------------------------------------------------------------


def test_change_asks_those_who_must_confirm_to_confirm_again(competition):
    unsettled = bidder(competition, "unsettled@provider.example")
    confirmed = bidder(competition, "submitted@provider.example")
    bidder(competition, "draft@provider.example", state="draft")
    bidder(competition, "gone@provider.example", state="withdrawn")

    change(competition)
    Proposal.objects.filter(pk=confirmed.pk).update(state="submitted")

    letters = send()
    assert sorted(letters) == ["draft@provider.example", "submitted@provider.example", "unsettled@provider.example"]
    asked = letters["unsettled@provider.example"]
    assert "1 березня 2027, 18:00" in asked.body
    assert f"/cabinet/proposals/{unsettled.pk}/" in asked.body
    assert "Уточнено за запитаннями учасників." in asked.body
    assert len({letter.body for letter in letters.values()}) == 3


def test_everybody_with_a_mandate_of_the_bidder_reads_and_nobody_whose_mandate_ended(competition):
    proposal = bidder(competition, "head@provider.example")
    make_mandate(make_person("editor@provider.example"), proposal.organisation, "editor")
    make_mandate(make_person("former@provider.example"), proposal.organisation, valid_to=date(2027, 1, 1))
    make_mandate(make_person("off@provider.example", is_active=False), proposal.organisation)

    call_off(competition)

    letters = send()
    assert sorted(letters) == ["editor@provider.example", "head@provider.example"]
    assert "Змінився бюджет." in letters["head@provider.example"].body


def test_extension_tells_where_each_date_stood_before(competition):
    bidder(competition, "head@provider.example")
    extend(competition)

    body = send()["head@provider.example"].body

    assert "8 березня 2027, 18:00" in body
    assert "1 березня 2027, 18:00" in body
    assert "12 березня 2027, 10:00" in body


def test_opening_is_told_to_those_whose_proposals_were_opened(competition):
    content = {"content": {"a": "Таємний зміст"}}
    bidder(competition, "opened@provider.example", state="opened", **content)
    bidder(competition, "lapsed@provider.example", state="lapsed")
    competition.state, competition.closed_at, competition.opened_at = "opened", CLOSES, CLOSES
    competition.save()
    note_competition_step(competition=competition, step="open", now=CLOSES)

    letters = send()

    assert list(letters) == ["opened@provider.example"]
    assert "Таємний" not in letters["opened@provider.example"].body


# --- one's own proposal ----------------------------------------------------------------------------------------------


def test_receipt_names_the_digest_of_its_own_submission(competition):
    proposal = bidder(competition, "head@provider.example")
    make_revision(proposal, 1, NOW, "a" * 64)
    note_proposal_step(proposal=proposal, step="submit", now=NOW)
    make_revision(proposal, 2, LATER, "b" * 64)

    body = send()["head@provider.example"].body
    note_proposal_step(proposal=proposal, step="replace", now=LATER)
    replaced = send()["head@provider.example"].body

    assert "a" * 64 in body
    assert "b" * 64 not in body
    assert "b" * 64 in replaced
    assert competition.number in body


@pytest.mark.parametrize("step", ["confirm", "withdraw", "lapse"])
def test_every_step_of_a_proposal_has_its_letter(competition, step):
    proposal = bidder(competition, "head@provider.example", confirmed_at=NOW)
    note_proposal_step(proposal=proposal, step=step, now=LATER)

    assert competition.number in send()["head@provider.example"].subject


@pytest.mark.parametrize(("state", "is_told"), [("draft", True), ("unconfirmed", True), ("submitted", False)])
def test_reminder_comes_once_a_day_to_whoever_has_something_to_do(competition, state, is_told):
    proposal = bidder(competition, "head@provider.example", state=state)
    for hour in range(3):
        note_proposal_step(proposal=proposal, step="remind", now=CLOSES - timedelta(days=3, hours=hour))

    assert len(send()) == is_told
    assert OutboxMessage.objects.filter(kind="proposal-letters").count() == 1


def test_outbox_forgets_whose_proposal_it_was_once_the_letter_has_left(competition):
    proposal = bidder(competition, "head@provider.example")
    make_revision(proposal, 1, NOW, "a" * 64)
    note_proposal_step(proposal=proposal, step="submit", now=NOW)
    send()

    for message in OutboxMessage.objects.all():
        assert message.payload == {}


def test_rolled_back_submission_sends_nothing(competition):
    proposal = bidder(competition, "head@provider.example")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        note_proposal_step(proposal=proposal, step="submit", now=NOW)
        raise ZeroDivisionError

    assert send() == {}


# --- questions -------------------------------------------------------------------------------------------------------


def test_question_goes_to_the_officials_of_the_place_and_its_words_are_no_links(competition):
    places = make_territories()
    for name, unit in (("oblast", places.poltavska), ("far", places.odeska)):
        make_official("commissioner", unit, email=f"{name}@gov.example")
    make_official("registrar", places.dykanska, email="registrar@gov.example")
    question = make_question(
        competition, asked_by=make_person(), text="Дивіться https://spam.example", answer_due_on=date(2027, 2, 5)
    )

    note_question(question=question, step="ask", now=NOW)

    letters = send()
    assert set(letters) == {"oblast@gov.example", competition.created_by.email}
    body = letters["oblast@gov.example"].body
    assert "https://spam.example" not in body
    assert "spam[.]example" in body
    assert "5 лютого 2027" in body
    assert question.asked_by.email not in body


def test_officials_are_reminded_of_a_question_that_waits(competition):
    question = make_question(competition, asked_by=make_person())
    note_question(question=question, step="remind", now=NOW)

    assert question.text in send()[competition.created_by.email].body


@pytest.mark.parametrize("step", ["answer", "decline"])
def test_answer_goes_to_whoever_asked_and_to_the_bidders_once_each(competition, step):
    asker = make_person("asker@provider.example")
    bidder(competition, "head@provider.example")
    make_bidder(competition, person=asker)
    state = {"answer": "answered", "decline": "declined"}[step]
    question = make_question(
        competition, asked_by=asker, state=state, answer="Так, на обидва.", answered_at=LATER, text="Можна на два?"
    )

    note_question(question=question, step=step, now=LATER)

    letters = send()
    assert sorted(letters) == ["asker@provider.example", "head@provider.example"]
    assert "Так, на обидва." in letters["head@provider.example"].body
    assert "Можна на два?" in letters["head@provider.example"].body


def test_unknown_term_of_an_answer_is_said_to_be_unknown(competition):
    question = make_question(competition, asked_by=make_person())
    note_question(question=question, step="ask", now=NOW)

    assert "не встановлено" in send()[competition.created_by.email].body


# --- officials -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["close", "opening_due"])
def test_officials_learn_of_the_end_but_not_who_submitted_nor_how_many(competition, step):
    proposals = [bidder(competition, f"head{number}@provider.example") for number in range(3)]
    competition.state, competition.closed_at = "closed", CLOSES
    competition.save()

    note_competition_step(competition=competition, step=step, now=CLOSES)

    letters = send()
    assert list(letters) == [competition.created_by.email]
    body = letters[competition.created_by.email].body
    assert "5 березня 2027, 10:00" in body
    for proposal in proposals:
        assert proposal.organisation.name not in body
        assert str(proposal.pk) not in body


def test_administrators_read_where_no_official_orders(competition):
    make_official("administrator", email="admin@gov.example")
    competition.created_by.is_active = False
    competition.created_by.save()
    note_competition_step(competition=competition, step="close", now=CLOSES)

    assert list(send()) == ["admin@gov.example"]


@pytest.mark.parametrize("item_count", [1, 3])
def test_step_writes_as_many_rows_however_many_bidders(competition, item_count, django_assert_num_queries):
    for _number in range(item_count):
        make_bidder(competition)
    with django_assert_num_queries(8):
        note_competition_step(competition=competition, step="cancel", now=datetime(2027, 2, 3, tzinfo=UTC))
