"""Warnings and the notice before a termination: sent, answered, withdrawn, and when it allows to terminate."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.models import RuleProfile
from portal.kernel.workflow import StepRefused
from procurement.domain.monitoring.notice_terms import NOTICE, answer_term
from procurement.domain.monitoring.notices import answer_notice, notice_that_allows, send_notice, withdraw_notice
from procurement.models import ContractNotice
from tests.factories.accounts import make_mandate, make_person
from tests.factories.contracts import NOW, make_contract, make_typed_ground
from tests.factories.monitoring import make_finding, make_visit
from tests.factories.orders import make_norms
from tests.monitoring.acting import provider_of

BY = date(2027, 7, 28)
AFTER = NOW + timedelta(days=15)


@pytest.fixture
def contract(db):
    return make_contract()


def sent(contract, kind="termination", **values):
    facts = {
        "user": contract.created_by,
        "ground_id": make_typed_ground("notice").pk,
        "finding_ids": [],
        "text": "Порушень не усунуто.",
        "answer_by": BY,
        "key": uuid4(),
        "now": NOW,
        **values,
    }
    return send_notice(contract_id=contract.pk, kind=kind, **facts)


def test_notice_allows_after_its_day_and_not_on_it(contract):
    notice = sent(contract)

    assert notice_that_allows(contract, NOW + timedelta(days=14)) is None
    assert notice_that_allows(contract, AFTER) == notice


def test_warning_allows_nothing(contract):
    sent(contract, "warning")

    assert notice_that_allows(contract, AFTER) is None


def test_withdrawn_notice_allows_nothing(contract):
    notice = sent(contract)
    act = {"notice_id": notice.pk, "user": contract.created_by, "now": NOW}

    with pytest.raises(StepRefused):
        withdraw_notice(reason=" ", **act)
    withdraw_notice(reason="Порушення усунуто.", **act)

    assert notice_that_allows(contract, AFTER) is None
    with pytest.raises(StepRefused):
        withdraw_notice(reason="Ще раз.", **act)
    with pytest.raises(StepRefused):
        answer_notice(notice_id=notice.pk, user=provider_of(contract), text="Гаразд.", now=NOW)


def test_same_key_sends_once(contract):
    key = uuid4()

    assert (sent(contract, key=key), ContractNotice.objects.count()) == (sent(contract, key=key), 1)
    with pytest.raises(StepRefused):
        sent(make_contract(), key=key)


@pytest.mark.parametrize("values", [{"answer_by": date(2027, 7, 14)}, {"text": " "}, {"ground_id": 0}, {"kind": "x"}])
def test_notice_is_refused(contract, values):
    with pytest.raises(StepRefused):
        sent(contract, **values)

    assert ContractNotice.objects.count() == 0


def test_notice_names_findings_that_the_provider_knows(contract):
    known, hidden = make_finding(make_visit(contract)), make_finding(make_visit(contract, "held"))
    strange = make_finding(make_visit(make_contract()))

    for wrong in (hidden, strange):
        with pytest.raises(StepRefused):
            sent(contract, finding_ids=[wrong.pk])
    assert list(sent(contract, finding_ids=[known.pk]).findings.all()) == [known]


@pytest.mark.parametrize("state", ["closed", "terminated", "offered"])
def test_only_a_running_contract_is_warned(db, state):
    with pytest.raises(StepRefused):
        sent(make_contract(state))


def test_notice_is_answered_once_by_who_signs(contract):
    notice = sent(contract)
    helper = make_person()
    make_mandate(helper, contract.contractor, "editor")

    with pytest.raises(PermissionDenied):
        answer_notice(notice_id=notice.pk, user=helper, text="Усунемо.", now=NOW)
    with pytest.raises(PermissionDenied):
        answer_notice(notice_id=notice.pk, user=contract.created_by, text="Усунемо.", now=NOW)
    answered = answer_notice(notice_id=notice.pk, user=provider_of(contract), text="Усунемо.", now=AFTER)
    assert (answered.answer, answered.answered_at) == ("Усунемо.", AFTER)
    with pytest.raises(StepRefused):
        answer_notice(notice_id=notice.pk, user=provider_of(contract), text="Ще.", now=AFTER)


def test_term_to_answer_is_said_to_be_unset(contract):
    make_norms()
    contract.profile = RuleProfile.objects.get(procedure="social-order", authority="")

    assert answer_term(contract, NOW)[0] is None


def test_term_of_the_table_binds_the_notice_but_no_warning(contract):
    make_norms()
    contract.profile = RuleProfile.objects.get(procedure="social-order", authority="")
    contract.save()
    rule = contract.profile.rules.get(code=NOTICE)
    rule.amount, rule.unit = 30, "calendar_days"
    rule.save()

    assert answer_term(contract, NOW)[0] == date(2027, 8, 13)
    with pytest.raises(StepRefused):
        sent(contract)
    assert sent(contract, "warning").answer_by == BY
    assert sent(contract, answer_by=date(2027, 8, 13)).kind == "termination"
