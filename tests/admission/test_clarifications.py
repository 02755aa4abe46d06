"""One clarification of named fields: asked once, answered in time by who may sign, laid over what was opened."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile

from portal.kernel import clock
from portal.kernel.calendar import closes_at, day_of
from portal.kernel.document_types import DocumentRefused
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement import evaluation_due
from procurement.domain.evaluation import clarifications
from procurement.domain.evaluation.contents import content_of, read_file
from procurement.domain.forms.proposal_forms import ValueRefused
from procurement.enums import AdmissionState, ClarificationState
from procurement.models import Admission, Clarification, CompetitionVersion, EvaluationRound
from tests.factories.accounts import make_person
from tests.factories.proposals import PDF

pytestmark = pytest.mark.django_db

FIELDS = ["experience/years", "staff/people/1/number", "documents/statute", "staff/people"]


def ask(desk, number=1, **told):
    told = {"fields": FIELDS, "text": "Підтвердьте досвід.", "due_at": desk.now + timedelta(days=3), **told}
    return clarifications.ask(admission_id=desk.admission(number).pk, user=desk.official, now=desk.now, **told)


def answer(asked, *, at=None, user=None, **told):
    told = {"values": {"experience/years": "7"}, "files": {}, "note": "", **told}
    with clock.standing_at(at or asked.due_at - timedelta(hours=1)):
        return clarifications.answer(
            clarification_id=asked.pk,
            user=user or asked.admission.proposal.created_by,
            now=asked.asked_at + timedelta(hours=1),
            **told,
        )


def freeze(desk, **policy):
    """Put an amount of the term, or fields of the policy, into the frozen rules."""
    version = CompetitionVersion.objects.get(competition=desk.competition, number=1)
    version.frozen["policy"] |= {key: value for key, value in policy.items() if key != "term"}
    if "term" in policy:
        amount, unit = policy["term"]
        version.frozen["terms"]["clarification-answer"] |= {"amount": amount, "unit": unit}
    CompetitionVersion.objects.filter(pk=version.pk).update(frozen=version.frozen)


def test_request_names_fields_and_the_moment_where_no_term_is_set(desk):
    for told in ({"fields": []}, {"fields": ["price"]}, {"fields": ["offer/lots/1/cost"]}, {"text": " "}):
        with pytest.raises(StepRefused):
            ask(desk, **told)
    for due_at in (None, desk.now):
        with pytest.raises(StepRefused):
            ask(desk, due_at=due_at)

    asked = ask(desk)

    assert asked.fields == ["experience/years", "staff/people", "staff/people/1/number", "documents/statute"]
    assert asked.due_words
    assert desk.admission().state == AdmissionState.CLARIFYING
    entry = LogEntry.objects.get(seq=asked.log_seq)
    assert set(json.loads(entry.payload)) == {"id", "digest", "due_at"}
    with pytest.raises(StepRefused):
        ask(desk)


def test_term_of_the_frozen_rules_sets_the_end(desk):
    freeze(desk, term=(2, "calendar_days"))

    asked = ask(desk, due_at=None)

    assert asked.due_at == closes_at(day_of(desk.now) + timedelta(days=2))
    freeze(desk, term=(24, "hours"))
    assert ask(desk, 2, due_at=None).due_at == desk.now + timedelta(hours=24)


def test_rules_may_know_no_clarifications(desk):
    freeze(desk, takes_clarifications=False)

    with pytest.raises(StepRefused):
        ask(desk)


def test_answer_changes_the_named_fields_and_nothing_that_was_submitted(desk):
    asked = ask(desk)
    values = {"experience/years": "7,0", "staff/people/1/number": "3,5", "staff/people/2/position": "Водій"}

    done = answer(asked, values=values, note="Сім років.")

    assert done.answers == {
        "experience/years": {"before": "6", "after": "7"},
        "staff/people/2/position": {"before": None, "after": "Водій"},
    }
    admission = desk.admission()
    assert admission.state == AdmissionState.PENDING
    assert content_of(admission.proposal)["content"]["experience/years"] == "7"
    assert admission.proposal.content["content"]["experience/years"] == "6"
    with pytest.raises(StepRefused):
        answer(asked)
    assert "Сім" not in "".join(LogEntry.objects.values_list("payload", flat=True))


def test_empty_answer_takes_away_and_a_word_alone_is_an_answer(desk):
    done = answer(ask(desk), values={"experience/years": ""})
    assert "experience/years" not in content_of(desk.admission().proposal)["content"]
    assert done.answers["experience/years"]["after"] is None

    other = ask(desk, 2)
    with pytest.raises(StepRefused):
        answer(other, values={"experience/years": "6"})
    assert answer(other, values={}, note="Усе вірно.").answers == {}


def test_answer_is_for_named_fields_well_formed_by_who_may_sign(desk):
    asked = ask(desk)
    for values in ({"about/title": "Інша назва"}, {"offer/lots/1/tariff": "1"}, {"documents/statute": "x"}):
        with pytest.raises(StepRefused):
            answer(asked, values=values)
    with pytest.raises(ValueRefused):
        answer(asked, values={"experience/years": "багато"})
    for user in (make_person(), desk.official, desk.admission(2).proposal.created_by):
        with pytest.raises(PermissionDenied):
            answer(asked, user=user)
    assert desk.admission().state == AdmissionState.CLARIFYING


def test_end_itself_is_too_late(desk):
    asked = ask(desk)

    with pytest.raises(StepRefused):
        answer(asked, at=asked.due_at)

    assert answer(asked, at=asked.due_at - timedelta(microseconds=1)).state == ClarificationState.ANSWERED


def test_answered_file_is_read_with_the_opened_ones(desk):
    asked = ask(desk)
    with pytest.raises(DocumentRefused):
        answer(asked, files={"documents/statute": ContentFile(b"", "Статут.pdf")})

    answer(asked, values={}, files={"documents/statute": ContentFile(PDF, "Статут.pdf")})

    proposal = desk.admission().proposal
    told = content_of(proposal)
    key = told["content"]["documents/statute"]
    assert told["files"][key]["name"] == "Статут.pdf"
    assert read_file(proposal, key)[1] == PDF
    with pytest.raises(KeyError):
        read_file(desk.admission(2).proposal, key)


def test_clock_lets_an_unanswered_request_lapse_once(desk):
    asked, answered = ask(desk), ask(desk, 2)
    answer(answered)

    assert evaluation_due.run_evaluations(asked.due_at - timedelta(seconds=1)).endswith(": 0")
    assert clarifications.lapse_overdue(now=asked.due_at) == 1
    assert clarifications.lapse_overdue(now=asked.due_at) == 0

    asked.refresh_from_db()
    assert asked.state == ClarificationState.LAPSED
    assert desk.admission().state == AdmissionState.PENDING
    with pytest.raises(StepRefused):
        answer(asked)
    with pytest.raises(StepRefused):
        ask(desk)


def test_answered_request_is_not_repeated_in_a_later_round(desk):
    answer(ask(desk))
    EvaluationRound.objects.filter(pk=desk.round.pk).update(state="annulled")
    later = EvaluationRound.objects.create(
        competition=desk.competition,
        commission=desk.round.commission,
        number=2,
        state="admission",
        began_at=desk.now,
        began_by=desk.official,
    )
    proposal = desk.admission().proposal
    again = Admission.objects.create(round=later, proposal=proposal)

    told = {"fields": FIELDS, "text": "Ще раз.", "due_at": desk.now + timedelta(days=3)}
    with pytest.raises(StepRefused):
        clarifications.ask(admission_id=again.pk, user=desk.official, now=desk.now, **told)
    assert content_of(proposal)["content"]["experience/years"] == "7"
    assert Clarification.objects.count() == 1
