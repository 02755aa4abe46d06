"""Whatever is typed into a draft is kept in one shape, or refused beside its field while the rest is saved."""

import pytest

from portal.kernel.workflow import StepRefused
from registry.domain.draft_fields import FIELDS, pattern_of
from registry.domain.standing import exclude_entry
from tests.factories.applications import make_criteria, make_draft, save, service_part
from tests.factories.registry import NOW, REGISTRAR, make_provider, make_territories
from tests.registry.drafting import RNOKPP, content, draft_now, put, refused

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


READ = [
    ("organisation/name", " ГО\t«Дім»\n ", "ГО «Дім»"),
    ("about/about", "Рядок\r\nдругий\x00", "Рядок\nдругий"),
    ("about/about", "Телефон 0501234567, з 1992 року", "Телефон 0501234567, з 1992 року"),
    ("services/1/price", "1 200,5", "1200.50"),
    ("services/1/price", 120, "120.00"),
    ("services/1/price", "0", "0.00"),
    ("services/1/capacity", "40", 40),
    ("services/1/capacity", 0, 0),
    ("services/1/capacity_on", "2026-11-01", "2026-11-01"),
    ("services/1/urgent", "on", True),
    ("services/1/meets_standard", "no", False),
    (
        "services/1/groups",
        ["violence-survivors", "older-people", "older-people"],
        ["older-people", "violence-survivors"],
    ),
    ("services/1/groups", "older-people", ["older-people"]),
    ("services/1/areas", ["UA53080130000079450"], ["UA53080130000079450"]),
    ("sites/1/latitude", "49,8213456789", 49.821346),
    ("sites/1/access/ramp", False, False),
    ("sites/1/postal_index", "38500", "38500"),
    (
        "sites/1/hours",
        {"mon": [["09:00", "13:00"], ["14:00", "24:00"]], "tue": []},
        {"mon": [["09:00", "13:00"], ["14:00", "24:00"]]},
    ),
    ("organisation/legal_form", "cooperative", "cooperative"),
]
READ_CONTACTS = [
    ("phone", "+380 (53) 519-00-00", "+380 (53) 519-00-00"),
    ("phone", "15-47", "15-47"),
    ("email", "office@example.org", "office@example.org"),
    ("website", "example.org/дім", "https://example.org/дім"),
    ("head", "Олена Коваль", "Олена Коваль"),
]


@pytest.mark.parametrize(("path", "told", "kept"), READ)
def test_value_is_kept_in_one_shape(draft, path, told, kept):
    saved = put(draft, {path: told})

    assert saved.refused == {}
    assert content(draft)[path] == kept


@pytest.mark.parametrize(("kind", "told", "kept"), READ_CONTACTS)
def test_contact_is_read_by_its_kind(draft, kind, told, kept):
    assert put(draft, {"contacts/1/kind": kind, "contacts/1/value": told}).refused == {}
    assert content(draft)["contacts/1/value"] == kept


EMPTY = [
    ("organisation/ownership_form", "unknown"),
    ("services/1/urgent", False),
    ("services/1/price_mode", "unknown"),
    ("services/1/groups", []),
    ("services/1/hours", {}),
    ("services/1/capacity", ""),
    ("sites/1/latitude", ""),
    ("consents/accuracy", "0"),
]


@pytest.mark.parametrize(("path", "value"), EMPTY)
def test_value_that_says_nothing_takes_the_field_away(draft, path, value):
    application = save(draft, {"services/1/title": "…", "sites/1/street": "…"})
    application.content[path] = "щось"
    application.save()

    assert put(application, {path: value}).refused == {}
    assert path not in content(draft)


WRONG = [
    ("organisation/name", "я" * 501),
    ("organisation/name", f"ФОП Коваль {RNOKPP}"),
    ("about/about", f"РНОКПП {RNOKPP}"),
    ("about/about", ["список"]),
    ("about/about", "я" * 10_001),
    ("organisation/legal_form", "королівство"),
    ("organisation/head", "0000777"),
    ("services/1/price", "-1"),
    ("services/1/price", "1.005"),
    ("services/1/price", "багато"),
    ("services/1/price", "NaN"),
    ("services/1/price", "1e400"),
    ("services/1/price", "99999999999"),
    ("services/1/price", True),
    ("services/1/capacity", "-3"),
    ("services/1/capacity", 2.5),
    ("services/1/capacity", "9" * 5000),
    ("services/1/capacity_on", "31.02.2026"),
    ("services/1/capacity_on", "2026-02-31"),
    ("services/1/capacity_on", "0026-02-01"),
    ("services/1/urgent", "можливо"),
    ("services/1/service_type", "teleportation"),
    ("services/1/groups", ["older-people", "марсіани"]),
    ("services/1/groups", [{"a": 1}]),
    ("services/1/areas", ["UA53080130010081044"]),
    ("services/1/areas", ["UA99"]),
    ("services/1/areas", ["UA53080130000079450"] * 2001),
    ("services/1/at_sites", ["77"]),
    ("services/1/at_sites", ["перша"]),
    ("services/1/row", 1),
    ("sites/1/territory", "UA00000000000000000"),
    ("sites/1/territory", "UA53000000000028050"),
    ("sites/1/latitude", "91"),
    ("sites/1/latitude", "nan"),
    ("sites/1/postal_index", "385"),
    ("sites/1/hours", {"mon": [["18:00", "09:00"]]}),
    ("sites/1/hours", {"mon": [["09:00", "18:00"], ["17:00", "19:00"]]}),
    ("sites/1/hours", {"mon": "зранку"}),
    ("sites/1/hours", {"someday": [["09:00", "18:00"]]}),
    ("sites/1/access/elevator-to-heaven", True),
    ("sites/1/access", True),
    ("sites/0/street", "вул. Нульова"),
    ("sites/x/street", "вул. Іксова"),
    ("sites/1/street/more", "…"),
    ("exclusion/reason", "не та заява"),
    ("criteria/5/founding/statement", "послуги немає"),
    ("criteria/1/немає/statement", "критерію немає"),
    ("criteria/1/invented/statement", "критерію немає"),
    ("criteria/1/founding/document", "не файл"),
    ("criteria/1/founding/document", "6d1c6d1c-0000-4000-8000-000000000000"),
    ("password", "…"),
    ("organisation/rnokpp", RNOKPP),
    ("", "…"),
]


@pytest.mark.parametrize(("path", "value"), WRONG)
def test_wrong_value_is_refused_beside_its_field_and_the_rest_is_saved(draft, path, value):
    make_criteria()
    application = save(draft, {"services/1/title": "…", "sites/1/label": "…", "organisation/name": None})

    saved = put(application, {path: value, "organisation/short_name": "ГО"})

    assert set(saved.refused) == {path}
    assert saved.refused[path].endswith((".", "?"))
    assert path not in content(draft)
    assert content(draft)["organisation/short_name"] == "ГО"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("phone", "подзвоніть"),
        ("phone", "12"),
        ("email", "office@"),
        ("website", "javascript:alert(1)"),
        ("website", "…"),
    ],
)
def test_wrong_contact_is_refused(draft, kind, value):
    save(draft, {"contacts/1/kind": kind})

    assert refused(draft_now(draft), "contacts/1/value", value)


def test_every_field_of_the_table_is_found_by_its_path():
    for pattern in FIELDS:
        words = pattern.split("/")
        path = "/".join(
            "1" if word == "*" and place == 1 else "slug" if word == "*" else word for place, word in enumerate(words)
        )
        assert pattern_of(path) == pattern


def test_head_of_a_branch_is_an_included_organisation(draft):
    head, gone = make_provider(), make_provider()
    exclude_entry(entry_id=gone.pk, actor=REGISTRAR, ground="за заявою", now=NOW)

    assert refused(draft, "organisation/head", gone.number)
    assert put(draft, {"organisation/head": head.number}).refused == {}
    branch = make_provider()
    amendment = make_draft("amendment", organisation=branch.organisation)
    assert refused(amendment, "organisation/head", head.number)


def test_application_has_room_for_two_hundred_services_and_not_for_one_more(draft):
    patch = {f"services/{key}/title": f"Послуга {key}" for key in range(1, 202)}

    saved = put(draft, patch)

    assert set(saved.refused) == {"services/201/title"}
    assert len([path for path in content(draft) if path.startswith("services/")]) == 200


def test_draft_has_an_end(draft):
    text = "Довгий опис. " * 750
    patch = {f"services/{key}/content": text for key in range(1, 120)}

    with pytest.raises(StepRefused):
        put(draft, patch)
    assert content(draft) == draft.content


@pytest.mark.parametrize("services", [1, 3])
def test_save_asks_no_more_for_more_services(draft, services, django_assert_num_queries):
    make_criteria()
    user = draft.created_by
    patch = {}
    for key in range(1, services + 1):
        patch |= service_part(str(key)) | {f"criteria/{key}/founding/statement": "Так."}
    patch |= {"sites/1/territory": make_territories().dykanka.code, "sites/1/access/ramp": True}

    with django_assert_num_queries(13):
        saved = put(draft, patch, user=user)

    assert saved.refused == {}
