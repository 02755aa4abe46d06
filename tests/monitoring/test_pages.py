"""The pages of monitoring: who opens them, what they say, what they take, how many queries they need."""

import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.kernel import clock
from procurement.contract_enums import VisitState
from procurement.models import ContractNotice, Finding, FindingReply, Visit, VisitSubmission
from tests.factories.accounts import make_mandate, make_official
from tests.factories.contracts import NOW, make_contract, make_typed_ground
from tests.factories.monitoring import judge, make_finding, make_risk_card, make_visit, reply
from tests.factories.ordering import make_official_who_orders
from tests.factories.procurement import make_bidder
from tests.factories.registry import make_territories
from tests.monitoring.acting import all_seen, planned, provider_of, seen, send


@pytest.fixture(autouse=True)
def summer(monkeypatch):
    monkeypatch.setattr(clock, "moment", lambda: NOW)


@pytest.fixture
def contract(db):
    return make_contract()


@pytest.fixture
def desk(contract, sign_in):
    return sign_in(contract.created_by)


@pytest.fixture
def provider(contract, sign_in):
    return sign_in(provider_of(contract))


def at(name, *args):
    return reverse(f"contracting:{name}", args=args)


def own(name, *args):
    return reverse(f"contractor:{name}", args=args)


def text_of(response):
    return response.content.decode()


# --- the plan --------------------------------------------------------------------------------------------------------


def test_plan_offers_a_day_and_takes_the_chosen(desk, contract):
    make_risk_card(contract)
    page = desk.get(at("plan"))
    assert "Суму збільшено після укладення." in text_of(page)

    prefix = f"c{contract.pk}"
    sent = {f"{prefix}-chosen": "on", f"{prefix}-planned_on": "2027-09-07", f"{prefix}-basis": "risk"}
    assert desk.post(at("plan"), sent).status_code == 302

    assert list(Visit.objects.values_list("planned_on__month", "basis")) == [(9, "risk")]


def test_plan_tells_the_fault_beside_its_contract(desk, contract):
    prefix = f"c{contract.pk}"
    for day, said in (("2020-01-01", "2020-01-01"), ("", "")):
        sent = {f"{prefix}-chosen": "on", f"{prefix}-planned_on": day, f"{prefix}-basis": "turn"}
        response = desk.post(at("plan"), sent)
        assert (response.status_code, f'href="#id_{prefix}-planned_on"' in text_of(response)) == (422, True)
        assert f'value="{said}"' in text_of(response) or not said
    assert Visit.objects.count() == 0


@pytest.mark.parametrize("item_count", [1, 3])
def test_lists_take_constant_queries(desk, contract, django_assert_num_queries, item_count):
    contracts = [contract, *(make_contract(created_by=contract.created_by) for _one in range(item_count - 1))]
    for one in contracts:
        finding = make_finding(make_visit(one))
        make_risk_card(one)
        notice = ContractNotice.objects.create(
            contract=one,
            number=1,
            kind="warning",
            ground=make_typed_ground("notice"),
            text="Увага.",
            sent_at=NOW,
            sent_by=one.created_by,
            answer_by="2027-08-01",
            key=uuid4(),
        )
        notice.findings.add(finding)
    desk.get(at("plan"))

    for name, queries in (("plan", 14), ("visits", 6), ("findings", 6), ("notices", 7)):
        with django_assert_num_queries(queries):
            assert desk.get(at(name)).status_code == 200


@pytest.mark.parametrize("item_count", [1, 3])
def test_pages_of_one_thing_take_constant_queries(desk, contract, django_assert_num_queries, item_count):
    visit = make_visit(contract)
    findings = [make_finding(visit) for _one in range(item_count)]
    for _one in range(item_count):
        reply(findings[0])
        judge(findings[0], "partly")
    desk.get(at("visit", visit.pk))

    with django_assert_num_queries(12):
        desk.get(at("visit", visit.pk))
    with django_assert_num_queries(15):
        desk.get(at("finding", findings[0].pk))


# --- the visit -------------------------------------------------------------------------------------------------------


def test_visit_is_planned_moved_and_cancelled(desk, contract):
    sent = {"planned_on": "2027-09-07", "basis": "turn", "team": "Олена Коваль, спеціаліст\n\n"}
    assert desk.post(at("visit_new", contract.pk), sent).status_code == 302
    visit = Visit.objects.get()
    assert visit.team == [{"name": "Олена Коваль", "position": "спеціаліст"}]

    wrong = desk.post(at("visit_move", visit.pk), {"planned_on": "2027-10-01", "reason": ""})
    assert (wrong.status_code, 'value="2027-10-01"' in text_of(wrong)) == (422, True)
    assert desk.post(at("visit_cancel", visit.pk), {"reason": "Не потрібно."}).status_code == 302
    assert "Не потрібно." in text_of(desk.get(at("visit", visit.pk)))


def test_plain_form_takes_what_was_answered_and_shows_it_again(desk, contract):
    visit = planned(contract)
    kind = make_typed_ground("violation").slug
    sent = {
        "held_on": "2027-07-14",
        "place": "вул. Миру, 1",
        "journal-answer": "breach",
        "journal-text": "Не ведеться.",
        "journal-kind": kind,
        "extra-ab12-text": "Холодно.",
        "key": str(uuid4()),
    }
    for _press in range(2):
        assert desk.post(at("visit_form", visit.pk), sent).status_code == 302

    assert VisitSubmission.objects.count() == 1
    assert dict(visit.answers.values_list("code", "answer")) == {"journal": "breach", "extra-ab12": "breach"}
    page = text_of(desk.get(at("visit_form", visit.pk)))
    assert all(words in page for words in ("вул. Миру, 1", "Не ведеться.", "Холодно."))


def test_plain_form_sends_only_what_was_changed_on_it(desk, contract):
    visit = planned(contract)
    send(visit, all_seen(journal=seen("breach", text="Не ведеться.")), device="phone")
    response = desk.get(at("visit_form", visit.pk))
    questions = {one.code: one for one in response.context["questions"]}
    sent = {"held_on": "2027-07-14", "key": str(uuid4())}
    for code, one in questions.items():
        sent |= {f"{code}-base": one.base, f"{code}-answer": one.answer, f"{code}-note": one.note}
        sent |= {f"{code}-{name}": value for name, value in one.finding.items()}
    sent["schedule-answer"] = "not_seen"
    desk.post(at("visit_form", visit.pk), sent)

    last = VisitSubmission.objects.order_by("pk").last()
    assert list(last.content["answers"]) == ["schedule"]
    assert visit.answers.get(code="schedule").other == {}


def test_plain_form_keeps_what_was_typed_beside_a_fault(desk, contract):
    visit = planned(contract)

    sent = {"held_on": "2027-12-31", "journal-answer": "breach", "journal-text": "Не ведеться.", "notes": "Тихо."}
    response = desk.post(at("visit_form", visit.pk), sent)

    page = text_of(response)
    assert (response.status_code, 'href="#f-held_on"' in page) == (422, True)
    assert all(words in page for words in ("Не ведеться.", "Тихо.", "2027-12-31"))


def test_form_has_a_strict_policy_and_its_worker_is_a_script(desk, contract, client):
    response = desk.get(at("visit_form", planned(contract).pk))
    worker = client.get(at("visit_worker"))

    assert "unsafe" not in response["Content-Security-Policy"]
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert (worker.status_code, worker["Content-Type"]) == (200, "text/javascript; charset=utf-8")


def parcel(**more):
    told = {"key": str(uuid4()), "device": "phone", "content": {"held_on": "2027-07-14", "answers": {}}, **more}
    return {"data": json.dumps(told), "content_type": "application/json"}


def test_parcel_is_taken_once_and_answered_alike(desk, contract):
    visit = planned(contract)
    sent = parcel(content={"held_on": "2027-07-14", "answers": {"journal": seen("ok")}})

    answers = [desk.post(at("visit_send", visit.pk), **sent) for _time in range(2)]

    assert [one.status_code for one in answers] == [200, 200]
    assert answers[0].json() == answers[1].json()
    assert (VisitSubmission.objects.count(), list(answers[0].json()["marks"])) == (1, ["journal"])


def test_parcel_that_cannot_be_taken_is_answered_with_its_reason(desk, contract):
    visit = planned(contract)
    address = at("visit_send", visit.pk)

    assert desk.post(address, "{", content_type="application/json").status_code == 400
    assert desk.post(address, **parcel(key="nope")).status_code == 400
    assert desk.post(address, **parcel(content=[])).status_code == 400
    faulty = desk.post(address, **parcel(content={"held_on": "2028-01-01"}))
    assert (faulty.status_code, list(faulty.json()["faults"])) == (422, ["held_on"])
    Visit.objects.filter(pk=visit.pk).update(state=VisitState.CANCELLED)
    assert desk.post(address, **parcel()).status_code == 409


def test_state_tells_who_may_send(desk, contract):
    visit = planned(contract)

    told = desk.get(at("visit_state", visit.pk)).json()

    assert (told["user"], told["open"], told["marks"]) == (contract.created_by.pk, True, {})


def test_conclusion_lists_what_is_missing_then_publishes(desk, contract):
    visit = planned(contract)
    send(visit, {"journal": {"answer": "breach"}}, now=NOW)
    page = text_of(desk.get(at("conclude", visit.pk)))
    assert "#f-journal-text" in page
    assert "#f-schedule-answer" in page

    send(visit, all_seen(journal=seen("breach")), now=NOW)
    assert desk.post(at("conclude", visit.pk), {"conclusion": ""}).status_code == 422
    assert desk.post(at("conclude", visit.pk), {"conclusion": "Є відхилення."}).status_code == 302
    assert Finding.objects.count() == 1


def test_names_in_findings_and_conclusion_are_warned_of_and_confirmed(desk, contract):
    visit = planned(contract)
    send(visit, all_seen(journal=seen("breach", text="Записів про Шевченко Марію Іванівну немає.")), now=NOW)

    warned = desk.post(at("conclude", visit.pk), {"conclusion": "Є відхилення."})
    assert (warned.status_code, Finding.objects.count()) == (422, 0)
    form = warned.context["form"]
    sent = {"conclusion": "Є відхилення.", form.confirmed_name: form.words_digest}
    assert desk.post(at("conclude", visit.pk), sent).status_code == 302


# --- findings and notices --------------------------------------------------------------------------------------------


def test_provider_replies_with_evidence_and_the_official_judges(desk, provider, contract):
    finding = make_finding(make_visit(contract))
    assert "Журнал" in text_of(provider.get(own("finding", finding.pk)))
    sent = {"text": "Журнал заведено.", "key": str(uuid4()), "file": SimpleUploadedFile("доказ.txt", b"journal")}
    assert provider.post(own("finding", finding.pk), sent).status_code == 302
    assert FindingReply.objects.get().document.name == "доказ.txt"

    assert "доказ.txt" in text_of(desk.get(at("finding", finding.pk)))
    wrong = desk.post(at("finding", finding.pk), {"outcome": "partly", "reason": "Не все."})
    assert (wrong.status_code, "Не все." in text_of(wrong)) == (422, True)
    told = {"outcome": "partly", "follows": "again", "due_on": "2027-09-01", "reason": "Не все."}
    assert desk.post(at("finding", finding.pk), told).status_code == 302
    finding.refresh_from_db()
    assert (finding.state, finding.outcome) == ("open", "partly")


def test_names_in_a_reply_are_warned_of_before_they_are_published(provider, contract):
    finding = make_finding(make_visit(contract))

    sent = {"text": "Допомогли Шевченко Марії Іванівні.", "key": str(uuid4())}
    response = provider.post(own("finding", finding.pk), sent)

    assert (response.status_code, FindingReply.objects.count()) == (422, 0)
    form = response.context["form"]
    assert (
        provider.post(own("finding", finding.pk), {**sent, form.confirmed_name: form.words_digest}).status_code == 302
    )


def test_file_that_is_not_taken_is_told_beside_its_field(provider, contract):
    finding = make_finding(make_visit(contract))
    sent = {"text": "Журнал заведено.", "key": str(uuid4()), "file": SimpleUploadedFile("virus.exe", b"MZ")}

    response = provider.post(own("finding", finding.pk), sent)

    assert (response.status_code, "file" in response.context["form"].errors) == (422, True)
    assert "Журнал заведено." in text_of(response)


def test_notice_is_sent_answered_and_withdrawn(desk, provider, contract):
    finding = make_finding(make_visit(contract))
    page = desk.get(at("notice_new", contract.pk), {"finding": finding.pk})
    assert page.context["form"]["findings"].value() == [str(finding.pk)]
    sent = {
        "kind": "termination",
        "ground": make_typed_ground("notice").pk,
        "findings": [finding.pk],
        "text": "Порушень не усунуто.",
        "answer_by": "2027-07-28",
        "key": str(uuid4()),
    }
    for _press in range(2):
        assert desk.post(at("notice_new", contract.pk), sent).status_code == 302
    notice = ContractNotice.objects.get()

    assert "Порушень не усунуто." in text_of(provider.get(own("notice", notice.pk)))
    assert f"notices/{notice.pk}/" in text_of(provider.get(own("findings")))
    assert provider.post(own("notice", notice.pk), {"text": "Усунемо до кінця місяця."}).status_code == 302
    assert "Усунемо до кінця місяця." in text_of(desk.get(at("notice", notice.pk)))
    assert desk.post(at("notice", notice.pk), {"reason": "Усе усунуто."}).status_code == 302
    assert provider.get(own("notice", notice.pk)).context["form"] is None


# --- closed doors ----------------------------------------------------------------------------------------------------


def test_doors_are_closed_for_all_others(contract, sign_in, client):
    visit = make_visit(contract, VisitState.HELD)
    finding = make_finding(visit)
    elsewhere = sign_in(make_official_who_orders(make_territories().odesa_hromada))
    other = sign_in(make_bidder()[1])
    addresses = [
        at("visits", contract.pk),
        at("visit_new", contract.pk),
        *(at(name, visit.pk) for name in ("visit", "visit_form", "visit_state", "conclude")),
        at("findings", contract.pk),
        at("finding", finding.pk),
        at("notices", contract.pk),
        at("notice_new", contract.pk),
    ]

    for visitor in (elsewhere, other, sign_in(provider_of(contract))):
        assert {visitor.get(one).status_code for one in addresses} == {404}
    assert {client.get(one).status_code for one in addresses} == {302}
    mine = [own("findings", contract.pk), own("finding", finding.pk)]
    assert [[visitor.get(one).status_code for one in mine] for visitor in (elsewhere, other)] == [[404] * 2] * 2


def test_finding_of_a_visit_in_work_is_not_there_for_the_provider(provider, contract):
    finding = make_finding(make_visit(contract, VisitState.HELD))

    assert provider.get(own("finding", finding.pk)).status_code == 404
    assert provider.get(own("findings", contract.pk), {"show": "all"}).context["findings"].count() == 0


def test_auditor_looks_on(contract, sign_in):
    visit = planned(contract)
    finding = make_finding(make_visit(contract))
    visitor = sign_in(make_official("auditor"))

    assert visitor.get(at("visit", visit.pk)).context["may_act"] is False
    assert visitor.get(at("finding", finding.pk)).context["form"] is None
    assert visitor.get(at("visit_form", visit.pk)).status_code == 404
    assert visitor.post(at("visit_send", visit.pk), **parcel()).status_code == 404
    assert visitor.post(at("visit_cancel", visit.pk), {"reason": "Ні."}).status_code == 404


@pytest.mark.parametrize("role", ["commissioner", "auditor"])
def test_official_with_a_mandate_of_the_provider_learns_of_no_planned_visit(contract, sign_in, role):
    visit = planned(contract)
    finding = make_finding(make_visit(contract))
    tied = make_official_who_orders() if role == "commissioner" else make_official(role)
    make_mandate(tied, contract.contractor)
    visitor = sign_in(tied)

    for name, key in (("visit", visit.pk), ("visit_form", visit.pk), ("finding", finding.pk)):
        assert visitor.get(at(name, key)).status_code == 404
    assert visitor.post(at("visit_cancel", visit.pk), {"reason": "Ні."}).status_code == 404
    assert f"№ {contract.number}" not in visitor.get(reverse("contracting:visits")).content.decode()
