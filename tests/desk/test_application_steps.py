"""The steps of an examination and of a decision, as they are taken at the desk."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.kernel.models import OutboxMessage
from registry.domain.applying import answer_correction
from registry.models import Application, CriterionCheck, Ground, RegisterDecision, RegisterEntry
from tests.desk.examining import fresh, judge, propose, proposed, take, url
from tests.factories.applications import (
    make_submitted,
    save,
)


def test_registrar_takes_the_application(desk, asked):
    page = desk.clients["registrar"].get(url("take", asked))
    response = take(desk, asked)

    assert (page.status_code, response.status_code) == (200, 302)
    assert (fresh(asked).state, fresh(asked).examiner) == ("examination", desk.users["registrar"])


def test_criteria_of_a_service_are_judged_and_good_lines_are_kept_beside_a_fault(desk, asked):
    take(desk, asked)
    client = desk.clients["registrar"]
    block = client.get(url("application", asked)).context["checklist"][0]
    first, second = (row.criterion for row in block.rows[:2])

    typed = {f"c{first.pk}-result": "met", f"c{second.pk}-result": "not_met", f"c{second.pk}-note": ""}
    faulty = client.post(url("checks", asked, block.key), typed)
    kept = list(CriterionCheck.objects.values_list("criterion__slug", "service_key", "result"))
    typed[f"c{second.pk}-note"] = "Немає дипломів."
    response = client.post(url("checks", asked, block.key), {**typed, "next": "1"})

    assert (faulty.status_code, list(faulty.context["form"].errors)) == (200, [f"c{second.pk}-note"])
    assert faulty.context["form"][f"c{second.pk}-result"].value() == "not_met"
    assert kept == [(first.slug, "1", "met")]
    assert (response.status_code, response.url) == (302, url("checks", asked, "2"))
    assert CriterionCheck.objects.get(criterion=second).note == "Немає дипломів."


def test_note_without_a_result_is_a_fault(desk, asked):
    take(desk, asked)
    criterion = desk.clients["registrar"].get(url("application", asked)).context["checklist"][0].rows[0].criterion

    response = desk.clients["registrar"].post(url("checks", asked, "1"), {f"c{criterion.pk}-note": "гм"})

    assert list(response.context["form"].errors) == [f"c{criterion.pk}-result"]
    assert "гм" in response.content.decode()


def test_criteria_of_an_unknown_service_are_not_there(desk, asked):
    take(desk, asked)

    assert desk.clients["registrar"].get(url("checks", asked, "77")).status_code == 404


def test_correction_is_asked_for_by_the_names_of_the_fields(desk, asked):
    take(desk, asked)
    client = desk.clients["registrar"]
    page = client.get(url("correction", asked))
    faulty = client.post(url("correction", asked), {"comment": "Уточніть адресу."})

    response = client.post(
        url("correction", asked), {"fields_asked": ["sites/1/room", "services/1/content"], "comment": "Уточніть."}
    )

    terms = page.context["terms"]
    assert (terms.left, terms.due_on) == (1, timezone.localdate() + timedelta(days=10))
    assert list(faulty.context["form"].errors) == ["fields_asked"]
    assert "Уточніть адресу." in faulty.content.decode()
    assert (response.status_code, fresh(asked).state) == (302, "correction")
    assert fresh(asked).corrections.get().fields == ["sites/1/room", "services/1/content"]


def test_corrected_application_comes_back_to_its_examiner_with_old_and_new_side_by_side(desk, asked):
    take(desk, asked)
    client, index = desk.clients["registrar"], reverse("desk_applications:index")
    client.post(url("correction", asked), {"fields_asked": ["sites/1/street"], "comment": "Уточніть."})
    waiting = list(client.get(index, {"waiting": "corrected"}).context["object_list"])
    save(fresh(asked), {"sites/1/street": "вул. Соборності"}, now=timezone.now())
    answer_correction(application_id=asked.pk, user=asked.created_by, now=timezone.now())

    page = client.get(url("application", asked))

    assert (waiting, list(client.get(index, {"waiting": "corrected"}).context["object_list"])) == ([], [asked])
    assert [(line.old, line.new) for line in page.context["corrected_fields"]] == [
        ("вул. Незалежності", "вул. Соборності")
    ]


def test_second_correction_is_refused_in_words(desk, asked):
    take(desk, asked)
    client = desk.clients["registrar"]
    client.post(url("correction", asked), {"fields_asked": ["sites/1/room"], "comment": "Уточніть."})
    Application.objects.filter(pk=asked.pk).update(state="examination")

    page = client.get(url("correction", asked))

    assert (page.status_code, page.context["terms"].left) == (200, 0)


def test_outcome_is_chosen_first_and_its_grounds_follow(desk, asked):
    take(desk, asked)
    client = desk.clients["registrar"]
    first = client.get(url("propose", asked))
    second = client.get(url("propose", asked), {"outcome": "refuse"})
    unknown = client.get(url("propose", asked), {"outcome": "suspend"})

    assert [choice for choice, _label in first.context["form"].fields["outcome"].choices] == [
        "include",
        "include_some",
        "return",
        "refuse",
    ]
    assert list(second.context["form"].fields) == ["grounds", "reason"]
    assert "п. 7" in second.content.decode()
    assert list(unknown.context["form"].errors) == ["outcome"]


def test_inclusion_is_not_proposed_before_all_criteria_are_judged(desk, asked):
    take(desk, asked)

    response = propose(desk, asked)

    assert (response.status_code, fresh(asked).state) == (200, "examination")
    assert response.context["form"].non_field_errors()


def test_refusal_needs_ground_and_reasons_and_keeps_what_was_typed(desk, asked):
    take(desk, asked)

    faulty = propose(desk, asked, "refuse", reason="Бо так.")
    response = propose(desk, asked, "refuse", reason="Бо так.", grounds=[Ground.objects.get(outcome="refuse").pk])

    assert list(faulty.context["form"].errors) == ["grounds"]
    assert "Бо так." in faulty.content.decode()
    assert (response.status_code, fresh(asked).state) == (302, "proposed")


def test_reasons_with_a_taxpayer_number_are_refused(desk, asked):
    take(desk, asked)

    response = propose(
        desk, asked, "refuse", reason="Номер 3184710691.", grounds=[Ground.objects.get(outcome="refuse").pk]
    )

    assert list(response.context["form"].errors) == ["reason"]


def test_some_services_are_included_by_name(desk, asked):
    take(desk, asked)
    judge(desk, asked)
    ground = Ground.objects.get(outcome="include_some").pk

    faulty = propose(desk, asked, "include_some", reason="Одна.", grounds=[ground])
    propose(desk, asked, "include_some", reason="Одна.", grounds=[ground], services=["2"])
    desk.clients["approver"].post(url("decide", asked))

    assert list(faulty.context["form"].errors) == ["services"]
    entry = RegisterEntry.objects.get(organisation=asked.organisation)
    assert [service.title for service in entry.services.all()] == ["Послуга 2"]


def test_proposal_is_sent_back_with_a_reason(desk, asked):
    proposed(desk, asked)
    client = desk.clients["approver"]

    faulty = client.post(url("send_back", asked), {"reason": ""})
    response = client.post(url("send_back", asked), {"reason": "Перевірте приміщення."})

    assert list(faulty.context["form"].errors) == ["reason"]
    assert (response.status_code, fresh(asked).state) == (302, "examination")
    assert "Перевірте приміщення." in desk.clients["registrar"].get(url("application", asked)).content.decode()


def test_approver_sees_what_will_happen_and_decides(desk, asked):
    proposed(desk, asked)
    client = desk.clients["approver"]
    page = client.get(url("decide", asked))

    response = client.post(url("decide", asked))

    decision = RegisterDecision.objects.get()
    assert [(block.title, enters) for block, enters in page.context["services"]] == [
        ("Послуга 1", True),
        ("Послуга 2", True),
    ]
    assert len(page.context["effects"]) == 4
    assert (response.status_code, fresh(asked).state) == (302, "decided")
    assert decision.entry.is_open
    assert decision.number in client.get(url("application", asked)).content.decode()


def test_who_proposed_does_not_decide_and_is_told_why(desk, asked, sign_in):
    take(desk, asked, role="administrator")
    judge(desk, asked, role="administrator")
    propose(desk, asked, role="administrator")

    page = desk.clients["administrator"].get(url("decide", asked))
    desk.clients["administrator"].post(url("decide", asked))

    assert page.context["cannot"]
    assert page.context["cannot"] in page.content.decode()
    assert fresh(asked).state == "proposed"
    assert not RegisterDecision.objects.exists()


def test_decision_pressed_twice_is_made_once(desk, asked):
    proposed(desk, asked)
    client = desk.clients["approver"]

    responses = [client.post(url("decide", asked)).status_code for _ in range(2)]

    assert responses == [302, 302]
    assert RegisterDecision.objects.count() == 1


def test_amendment_shows_old_and_new_side_by_side(desk, asked):
    application = make_submitted("amendment", organisation=desk.entry.organisation)

    page = desk.clients["registrar"].get(url("application", application))

    assert ("не вказано", "Тепер працюємо і у вихідні.") in [(line.old, line.new) for line in page.context["changes"]]
    assert "вул. Незалежності" not in {line.new for line in page.context["changes"]}


def test_approver_corrects_the_reasons_of_a_decision(desk, asked):
    proposed(desk, asked)
    client = desk.clients["approver"]
    client.post(url("decide", asked))
    page = client.get(url("correct_decision", asked))

    faulty = client.post(url("correct_decision", asked), {"reason": "Нові підстави.", "ground": ""})
    response = client.post(url("correct_decision", asked), {"reason": "Нові підстави.", "ground": "Описка."})

    assert page.status_code == 200
    assert list(faulty.context["form"].errors) == ["ground"]
    assert response.status_code == 302
    numbers = [decision.number for decision in client.get(url("application", asked)).context["decisions"]]
    assert numbers == [f"1/{timezone.localdate().year}", f"2/{timezone.localdate().year}"]


@pytest.mark.parametrize("role", ["registrar", "auditor"])
def test_others_do_not_correct_a_decision(desk, asked, role):
    proposed(desk, asked)
    desk.clients["approver"].post(url("decide", asked))

    response = desk.clients[role].post(url("correct_decision", asked), {"reason": "Так.", "ground": "Так."})

    assert (response.status_code, RegisterDecision.objects.count()) == (302, 1)


# own initiative


def test_registrar_opens_a_case_and_another_suspends(desk, asked):
    registrar, number = desk.clients["registrar"], desk.entry.number
    start = reverse("desk_applications:initiative", args=[number])
    page = registrar.get(start)

    response = registrar.post(start)
    case = Application.objects.get(kind="initiative")
    ground = Ground.objects.get(outcome="suspend").pk
    until = timezone.localdate() + timedelta(days=30)
    propose(desk, case, "suspend", reason="Скарги.", grounds=[ground], suspend_until=until.isoformat())
    desk.clients["approver"].post(url("decide", case))

    entry = RegisterEntry.objects.get(pk=desk.entry.pk)
    assert (page.status_code, response.url) == (200, url("application", case))
    assert (entry.standing, entry.suspended_until) == ("suspended", until)


def test_case_is_opened_once(desk, asked):
    start = reverse("desk_applications:initiative", args=[desk.entry.number])
    desk.clients["registrar"].post(start)

    response = desk.clients["registrar"].post(start)

    assert response.status_code == 200
    assert Application.objects.filter(kind="initiative").count() == 1


@pytest.mark.parametrize(("role", "status"), [("approver", 302), ("auditor", 302), ("neighbour", 404)])
def test_case_is_opened_by_registrars_of_the_territory(desk, role, status):
    response = desk.clients[role].post(reverse("desk_applications:initiative", args=[desk.entry.number]))

    assert response.status_code == status
    assert not Application.objects.exists()


def test_only_possible_outcomes_of_a_case_are_offered(desk, asked):
    desk.clients["registrar"].post(reverse("desk_applications:initiative", args=[desk.entry.number]))
    case = Application.objects.get(kind="initiative")

    page = desk.clients["registrar"].get(url("propose", case))

    assert [choice for choice, _label in page.context["form"].fields["outcome"].choices] == ["suspend", "exclude"]


def test_provider_gets_a_letter_at_each_step(desk, asked):
    before = OutboxMessage.objects.count()
    proposed(desk, asked)
    desk.clients["approver"].post(url("decide", asked))

    assert OutboxMessage.objects.count() > before
