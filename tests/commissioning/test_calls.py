"""Calling a competition: everything missing at once, nothing typed is lost."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal.kernel.calendar import day_of
from procurement.domain.calls.calling import gaps
from procurement.domain.seal import keys
from procurement.models import OrderDecision
from tests.commissioning.calling import CALLS, lots, post, url
from tests.factories.applications import PDF
from tests.factories.ordering import make_budget_act, make_order_decision, make_specification
from tests.factories.procurement import make_call
from tests.factories.rule_profiles import make_profile

pytestmark = pytest.mark.django_db
PARTS = ("decision", "about", "lots", "timetable", "conditions", "documents", "form")


# --- the task list ----------------------------------------------------------------------------------------------------


def test_new_call_is_begun_under_the_rules_in_force(office, bare):
    assert (bare.state, bare.profile.procedure, bare.hromada) == ("draft", "social-order", office.places.dykanska)


def test_new_call_takes_over_the_decision_of_the_link(office):
    decision = make_order_decision(now=office.now)

    page = office.client.get(f"{CALLS}new/", {"decision": decision.pk})

    assert str(page.context["form"]["decision"].value()) == str(decision.pk)


def test_new_call_asks_for_what_is_missing_and_keeps_the_rest(office):
    answer = office.client.post(f"{CALLS}new/", {"title": "Денний догляд"})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"procedure", "commissioner"}
    assert "Денний догляд" in answer.content.decode()


def test_task_list_shows_everything_that_is_missing_at_once(office, bare):
    page = office.client.get(url(bare))

    told = {task.code: len(task.gaps) for task in page.context["tasks"]}
    assert told == {
        "decision": 1,
        "about": 1,
        "lots": 1,
        "timetable": 5,
        "conditions": 6,
        "documents": 0,
        "form": 0,
    }
    content = page.content.decode()
    assert all(str(gap.text) in content for task in page.context["tasks"] for gap in task.gaps)


def test_complete_call_has_every_task_done(office, draft):
    page = office.client.get(url(draft))

    assert [task.code for task in page.context["tasks"] if not task.is_done] == []
    assert page.context["done"] == len(PARTS)


def test_lost_sealing_key_is_told_while_there_is_time(office, draft, settings):
    settings.SEALING_KEY_FILE.unlink()

    page = office.client.get(url(draft))

    assert page.context["portal_faults"] is True
    assert office.client.get(url(draft, "announce/")).url == url(draft, "check/")
    keys.make_missing_keys()


# --- the parts --------------------------------------------------------------------------------------------------------


def test_parts_are_saved_and_lead_back_to_the_tasks(office, bare):
    decision = make_order_decision(now=office.now)

    answers = [
        post(office, bare, "decision/", {"decision": decision.pk}),
        post(office, bare, "about/", {"title": "Догляд", "legal_ground": "Постанова 450", "budget_limit": "12 500,50"}),
        post(office, bare, "conditions/", {"requirements": "Реєстр", "contact_email": "order@dykanka.example"}),
    ]

    bare.refresh_from_db()
    assert [answer.url for answer in answers] == [url(bare)] * 3
    assert (bare.decision, bare.order_decided_on) == (decision, decision.decided_on)
    assert (bare.budget_limit, bare.requirements) == (Decimal("12500.50"), "Реєстр")


def test_part_refuses_beside_the_field_and_loses_nothing(office, bare):
    answer = post(office, bare, "conditions/", {"requirements": "Досвід не менше року", "contact_email": "не адреса"})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"contact_email"}
    assert "Досвід не менше року" in answer.content.decode()
    assert "не адреса" in answer.content.decode()


def test_decision_of_another_hromada_is_no_choice(office, bare):
    make_order_decision(make_budget_act(office.places.odesa_hromada, now=office.now), now=office.now)
    foreign = OrderDecision.objects.get()

    answer = post(office, bare, "decision/", {"decision": foreign.pk})

    assert answer.status_code == 422
    assert not office.client.get(url(bare, "decision/")).context["form"].fields["decision"].queryset


def test_lot_takes_title_and_ceiling_of_its_specification(office, bare):
    one, two = make_specification(), make_specification(title="Денний догляд")

    post(office, bare, "lots/", lots({"specification": one.pk}, {"specification": two.pk, "ceiling": "100,50"}, {}))

    told = list(bare.lots.values_list("number", "title", "ceiling"))
    assert told == [
        (1, "Догляд вдома осіб похилого віку", Decimal("324000.00")),
        (2, "Денний догляд", Decimal("100.50")),
    ]


def test_one_more_row_of_lots_loses_nothing_and_saves_nothing(office, bare):
    one = make_specification()

    page = post(office, bare, "lots/", lots({"specification": one.pk, "title": "Мій лот"}, add="1"))

    assert (page.status_code, len(page.context["form"])) == (200, 2)
    assert "Мій лот" in page.content.decode()
    assert not bare.lots.exists()


def test_lot_is_taken_out(office, draft):
    one = draft.lots.get()
    row = {"specification": one.specification_id, "title": one.title, "ceiling": "1"}

    post(office, draft, "lots/", lots(row, {**row, "title": "Другий"}))
    post(office, draft, "lots/", lots({**row, "DELETE": "on"}, {**row, "title": "Другий"}))

    assert list(draft.lots.values_list("title", flat=True)) == ["Другий"]


def test_lot_of_another_hromada_is_no_choice(office, bare):
    foreign = make_specification(office.places.odesa_hromada)

    answer = post(office, bare, "lots/", lots({"specification": foreign.pk}))

    assert answer.status_code == 422
    assert not bare.lots.exists()


@pytest.mark.parametrize("total", ["", "x", "-1", "99999", "1000"])
def test_damaged_form_of_lots_is_answered_plainly(office, bare, total):
    sent = {"lot-TOTAL_FORMS": total, "lot-INITIAL_FORMS": 0}

    assert post(office, bare, "lots/", sent).status_code in {302, 422}
    assert post(office, bare, "lots/", {**sent, "add": "1"}).status_code == 200


def test_files_are_added_and_taken_out(office, draft):
    for title, is_contract in (("Форма звіту", ""), ("", "on")):
        file = SimpleUploadedFile("Договір.pdf", PDF, "application/pdf")
        post(office, draft, "documents/", {"file": file, "title": title, "is_contract": is_contract})

    draft.refresh_from_db()
    row = draft.documents.get()
    assert (row.title, draft.draft_contract.name) == ("Форма звіту", "Договір.pdf")
    assert office.client.get(f"/files/{row.document_id}/").status_code == 200
    post(office, draft, "documents/detach/", {"row": row.pk})
    post(office, draft, "documents/detach/", {"row": ""})
    draft.refresh_from_db()
    assert (draft.documents.count(), draft.draft_contract) == (0, None)


def test_file_of_a_wrong_kind_is_refused_beside_its_field(office, draft):
    file = SimpleUploadedFile("Договір.pdf", b"MZ nothing of a paper", "application/pdf")

    answer = post(office, draft, "documents/", {"file": file, "title": "Договір"})

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"file"}


def test_form_and_rubric_are_shown_as_they_will_be_seen(office, draft):
    page = office.client.get(url(draft, "form/"))

    assert [section.title for section in page.context["form_outline"]][:1] == ["Учасник конкурсу"]
    assert len(page.context["rubric_outline"]) == 6
    assert "Досвід" in page.content.decode()


# --- queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("", 23), ("lots/", 22), ("timetable/", 15), ("check/", 25)])
def test_pages_ask_the_same_number_of_queries_for_any_number_of_lots(
    office, django_assert_num_queries, number, path, queries
):
    draft = make_call(user=office.official, now=office.now, lots=number)
    office.client.get(url(draft, path))

    with django_assert_num_queries(queries):
        office.client.get(url(draft, path))


@pytest.mark.parametrize("number", [1, 3])
def test_list_asks_the_same_number_of_queries_for_every_length(office, django_assert_num_queries, number):
    for _one in range(number):
        make_call(user=office.official, now=office.now)
    office.client.get(CALLS)

    with django_assert_num_queries(9):
        office.client.get(CALLS)


def test_draft_judged_by_the_page_is_the_draft_judged_by_the_domain(office, draft):
    assert gaps(draft, timezone.now()) == []
    assert date.today() >= day_of(draft.created_at)


def test_start_names_the_rules_that_the_competition_will_take(office):
    national = office.client.get(f"{CALLS}new/").context["procedures"]
    own = make_profile(proposals_window=30)

    procedures = office.client.get(f"{CALLS}new/").context["procedures"]

    assert [one.code for one in procedures] == ["social-order", "social-project"]
    assert [one.profile.authority for one in national] == ["", ""]
    assert [one.profile == own for one in procedures] == [True, False]
