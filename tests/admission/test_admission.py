"""Checks before admission, what the portal finds itself, and the decision on each proposal."""

import json

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.domain.evaluation import admission as admitting
from procurement.domain.evaluation import rounds
from procurement.enums import AdmissionState, CheckResult
from procurement.models import EvaluationStep, Proposal
from tests.admission.test_rounds import put_recusal
from tests.factories.accounts import make_official
from tests.factories.evaluation import make_member
from tests.factories.registry import make_territories
from tests.factories.rule_profiles import make_ground

pytestmark = pytest.mark.django_db

ITEMS = ("form", "documents", "applicant", "ceiling", "requirements")


def check(desk, admission, **results):
    told = {code: {"result": results.get(code, "met"), "note": "Перевірено."} for code in ITEMS}
    return admitting.save_checks(admission_id=admission.pk, user=desk.official, results=told, now=desk.now)


def admit(desk, admission):
    return admitting.admit(admission_id=admission.pk, user=desk.official, now=desk.now)


def reject(desk, admission, **told):
    told = {"ground_id": make_ground("rejection").pk, "reason": "Немає статуту.", **told}
    return admitting.reject(admission_id=admission.pk, user=desk.official, now=desk.now, **told)


def test_admission_needs_every_item_met(desk):
    one = desk.admission()
    check(desk, one, ceiling="unclear")
    with pytest.raises(StepRefused):
        admit(desk, one)
    check(desk, one)

    done = admit(desk, one)

    assert (done.state, done.decided_at, done.decided_by) == (AdmissionState.ADMITTED, desk.now, desk.official)
    payload = json.loads(LogEntry.objects.get(tag="procurement:admission:admit").payload)
    assert set(payload) == {"id", "digest"}


def test_item_without_a_result_loses_the_one_it_had_and_unknown_ones_are_refused(desk):
    one = desk.admission()
    check(desk, one)
    check(desk, one, form="")
    assert set(one.checks.values_list("code", flat=True)) == set(ITEMS) - {"form"}

    with pytest.raises(StepRefused):
        check(desk, one, form="perhaps")
    told = {"price": {"result": "met"}}
    with pytest.raises(StepRefused):
        admitting.save_checks(admission_id=one.pk, user=desk.official, results=told, now=desk.now)


def test_refusal_names_what_is_not_met_a_ground_and_a_reason(desk):
    one = desk.admission()
    check(desk, one)
    with pytest.raises(StepRefused):
        reject(desk, one)
    check(desk, one, documents="not_met")
    for told in ({"reason": " "}, {"ground_id": make_ground("cancellation").pk}):
        with pytest.raises(StepRefused):
            reject(desk, one, **told)

    done = reject(desk, one)

    assert (done.state, done.reason) == (AdmissionState.REJECTED, "Немає статуту.")
    assert "статуту" not in LogEntry.objects.get(tag="procurement:admission:reject").payload


def test_decided_admission_is_taken_up_again_with_a_reason_before_scoring(desk):
    one = desk.admission()
    check(desk, one, documents="not_met")
    reject(desk, one)
    with pytest.raises(StepRefused):
        check(desk, one)
    told = {"admission_id": one.pk, "user": desk.official, "now": desk.now}
    with pytest.raises(StepRefused):
        admitting.reconsider(**told, reason="")

    back = admitting.reconsider(**told, reason="Статут був у пропозиції.")

    assert (back.state, back.ground, back.reason, back.decided_at) == (AdmissionState.PENDING, None, "", None)
    assert EvaluationStep.objects.get(thing="admission", step="reconsider").comment == "Статут був у пропозиції."
    desk.round.admissions.update(state="admitted")
    rounds.begin_scoring(round_id=desk.round.pk, user=desk.official, now=desk.now)
    with pytest.raises(StepRefused):
        admitting.reconsider(**told, reason="Пізно.")


def test_checks_are_only_for_officials_who_may_read_the_proposals(desk):
    stranger = make_official("commissioner", make_territories().odesa_hromada)
    recused = make_official("commissioner", make_territories().dykanska)
    put_recusal(desk.round, make_member(desk.round.commission, user=recused))

    for user in (stranger, recused, desk.round.commission.members.first().user):
        with pytest.raises(PermissionDenied):
            admitting.save_checks(admission_id=desk.admission().pk, user=user, results={}, now=desk.now)


def test_portal_suggests_what_it_finds_itself(desk):
    proposal = desk.admission().proposal
    found = admitting.suggestions_of(desk.admission())

    # the factory attaches no documents, and the price is under the ceiling
    assert {code: result for code, (result, _words) in found.items()} == {
        "form": CheckResult.MET,
        "documents": CheckResult.NOT_MET,
        "applicant": CheckResult.MET,
        "ceiling": CheckResult.MET,
    }
    content = {**proposal.content["content"], "offer/lots/1/tariff": "999.00", "about/title": None}
    Proposal.objects.filter(pk=proposal.pk).update(content={**proposal.content, "content": content})
    found = admitting.suggestions_of(desk.admission())
    assert (found["form"][0], found["ceiling"][0]) == (CheckResult.NOT_MET, CheckResult.NOT_MET)


def test_proposal_that_did_not_open_fails_the_checks_of_form_and_documents(desk):
    Proposal.objects.filter(pk=desk.admission().proposal_id).update(content=None, fault="Печатка не відкривається.")

    found = admitting.suggestions_of(desk.admission())

    assert found["form"] == found["documents"] == (CheckResult.NOT_MET, "Печатка не відкривається.")
    assert found["ceiling"][0] == CheckResult.UNCLEAR
