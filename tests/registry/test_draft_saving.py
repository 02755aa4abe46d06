"""A draft loses nothing: saved field by field by several editors, who are told what the others did."""

from datetime import timedelta

import pytest

from portal.kernel.workflow import StepRefused
from registry.domain import drafts
from registry.enums import ApplicationState
from registry.models import CorrectionRequest, DraftVersion
from tests.factories.accounts import make_person
from tests.factories.applications import (
    make_criteria,
    make_submitted,
    save,
    service_part,
)
from tests.factories.registry import NOW
from tests.registry.drafting import content, put

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def test_save_makes_a_version_that_says_what_was_set_and_by_whom(draft, colleague):
    saved = put(draft, {"about/about": "  Про нас  ", "organisation/name": None}, user=colleague)

    version = DraftVersion.objects.get(version=2)
    assert (saved.version, saved.conflicts, saved.refused) == (2, [], {})
    assert (version.patch, version.by) == ({"about/about": "Про нас", "organisation/name": None}, colleague)
    assert content(draft) == {"organisation/person_type": "legal_entity", "about/about": "Про нас"}


@pytest.mark.parametrize("patch", [{}, {"organisation/person_type": "legal_entity"}, {"about/about": "  "}])
def test_saving_what_is_there_makes_no_version(draft, patch):
    assert put(draft, patch).version == 1
    assert DraftVersion.objects.count() == 1


def test_two_editors_of_different_fields_lose_neither(draft, colleague):
    put(draft, {"about/about": "перший"}, base=1)
    saved = put(draft, {"organisation/short_name": "другий"}, user=colleague, base=1)

    assert (saved.version, saved.conflicts) == (3, [])
    assert content(draft)["about/about"] == "перший"
    assert content(draft)["organisation/short_name"] == "другий"


def test_two_editors_of_one_field_are_told_and_the_other_fields_are_saved(draft, colleague):
    put(draft, {"about/about": "перший"}, user=colleague, base=1, now=NOW)
    saved = put(draft, {"about/about": "другий", "organisation/short_name": "ГО"}, base=1)

    (conflict,) = saved.conflicts
    assert (conflict.path, conflict.mine, conflict.theirs) == ("about/about", "другий", "перший")
    assert (conflict.by, conflict.at) == ("Петро Гнатюк", NOW)
    assert content(draft)["about/about"] == "перший"
    assert content(draft)["organisation/short_name"] == "ГО"

    resolved = put(draft, {"about/about": "другий"}, base=saved.version)
    assert (resolved.conflicts, content(draft)["about/about"]) == ([], "другий")


def test_two_windows_of_one_person_are_two_editors(draft):
    put(draft, {"about/about": "перше вікно"}, base=1)
    saved = put(draft, {"about/about": "друге вікно"}, base=1)

    assert [conflict.path for conflict in saved.conflicts] == ["about/about"]


def test_saying_the_same_as_the_other_is_no_conflict(draft, colleague):
    put(draft, {"about/about": "однаково"}, user=colleague, base=1)

    saved = put(draft, {"about/about": "однаково "}, base=1)
    assert (saved.version, saved.conflicts) == (2, [])


def test_emptied_field_against_a_changed_one_is_a_conflict(draft, colleague):
    save(draft, {"about/about": "початок"})
    put(draft, {"about/about": "змінено"}, user=colleague, base=2)

    (conflict,) = put(draft, {"about/about": ""}, base=2).conflicts
    assert (conflict.mine, conflict.theirs) == (None, "змінено")


@pytest.mark.parametrize("base", [-1, 99])
def test_version_that_never_was_overwrites_nothing(draft, colleague, base):
    put(draft, {"about/about": "їхнє"}, user=colleague, base=1)

    saved = put(draft, {"about/about": "моє"}, base=base)
    assert [conflict.theirs for conflict in saved.conflicts] == ["їхнє"]


def test_part_removed_by_one_and_edited_by_the_other_is_told_to_whoever_comes_second(draft, colleague):
    save(draft, {"sites/1/street": "вул. Перша", "sites/2/street": "вул. Друга"})

    put(draft, {"sites/1/street": "вул. Нова"}, user=colleague, base=2)
    removing = put(draft, {"sites/1/removed": True}, base=2)
    put(draft, {"sites/2/removed": True}, user=colleague, base=2)
    editing = put(draft, {"sites/2/street": "вул. Інша"}, base=2)

    assert [(one.path, one.mine, one.theirs) for one in removing.conflicts] == [("sites/1/removed", True, None)]
    assert [(one.path, one.mine, one.theirs) for one in editing.conflicts] == [("sites/2/removed", None, True)]
    assert content(draft)["sites/2/street"] == "вул. Інша"
    assert put(draft, {"sites/2/removed": False}, base=editing.version).conflicts == []
    assert "sites/2/removed" not in content(draft)


def test_criteria_answered_for_a_service_that_went_away_are_told(draft, colleague):
    make_criteria()
    save(draft, service_part())
    put(draft, {"services/1/removed": True}, user=colleague, base=2)

    (conflict,) = put(draft, {"criteria/1/founding/statement": "Так."}, base=2).conflicts
    assert conflict.path == "services/1/removed"


def test_two_new_parts_under_one_key_are_not_mixed(draft, colleague):
    key = drafts.new_key(draft, "contacts")
    put(draft, {f"contacts/{key}/kind": "phone", f"contacts/{key}/value": "102"}, user=colleague, base=1)

    saved = put(draft, {f"contacts/{key}/kind": "head", f"contacts/{key}/note": "директор"}, base=1)

    assert [conflict.path for conflict in saved.conflicts] == ["contacts/1/kind", "contacts/1/note"]
    assert content(draft)["contacts/1/kind"] == "phone"


def test_keys_are_never_used_again(draft):
    assert drafts.new_key(draft, "sites") == "1"
    full = save(draft, {"sites/1/street": "вул. Перша", "sites/7/street": "вул. Сьома", "services/9/title": "Інше"})
    emptied = save(full, {"sites/7/street": None})

    assert drafts.new_key(emptied, "sites") == "8"


def test_only_fields_asked_for_are_corrected():
    make_criteria()
    application = make_submitted()
    application.state = ApplicationState.CORRECTION
    application.save()
    asked = CorrectionRequest.objects.create(
        application=application,
        fields=["about/about", "criteria/1/staff/document", "sites/1"],
        comment="Уточніть.",
        asked_by=make_person(),
        asked_at=NOW,
        due_on=NOW.date(),
    )

    saved = put(
        application,
        {
            "about/about": "Уточнили.",
            "organisation/name": "Інша назва",
            "criteria/1/staff/expires_on": "2029-01-01",
            "criteria/1/founding/statement": "інше",
            "sites/1/street": "вул. Точна",
            "sites/2/street": "вул. Зайва",
        },
    )

    assert set(saved.refused) == {"organisation/name", "criteria/1/founding/statement", "sites/2/street"}
    assert set(DraftVersion.objects.last().patch) == {"about/about", "criteria/1/staff/expires_on", "sites/1/street"}
    with pytest.raises(StepRefused):
        put(application, {"about/about": "Пізно."}, now=NOW + timedelta(days=1))
    asked.lapsed_at = NOW
    asked.save()
    with pytest.raises(StepRefused):
        put(application, {"about/about": "Пізно."})


@pytest.mark.parametrize("state", ["submitted", "examination", "proposed"])
def test_what_is_submitted_is_not_written_in_any_more(state):
    application = make_submitted()
    application.state = state
    application.save()

    with pytest.raises(StepRefused):
        put(application, {"about/about": "…"})
