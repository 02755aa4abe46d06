"""Checklists as data: what is shipped holds together, what would not work is refused, each contract finds its own."""

import json
import re

import pytest

from procurement.domain.monitoring.checklists import checklist_for, items_of, require_checklist
from procurement.domain.reference import FOLDER
from procurement.models import ChecklistVersion, Contract

ITEM = {"code": "plan", "text_uk": "Є план."}
SHIPPED = sorted((FOLDER / "checklists").glob("*.json"))


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def test_shipped_checklists_name_kinds_of_violation_that_are_shipped():
    kinds = {row["slug"] for row in read(FOLDER / "violations.json")}

    named = {item["kind"] for path in SHIPPED for item in read(path)["definition"]["items"]}

    assert named - kinds == set()


def test_shipped_checklists_name_services_of_the_catalogue_once():
    services = {row["slug"] for row in read(FOLDER.parents[1] / "registry/reference/service_types.json")["services"]}
    named = [slug for path in SHIPPED for slug in read(path)["definition"]["services"]]

    assert (set(named) - services, len(named) - len(set(named))) == (set(), 0)


def test_nothing_shipped_is_said_to_be_checked_against_the_act():
    items = [item for path in SHIPPED for item in read(path)["definition"]["items"]]

    assert {read(path)["verified"] for path in SHIPPED} | {item["verified"] for item in items} == {False}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_checklist_is_taken(path):
    require_checklist(read(path)["definition"])


@pytest.mark.parametrize(
    ("definition", "place"),
    [
        ([], "services"),
        ({"services": [], "items": []}, "items"),
        ({"services": ["Догляд"], "items": [ITEM]}, "services"),
        ({"services": [], "items": [{**ITEM, "code": "Plan A"}]}, "items/1: code"),
        ({"services": [], "items": [{**ITEM, "code": "extra-1"}]}, "items/1: code"),
        ({"services": [], "items": [{**ITEM, "text_uk": " "}]}, "items/1: text_uk"),
        ({"services": [], "items": [{**ITEM, "severity": "huge"}]}, "items/1: severity"),
        ({"services": [], "items": [{**ITEM, "verified": "yes"}]}, "items/1: verified"),
        ({"services": [], "items": [{**ITEM, "colour": "red"}]}, "items/1: unknown: colour"),
        ({"services": [], "items": [{**ITEM, "citation": 5}]}, "items/1: not a text: citation"),
        ({"services": [], "items": [ITEM, ITEM]}, "items/2: the code plan stands twice"),
        ({"services": [], "items": ["plan"]}, "items/1: an object"),
    ],
)
def test_checklist_that_would_not_work_is_refused_by_its_place(definition, place):
    with pytest.raises(ValueError, match=re.escape(place)):
        require_checklist(definition)


def test_contract_is_visited_by_the_newest_checklist_of_its_service(db):
    for code, number, services in (("care", 1, ["home-care"]), ("care", 2, ["home-care"]), ("all", 1, [])):
        ChecklistVersion.objects.create(
            code=code, number=number, title_uk=code, definition={"services": services, "items": [ITEM]}
        )

    found = [checklist_for(Contract(services=services)) for services in (["home-care"], ["shelter"])]

    assert [(one.code, one.number) for one in found] == [("care", 2), ("all", 1)]
    assert [item.severity for item in items_of(found[0])] == ["minor"]


def test_contract_without_a_checklist_has_nothing_to_look_at(db):
    assert items_of(checklist_for(Contract(services=["shelter"]))) == []
