"""The tables of the social order at the desk: read by those who read the law, corrected by administrators, checked."""

import json
from copy import deepcopy

import pytest
from django.urls import reverse

from portal.kernel.models import LogEntry
from procurement.domain.law_checks import policy_faults
from procurement.domain.reference import load_procurement
from procurement.models import CompetitionPolicy, ProcedureGround, RubricVersion, TimetableRule
from tests.factories.accounts import make_official
from tests.factories.rule_profiles import make_rules

pytestmark = pytest.mark.django_db

TABLES = {
    "desk_competition_policies": CompetitionPolicy,
    "desk_rubrics": RubricVersion,
    "desk_grounds": ProcedureGround,
    "desk_timetable_rules": TimetableRule,
}


@pytest.fixture
def tables():
    make_rules()
    load_procurement()


@pytest.fixture
def clients(sign_in):
    return {role: sign_in(make_official(role)) for role in ("administrator", "auditor", "registrar")}


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_read_by_auditors_and_edited_by_administrators(tables, clients, name):
    row = TABLES[name].objects.first()
    found = {
        view: {role for role, client in clients.items() if client.get(url).status_code == 200}
        for view, url in (
            ("index", reverse(f"{name}:index")),
            ("inspect", reverse(f"{name}:inspect", args=[row.pk])),
            ("add", reverse(f"{name}:add")),
            ("edit", reverse(f"{name}:edit", args=[row.pk])),
            ("delete", reverse(f"{name}:delete", args=[row.pk])),
        )
    }
    assert found == {
        "index": {"administrator", "auditor"},
        "inspect": {"administrator", "auditor"},
        "add": {"administrator"},
        "edit": {"administrator"},
        "delete": set(),
    }


def sent(row: RubricVersion, definition, **values):
    names = ("code", "title_uk", "title_en", "act", "point", "note")
    told = {name: getattr(row, name) for name in names}
    return {**told, "definition": json.dumps(definition), "edit_ground": "Рішення ради № 5", **values}


def test_a_new_version_begins_as_the_old_one_reads_and_leaves_it_alone(tables, clients):
    client, old = clients["administrator"], RubricVersion.objects.get(code="project-default")
    page = client.get(reverse("desk_rubrics:copy", args=[old.pk]))
    assert json.loads(page.context["form"]["definition"].value()) == old.definition
    definition = deepcopy(old.definition) | {"threshold": "16"}
    answer = client.post(reverse("desk_rubrics:add"), sent(old, definition))
    assert answer.status_code == 302
    new = RubricVersion.objects.get(code=old.code, number=old.number + 1)
    assert (new.definition["threshold"], new.verified) == ("16", False)
    assert new.edited_at is not None
    seen = client.get(reverse("desk_rubrics:inspect", args=[new.pk])).content.decode()
    assert "&quot;threshold&quot;: &quot;16&quot;" in seen
    fresh = RubricVersion.objects.get(pk=old.pk)
    assert fresh.definition == old.definition
    assert LogEntry.objects.filter(tag="kernel:norms:edit", subject=f"procurement.rubricversion:{new.pk}").exists()


def test_all_that_is_wrong_in_a_rubric_is_told_and_nothing_is_lost(tables, clients):
    client, old = clients["administrator"], RubricVersion.objects.get(code="project-default")
    definition = deepcopy(old.definition) | {"method": "median", "threshold": 12}
    answer = client.post(reverse("desk_rubrics:add"), sent(old, definition))
    assert answer.status_code == 200
    form = answer.context["form"]
    assert len(form.errors["definition"]) == 2
    assert json.loads(form["definition"].value()) == definition
    for text in ("{", "[]", "5", '"текст"', "null"):
        told = client.post(reverse("desk_rubrics:add"), {**sent(old, definition), "definition": text})
        assert "definition" in told.context["form"].errors
    assert RubricVersion.objects.filter(code=old.code).count() == 1


def test_what_a_rubric_leaves_open_is_said_at_once(tables, clients):
    client, old = clients["administrator"], RubricVersion.objects.get(code="project-default")
    definition = deepcopy(old.definition) | {"threshold": None, "award": None}
    answer = client.post(reverse("desk_rubrics:add"), sent(old, definition), follow=True)
    assert len([one for one in answer.context["messages"] if one.level_tag == "warning"]) == 2


def test_the_definition_of_a_version_is_not_edited(tables, clients):
    client, old = clients["administrator"], RubricVersion.objects.get(code="project-default")
    url = reverse("desk_rubrics:edit", args=[old.pk])
    assert "definition" not in client.get(url).context["form"].fields
    client.post(url, sent(old, {"criteria": []}, title_en="Better words"))
    fresh = RubricVersion.objects.get(pk=old.pk)
    assert (fresh.title_en, fresh.definition, fresh.number) == ("Better words", old.definition, old.number)


def test_a_policy_is_edited_as_a_whole(tables, clients):
    client, policy = clients["administrator"], CompetitionPolicy.objects.get(profile__procedure="social-project")
    url = reverse("desk_competition_policies:edit", args=[policy.pk])
    form = client.get(url).context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: value for name, value in data.items() if value not in (False, None)}
    answer = client.post(url, {**data, "quorum_share": "2/3", "has_defence": "on", "edit_ground": "Порядок ради"})
    assert answer.status_code == 302, answer.context["form"].errors
    fresh = CompetitionPolicy.objects.get(pk=policy.pk)
    assert (fresh.quorum_share, fresh.has_defence) == ("2/3", True)
    assert (fresh.admission, fresh.legal_forms, fresh.sectors) == (policy.admission, policy.legal_forms, [])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("legal_forms", {"a": 1}),
        ("sectors", [1]),
        ("quorum_share", "3/2"),
        ("quorum_share", "0.5"),
        ("admission", {}),
        ("admission", ["form"]),
        ("admission", [{"code": "a", "text_uk": "А"}, {"code": "a", "text_uk": "Б"}]),
        ("admission", [{"code": "a", "text_uk": "А", "check": "stars"}]),
        ("admission", [{"code": "a", "text_uk": ""}]),
        ("form", "nothing"),
        ("rubric", "nothing"),
        ("asked_path", "offer/lots/1/cost"),
        ("asked_path", "about/title"),
        ("asked_path", "offer/nothing"),
    ],
)
def test_what_is_wrong_in_a_policy_is_told_beside_its_field(tables, field, value):
    policy = CompetitionPolicy.objects.get(profile__procedure="social-order")
    names = ("legal_forms", "sectors", "quorum_share", "admission", "form", "rubric", "asked_path")
    values = {name: getattr(policy, name) for name in names}
    assert list(policy_faults(values)) == []
    assert {where for where, _words in policy_faults({**values, field: value})} == {field}


def test_lists_cost_as_much_for_three_rows_as_for_one(tables, clients, django_assert_num_queries):
    client, url = clients["administrator"], reverse("desk_rubrics:index")
    first = RubricVersion.objects.get(code="project-default")
    RubricVersion.objects.exclude(pk=first.pk).delete()
    client.get(url)
    for count in (1, 3):
        for number in range(first.number + 1, first.number + count):
            RubricVersion.objects.create(code=first.code, number=number, title_uk="Нова", definition=first.definition)
        with django_assert_num_queries(12):
            client.get(url)
