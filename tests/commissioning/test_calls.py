"""Calling a competition: everything missing at once, nothing typed is lost, an unlawful timetable is refused."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal.kernel.calendar import KYIV, day_of
from procurement.domain import keys
from procurement.domain.calling import gaps
from procurement.enums import CompetitionState
from procurement.models import Competition, OrderDecision
from tests.factories.applications import PDF
from tests.factories.procurement import (
    make_budget_act,
    make_call,
    make_commissioner,
    make_order_decision,
    make_profile,
    make_published,
    make_specification,
    timetable,
)

pytestmark = pytest.mark.django_db
CALLS = "/cabinet/commissioning/competitions/"
PARTS = ("decision", "about", "lots", "timetable", "conditions", "documents", "form")


def url(competition, path: str = "") -> str:
    return f"{CALLS}{competition.pk}/{path}"


def post(office, competition, path, values):
    return office.client.post(url(competition, path), values)


@pytest.fixture
def draft(office) -> Competition:
    """A complete draft."""
    return make_call(user=office.official, now=office.now)


@pytest.fixture
def bare(office) -> Competition:
    """A draft that only has been begun."""
    answer = office.client.post(
        f"{CALLS}new/", {"procedure": "social-order", "commissioner": make_commissioner().pk, "title": "Догляд вдома"}
    )
    return Competition.objects.get(pk=int(answer.url.split("/")[-2]))


def dates(**changes) -> dict:
    """What the page of the timetable sends, in its own words."""
    typed = {}
    for point, value in {**timetable(timezone.now()), **changes}.items():
        is_moment = isinstance(value, datetime)
        typed[point] = value.astimezone(KYIV).strftime("%Y-%m-%dT%H:%M") if is_moment else value and value.isoformat()
    return {point: value for point, value in typed.items() if value}


# --- the task list ---------------------------------------------------------------------------------------------------


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


# --- the parts -------------------------------------------------------------------------------------------------------


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


def lots(*rows, total: int | None = None, **more) -> dict:
    sent = {"lot-TOTAL_FORMS": total or len(rows), "lot-INITIAL_FORMS": 0, **more}
    for number, row in enumerate(rows):
        sent |= {f"lot-{number}-{name}": value for name, value in row.items()}
    return sent


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


# --- the timetable ---------------------------------------------------------------------------------------------------


def test_lawful_timetable_is_saved(office, draft):
    typed = dates(closes_at=timezone.now() + timedelta(days=15))

    answer = post(office, draft, "timetable/", typed)

    draft.refresh_from_db()
    assert answer.url == url(draft)
    assert draft.closes_at.astimezone(KYIV).strftime("%Y-%m-%dT%H:%M") == typed["closes_at"]


def test_infeasible_timetable_is_refused_naming_the_first_rule_and_nothing_typed_is_lost(office):
    make_profile(proposals_window=30, results_publication=5)
    draft = make_call(user=office.official, now=office.now, closes_in=timedelta(days=40))
    before = draft.closes_at
    typed = dates(closes_at=office.now + timedelta(days=20), results_on=day_of(office.now) + timedelta(days=90))

    answer = post(office, draft, "timetable/", typed)

    assert answer.status_code == 422
    (refusal,) = answer.context["form"].non_field_errors()
    assert "п. 7" in refusal
    assert "30" in refusal
    broken = [row.field.name for row in answer.context["rows"] if row.broken]
    assert broken[0] == "closes_at"
    content = answer.content.decode()
    assert all(value in content for value in typed.values())
    draft.refresh_from_db()
    assert draft.closes_at == before


def test_dates_out_of_their_natural_order_are_refused(office, draft):
    answer = post(office, draft, "timetable/", dates(opening_at=timezone.now() + timedelta(days=2)))

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()


def test_unreadable_date_is_refused_beside_its_field_and_stays(office, draft):
    answer = post(office, draft, "timetable/", dates() | {"closes_at": "завтра", "award_on": "31.02.2027"})

    assert answer.context["form"].errors.keys() == {"closes_at", "award_on"}
    assert "завтра" in answer.content.decode()


def test_unset_term_is_said_to_be_unset_and_binds_nothing(office, draft):
    page = office.client.get(url(draft, "timetable/"))

    unknown = [row.field.name for row in page.context["rows"] if row.unknown]
    assert "closes_at" in unknown
    assert not any(row.broken for row in page.context["rows"])


def test_windows_say_from_what_day_to_what_day_and_why(office):
    make_profile(proposals_window=30)
    draft = make_call(user=office.official, now=office.now, closes_in=timedelta(days=40), questions_until=None)

    page = office.client.get(url(draft, "timetable/"))

    row = next(row for row in page.context["rows"] if row.field.name == "closes_at")
    assert row.earliest
    assert "п. 7" in row.why_earliest[-1].sentence
    assert row.earliest in page.content.decode()


def test_counting_fills_empty_dates_alone_and_saves_nothing(office, bare):
    make_profile(proposals_window=30)
    draft = make_call(user=office.official, now=office.now, closes_in=timedelta(days=40), closes_at=None)
    typed = {"count": "1", "award_on": "2030-05-05", "opening_at": "не дата"}

    page = post(office, draft, "timetable/", typed)

    assert page.status_code == 200
    form = page.context["form"]
    assert form["closes_at"].value().startswith((day_of(timezone.now()) + timedelta(days=30)).isoformat())
    assert (form["award_on"].value(), form["opening_at"].value()) == ("2030-05-05", "не дата")
    assert "closes_at" in page.context["made"]
    draft.refresh_from_db()
    assert draft.closes_at is None


def test_counting_without_terms_says_that_nothing_follows(office, bare):
    page = post(office, bare, "timetable/", {"count": "1"})

    assert page.context["made"] == set()
    assert page.context["counted"]


# --- the dry run and the announcement ----------------------------------------------------------------------------------


def test_dry_run_groups_gaps_with_links_to_their_fields(office, bare):
    page = office.client.get(url(bare, "check/"))

    links = [line.url for _label, lines in page.context["groups"] for line in lines]
    assert url(bare, "timetable/#id_closes_at") in links
    assert url(bare, "conditions/#id_opening_place") in links
    assert all(links)


def test_links_of_gaps_lead_to_fields_that_are_there(office, bare):
    page = office.client.get(url(bare, "check/"))

    for _label, lines in page.context["groups"]:
        for line in lines:
            address, _hash, fragment = line.url.partition("#")
            content = office.client.get(address).content.decode()
            assert not fragment or f'id="{fragment}"' in content or f'id="{fragment}_0"' in content


def test_dry_run_shows_the_announcement_and_writes_nothing(office, draft):
    before = Competition.objects.values().get(pk=draft.pk)

    page = office.client.get(url(draft, "check/"))

    assert page.context["groups"] == []
    assert page.context["preview"].notice.lots[0].service == "Догляд вдома"
    assert "Статут, штатний розпис" in page.content.decode()
    assert Competition.objects.values().get(pk=draft.pk) == before


def test_dry_run_compares_with_other_rules_as_an_exercise(office, draft):
    other = make_profile("UA51100270000073549", policy={}, proposals_window=30)

    page = office.client.get(url(draft, "check/"), {"compare": other.pk})

    assert page.context["compared"] == other
    assert "closes_at" in [one.point for one in page.context["differences"]]
    assert office.client.get(url(draft, "check/"), {"compare": "x"}).context["compared"] is None


def test_announcement_happens_once_however_often_it_is_pressed(office, draft):
    key = office.client.get(url(draft, "announce/")).context["key"]

    first = post(office, draft, "announce/", {"key": key})
    second = post(office, draft, "announce/", {"key": key})

    draft.refresh_from_db()
    assert (first.url, second.url) == (url(draft), url(draft))
    assert (draft.state, draft.versions.count()) == (CompetitionState.PUBLISHED, 1)
    assert draft.number in office.client.get(url(draft)).content.decode()


def test_call_with_gaps_cannot_be_announced(office, bare):
    assert office.client.get(url(bare, "announce/")).url == url(bare, "check/")
    assert post(office, bare, "announce/", {"key": "k"}).url == url(bare, "check/")

    bare.refresh_from_db()
    assert bare.state == CompetitionState.DRAFT


def test_draft_is_thrown_away_after_a_question(office, draft):
    assert office.client.get(url(draft, "discard/")).status_code == 200

    post(office, draft, "discard/", {})

    assert not Competition.objects.filter(pk=draft.pk).exists()


def test_parts_of_what_is_announced_lead_to_its_page(office):
    published = make_published(user=office.official, now=office.now)

    for part in (*PARTS, "check", "announce", "discard"):
        assert office.client.get(url(published, f"{part}/")).url == url(published)
    assert post(office, published, "about/", {"title": "Інакше"}).url == url(published)
    published.refresh_from_db()
    assert published.title != "Інакше"


# --- queries -----------------------------------------------------------------------------------------------------------


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
