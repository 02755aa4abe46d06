"""Findings followed to their elimination: replies, results, another term, and who reads the evidence."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.kernel.documents import may_read
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import FindingState, VisitState
from procurement.domain.monitoring.findings import reply
from procurement.domain.monitoring.results import judge
from procurement.models import FindingReply, FindingResult
from tests.factories.accounts import make_official, make_person
from tests.factories.contracts import NOW, make_contract
from tests.factories.monitoring import make_finding, make_visit
from tests.factories.procurement import make_bidder
from tests.monitoring.acting import provider_of

TERM = date(2027, 9, 1)


@pytest.fixture
def finding(db):
    return make_finding(make_visit(make_contract()))


def replied(finding, text="Журнал заведено.", file=None, **values):
    facts = {"user": provider_of(finding.contract), "key": uuid4(), "now": NOW, **values}
    return reply(finding_id=finding.pk, text=text, file=file, **facts)


def judged(finding, outcome, reason="Побачено на місці.", **values):
    facts = {"user": finding.contract.created_by, "now": NOW + timedelta(hours=1), **values}
    return judge(finding_id=finding.pk, outcome=outcome, reason=reason, **facts)


def test_reply_moves_the_finding_and_is_taken_once(finding):
    key = uuid4()
    replied(finding, key=key)
    replied(finding, key=key)

    finding.refresh_from_db()
    assert (finding.state, FindingReply.objects.count()) == (FindingState.REPLIED, 1)


def test_another_reply_stands_beside_the_first(finding):
    replied(finding)
    replied(finding, "Додаємо фото.")

    assert list(finding.replies.values_list("text", flat=True)) == ["Журнал заведено.", "Додаємо фото."]
    assert LogEntry.objects.filter(tag__in=("procurement:finding:reply", "procurement:findingreply:add")).count() == 2


def test_evidence_is_read_by_both_sides_and_an_auditor_alone(finding):
    made = replied(finding, file=SimpleUploadedFile("доказ.txt", "Журнал".encode()))

    readers = [provider_of(finding.contract), finding.contract.created_by, make_official("auditor")]
    strangers = [make_bidder()[1], make_person()]
    assert [may_read(made.document, one) for one in readers] == [True] * 3
    assert [may_read(made.document, one) for one in strangers] == [False] * 2
    entry = LogEntry.objects.get(tag="procurement:finding:reply")
    assert json.loads(entry.payload)["evidence"] == made.document.sha256


def test_reply_needs_words_and_a_person_of_the_provider(finding):
    with pytest.raises(StepRefused):
        replied(finding, " ")
    for user in (finding.contract.created_by, make_bidder()[1]):
        with pytest.raises(PermissionDenied):
            replied(finding, user=user)


def test_finding_of_a_visit_not_concluded_does_not_exist_for_the_provider(db):
    finding = make_finding(make_visit(make_contract(), VisitState.HELD))

    with pytest.raises(PermissionDenied):
        replied(finding)
    with pytest.raises(StepRefused):
        judged(finding, "eliminated")


@pytest.mark.parametrize("outcome", ["eliminated", "partly", "not", "no_mechanism"])
def test_result_without_another_term_closes_the_finding(finding, outcome):
    judged(finding, outcome)

    finding.refresh_from_db()
    assert (finding.state, finding.outcome, finding.closed_at) == ("closed", outcome, NOW + timedelta(hours=1))
    with pytest.raises(StepRefused):
        replied(finding)
    with pytest.raises(StepRefused):
        judged(finding, "eliminated", "Передумали.")


@pytest.mark.parametrize("outcome", ["partly", "not"])
def test_another_term_opens_the_finding_again(finding, outcome):
    replied(finding)

    judged(finding, outcome, due_on=TERM)

    finding.refresh_from_db()
    assert (finding.state, finding.outcome, finding.due_on, finding.closed_at) == ("open", outcome, TERM, None)
    replied(finding, "Тепер усе.", now=NOW + timedelta(hours=2))
    judged(finding, "eliminated", now=NOW + timedelta(hours=3))
    assert list(finding.results.values_list("outcome", "due_on")) == [(outcome, TERM), ("eliminated", None)]


def test_same_judgement_pressed_twice_is_one(finding):
    assert judged(finding, "partly", due_on=TERM) == judged(finding, "partly", due_on=TERM)
    assert FindingResult.objects.count() == 1


@pytest.mark.parametrize(
    ("outcome", "due_on"),
    [("eliminated", TERM), ("no_mechanism", TERM), ("partly", date(2027, 7, 14)), ("perhaps", None)],
)
def test_result_is_refused(finding, outcome, due_on):
    with pytest.raises(StepRefused):
        judged(finding, outcome, due_on=due_on)

    assert FindingResult.objects.count() == 0


def test_ended_contract_gives_no_other_term_but_findings_are_judged(db):
    finding = make_finding(make_visit(make_contract("terminated")))

    with pytest.raises(StepRefused):
        judged(finding, "partly", due_on=TERM)
    assert judged(finding, "not").outcome == "not"


def test_result_names_a_held_visit_of_the_contract(finding):
    follow_up = make_visit(finding.contract, VisitState.HELD)
    elsewhere = make_visit(make_contract())

    with pytest.raises(StepRefused):
        judged(finding, "eliminated", visit_id=elsewhere.pk)
    assert judged(finding, "eliminated", visit_id=follow_up.pk).visit == follow_up


def test_provider_judges_nothing(finding):
    with pytest.raises(PermissionDenied):
        judged(finding, "eliminated", user=provider_of(finding.contract))


def test_log_has_no_words_of_a_result(finding):
    judged(finding, "partly", "Бракує підписів Марії.", due_on=TERM)

    told = json.loads(LogEntry.objects.get(tag="procurement:finding:reopen").payload)
    assert {name: told[name] for name in ("finding", "outcome", "due_on")} == {
        "finding": 1,
        "outcome": "partly",
        "due_on": "2027-09-01",
    }
    assert set(told) == {"id", "finding", "outcome", "due_on", "digest"}
