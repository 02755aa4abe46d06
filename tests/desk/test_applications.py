"""Applications at the desk: who sees which, what each step asks, what it refuses, and what it leaves behind."""

import json
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from portal.kernel.models import LogEntry, OutboxMessage
from registry.domain.applying import answer_correction
from registry.models import Application, CriterionCheck, Ground, PrivateView, RegisterDecision, RegisterEntry
from tests.desk.conftest import SECRET_PHONE, SECRET_STREET
from tests.factories.applications import NOW, fill, make_criteria, make_draft, make_rules, make_submitted, save, submit


def url(name, application, *args) -> str:
    return reverse(f"desk_applications:{name}", args=[application.pk, *args])


@pytest.fixture
def asked(desk) -> Application:
    """A submitted application for inclusion in Poltava oblast, with two services and criteria for each."""
    make_criteria()
    make_rules(days=30, correction_days=10)
    make_grounds()
    return make_submitted(services=2, now=timezone.now() - timedelta(days=2))


def make_grounds() -> dict[str, Ground]:
    found = {}
    for outcome in ("include_some", "return", "refuse", "suspend", "restore", "exclude"):
        found[outcome] = Ground.objects.get_or_create(
            slug=f"{outcome}-test",
            defaults={
                "outcome": outcome,
                "text_uk": f"Підстава «{outcome}».",
                "act": "99-2021",
                "point": "п. 7",
                "valid_from": "2021-01-01",
            },
        )[0]
    return found


def fresh(application) -> Application:
    return Application.objects.get(pk=application.pk)


def take(desk, application, role="registrar"):
    return desk.clients[role].post(url("take", application))


def judge(desk, application, result="met", role="registrar", note=""):
    """Judge every criterion of every service alike."""
    client = desk.clients[role]
    for block in client.get(url("application", application)).context["checklist"]:
        typed = {}
        for row in block.rows:
            typed[f"c{row.criterion.pk}-result"] = result
            typed[f"c{row.criterion.pk}-note"] = note
        assert client.post(url("checks", application, block.key), typed).status_code == 302


def propose(desk, application, outcome="include", role="registrar", **typed):
    return desk.clients[role].post(url("propose", application), {"outcome": outcome, "reason": "", **typed})


def proposed(desk, application, outcome="include", **typed) -> None:
    take(desk, application)
    judge(desk, application)
    assert propose(desk, application, outcome, **typed).status_code == 302


def due_cell(response, application) -> str:
    context = {"application": application, "today": timezone.localdate()}
    application.refresh_from_db()
    text = render_to_string("desk/_application_due.html", context)
    assert text.strip() in response.content.decode()
    return text


# who


@pytest.mark.parametrize("role", ["administrator", "registrar", "approver", "auditor"])
def test_officials_of_the_territory_read_the_application(desk, asked, role):
    client = desk.clients[role]

    assert client.get(url("application", asked)).status_code == 200
    assert asked in client.get(reverse("desk_applications:index")).context["object_list"]


def test_registrar_of_another_territory_meets_nothing(desk, asked):
    client = desk.clients["neighbour"]

    assert list(client.get(reverse("desk_applications:index")).context["object_list"]) == []
    names = ["application", "take", "correction", "propose", "send_back", "decide", "correct_decision"]
    assert {client.get(url(name, asked)).status_code for name in names} == {404}
    assert client.post(url("checks", asked, "1"), {}).status_code == 404


def test_editor_is_led_away(desk, asked):
    response = desk.clients["editor"].get(url("application", asked))

    assert (response.status_code, response.url) == (302, reverse("wagtailadmin_home"))


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("approver", "take"),
        ("auditor", "take"),
        ("approver", "correction"),
        ("approver", "propose"),
        ("auditor", "propose"),
        ("registrar", "decide"),
        ("registrar", "send_back"),
        ("auditor", "decide"),
    ],
)
def test_step_of_another_role_is_not_taken(desk, asked, role, name):
    before = asked.steps.count()
    for state in ("submitted", "examination", "proposed"):
        Application.objects.filter(pk=asked.pk).update(state=state)
        response = desk.clients[role].post(url(name, asked), {"reason": "так", "comment": "так", "outcome": "include"})
        assert (response.status_code, response.url) == (302, reverse("wagtailadmin_home"))

    assert asked.steps.count() == before


def test_page_offers_each_role_its_steps(desk, asked):
    def offered(role):
        context = desk.clients[role].get(url("application", asked)).context
        return sorted(name for name in ("can_take", "can_examine", "can_decide") if context[name])

    states = {}
    for state in ("submitted", "examination", "proposed"):
        Application.objects.filter(pk=asked.pk).update(state=state)
        states[state] = {role: offered(role) for role in ("registrar", "approver", "auditor")}

    assert states == {
        "submitted": {"registrar": ["can_take"], "approver": [], "auditor": []},
        "examination": {"registrar": ["can_examine"], "approver": [], "auditor": []},
        "proposed": {"registrar": [], "approver": ["can_decide"], "auditor": []},
    }


# the queue


@pytest.mark.parametrize("item_count", [1, 3])
def test_queue_costs_the_same(desk, asked, django_assert_num_queries, item_count):
    for _ in range(item_count - 1):
        make_submitted()
    client = desk.clients["registrar"]
    client.get(reverse("desk_applications:index"))

    with django_assert_num_queries(12):
        response = client.get(reverse("desk_applications:index"))

    assert len(response.context["object_list"]) == item_count


@pytest.mark.parametrize("item_count", [1, 3])
def test_application_costs_the_same(desk, django_assert_num_queries, item_count):
    make_criteria()
    make_rules()
    application = make_submitted(services=item_count)
    take(desk, application)
    judge(desk, application)
    client = desk.clients["registrar"]

    with django_assert_num_queries(39):
        response = client.get(url("application", application))

    assert len(response.context["checklist"]) == item_count


def test_queue_has_the_oldest_first_and_finds_by_number_and_code(desk, asked):
    later = make_submitted(now=timezone.now())
    client = desk.clients["registrar"]

    def listed(**typed):
        return list(client.get(reverse("desk_applications:index"), typed).context["object_list"])

    assert listed() == [asked, later]
    assert listed(q=later.number) == [later]
    assert listed(q=asked.organisation.code) == [asked]


def test_queue_is_filtered_by_what_is_to_be_done(desk, asked):
    other = make_submitted()
    take(desk, other)
    Application.objects.filter(pk=asked.pk).update(decision_due_on=timezone.localdate() - timedelta(days=1))

    def listed(role, **typed):
        return list(desk.clients[role].get(reverse("desk_applications:index"), typed).context["object_list"])

    assert listed("registrar", waiting="take") == [asked]
    assert listed("registrar", waiting="check") == [other]
    assert listed("registrar", waiting="overdue") == [asked]
    assert listed("approver", waiting="take") == []
    assert listed("registrar", state="examination") == [other]
    assert listed("registrar", kind="exclusion") == []


def test_decided_application_leaves_the_queue_and_is_found_when_asked_for(desk, asked):
    proposed(desk, asked)
    desk.clients["approver"].post(url("decide", asked))
    client, index = desk.clients["registrar"], reverse("desk_applications:index")

    assert list(client.get(index).context["object_list"]) == []
    assert list(client.get(index, {"state": "all"}).context["object_list"]) == [fresh(asked)]


@pytest.mark.parametrize(("days", "said"), [(None, ""), (-1, "desk-tag--bad"), (0, "desk-tag--warn"), (5, "")])
def test_due_day_is_said_in_words_and_not_by_colour_alone(desk, asked, days, said):
    day = None if days is None else timezone.localdate() + timedelta(days=days)
    Application.objects.filter(pk=asked.pk).update(decision_due_on=day)

    response = desk.clients["registrar"].get(reverse("desk_applications:index"))

    assert due_cell(response, asked).count("<span") == (2 if days in (-1, 0) else 1)
    assert said in due_cell(response, asked)


def test_later_application_of_a_provider_waits_for_the_earlier(desk):
    make_rules()
    earlier = make_submitted("amendment", organisation=desk.entry.organisation)
    later = make_submitted("exclusion", organisation=desk.entry.organisation, now=NOW + timedelta(hours=1))
    page = desk.clients["registrar"].get(url("application", later))

    response = take(desk, later)

    assert page.context["application"].waits_for == earlier.number
    assert earlier.number in page.content.decode()
    assert url("take", later) not in page.content.decode()
    assert (response.status_code, fresh(later).state) == (200, "submitted")


def test_desk_home_says_what_waits_for_whom(desk, asked):
    def figures(role):
        panels = desk.clients[role].get(reverse("wagtailadmin_home")).context["panels"]
        panel = next(panel for panel in panels if panel.name == "desk_applications")
        request = type("Request", (), {"user": desk.users[role]})
        return [number for _label, number, _url in panel.get_context_data({"request": request})["figures"]]

    before = {role: figures(role) for role in ("registrar", "approver", "neighbour")}
    proposed(desk, asked)

    assert before == {"registrar": [1, 0, 0, 0, 0], "approver": [0, 0], "neighbour": [0, 0, 0, 0, 0]}
    assert {role: figures(role) for role in ("registrar", "approver")} == {
        "registrar": [0, 0, 0, 0, 0],
        "approver": [1, 0],
    }


# what is private


def test_private_parts_are_opened_on_purpose_and_leave_a_trace(desk, asked):
    content = asked.content | {"contacts/2/private": True, "sites/1/confidential": True}
    Application.objects.filter(pk=asked.pk).update(content=content)
    client = desk.clients["registrar"]

    closed, opened = client.get(url("application", asked)), client.post(url("application", asked))

    words = ("office@example.org", "вул. Незалежності")
    assert [word in closed.content.decode() for word in words] == [False, False]
    assert [word in opened.content.decode() for word in words] == [True, True]
    entry = LogEntry.objects.get(tag="registry:application:private_view")
    assert entry.subject == f"registry.application:{asked.number}"
    assert json.loads(entry.payload)["what"] == ["address 1", "contact 2"]


def test_private_parts_of_an_amendment_leave_the_trace_at_the_entry(desk, asked):
    make_grounds()
    application = make_submitted("amendment", organisation=desk.entry.organisation)
    desk.clients["approver"].post(url("application", application))

    assert PrivateView.objects.filter(entry=desk.entry, by=desk.users["approver"]).count() == 1


def test_private_values_among_the_changes_are_opened_on_purpose_too(desk, asked):
    """The provider of the card has a confidential address and a private contact: both are changed."""
    draft = make_draft("amendment", organisation=desk.entry.organisation)
    numbers = {
        value: path.rpartition("/")[0]
        for path, value in draft.content.items()
        if value in (SECRET_PHONE, SECRET_STREET)
    }
    told = {f"{numbers[SECRET_PHONE]}/value": "+380501112233", f"{numbers[SECRET_STREET]}/street": "вул. Нова-Схована"}
    application = submit(fill(draft, **told))
    client = desk.clients["registrar"]

    closed, opened = client.get(url("application", application)), client.post(url("application", application))
    take(desk, application)
    judge(desk, application)
    propose(desk, application, "amend")
    decide = desk.clients["approver"].get(url("decide", application))

    secrets = (SECRET_PHONE, "+380501112233", SECRET_STREET, "вул. Нова-Схована")
    assert [word in closed.content.decode() for word in secrets] == [False] * 4
    assert [word in decide.content.decode() for word in secrets] == [False] * 4
    assert [word in opened.content.decode() for word in secrets] == [True] * 4
    assert PrivateView.objects.filter(entry=desk.entry, by=desk.users["registrar"]).count() == 1


# the steps


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
