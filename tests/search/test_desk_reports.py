"""Reports at the desk: what was sought in vain, what people said was lacking."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from search.domain.asked import note_question, report_unmet_need
from search.enums import AskedOutcome
from tests.search.editing import (
    EDIT,
    READ,
    TODAY,
)


def ask(words, times=1, place="", outcome=AskedOutcome.NOTHING, day=TODAY):
    for _ in range(times):
        note_question(words, place, outcome, day)


def sought(client, **asked):
    rows = client.get(reverse("desk_sought:index"), asked).context["object_list"]
    return [(row["words"], row["place"], row["times"], row["nothing"], row["relaxed"]) for row in rows]


def test_editors_see_all_that_was_sought_in_vain(desk, editor):
    town = desk.places.dykanka.code
    ask("логопед", 2)
    ask("логопед", 1, outcome=AskedOutcome.RELAXED, day=TODAY - timedelta(days=3))
    ask("логопед", 1, town)
    ask("знайдене", 9, outcome=AskedOutcome.FOUND)

    assert sought(editor) == [("логопед", "", 3, 2, 1), ("логопед", town, 1, 1, 0)]
    assert sought(editor, since=TODAY.isoformat()) == [("логопед", "", 2, 2, 0), ("логопед", town, 1, 1, 0)]
    assert sought(editor, until=(TODAY - timedelta(days=1)).isoformat()) == [("логопед", "", 1, 0, 1)]
    assert sought(editor, outcome="relaxed") == [("логопед", "", 1, 0, 1)]
    assert sought(editor, q="ЛОГОПЕД", ordering="times") == [("логопед", town, 1, 1, 0), ("логопед", "", 3, 2, 1)]
    assert sought(editor, q="няня") == []


def test_report_leads_editors_to_a_new_synonym_and_auditors_nowhere(desk, editor):
    ask("дитячий логопед", place=desk.places.dykanka.code)
    add = reverse("desk_synonyms:add")

    pages = {role: desk.clients[role].get(reverse("desk_sought:index")).content.decode() for role in READ}

    assert {role for role, page in pages.items() if f"{add}?phrase=" in page} == EDIT
    assert all("Диканька, Полтавська область" in page for page in pages.values())


def test_report_of_unmet_needs_names_place_and_service(desk, editor):
    report_unmet_need(desk.places.dykanka.code, "shelter", "нема де ночувати", TODAY)

    response = editor.get(reverse("desk_unmet:index"))

    (row,) = response.context["object_list"]
    page = response.content.decode()
    assert (row["place"], row["service"], row["times"]) == (desk.places.dykanska.code, "shelter", 1)
    assert "Диканська громада, Полтавська область" in page
    assert "Надання притулку" in page


@pytest.mark.parametrize("name", ["desk_sought", "desk_unmet"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_report_is_taken_out_as_a_file(desk, editor, name, form):
    ask("логопед", place=desk.places.dykanka.code)
    report_unmet_need(desk.places.dykanka.code, "shelter", "", TODAY)

    response = editor.get(reverse(f"{name}:index"), {"export": form})

    content = b"".join(response.streaming_content)
    if form == "csv":
        assert len(content.decode().splitlines()) == 2
    else:
        assert len(list(load_workbook(io.BytesIO(content)).active.values)) == 2


@pytest.mark.parametrize("item_count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("desk_sought", 13), ("desk_unmet", 15)])
def test_report_costs_the_same(desk, editor, django_assert_num_queries, name, queries, item_count):
    units = [desk.places.dykanka, desk.places.poltava, desk.places.odesa][:item_count]
    for unit in units:
        ask("логопед", place=unit.code)
        report_unmet_need(unit.code, "shelter", "", TODAY)
    url = reverse(f"{name}:index")
    editor.get(url)

    with django_assert_num_queries(queries):
        response = editor.get(url)

    assert len(response.context["object_list"]) == item_count
