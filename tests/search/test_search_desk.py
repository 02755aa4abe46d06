"""The editors' part of the search: who reaches what, what a form refuses, what a file changes, what reports show."""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry

from portal.kernel.models import LogEntry, StoredDocument
from search import rules
from search.domain.asked import note_question, report_unmet_need
from search.domain.promotions import save_promotion
from search.domain.synonyms import save_synonym
from search.enums import AskedOutcome
from search.models import Promotion, Synonym
from search.signals import promotions_changed, thesaurus_changed
from tests.desk.conftest import desk, places  # noqa: F401 fixtures
from tests.desk.test_access import found, wanted
from tests.factories.registry import make_catalogue

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 25)
EDIT = {"administrator", "editor"}
READ = EDIT | {"auditor"}
TYPED = {
    "phrase": "сиділка",
    "kind": "service",
    "target": "home-care",
    "language": "uk",
    "weight": "0.8",
    "active": "on",
    "note": "",
}
PROMOTED = {
    "phrases": "виплати впо\nдопомога переселенцям",
    "title": "Виплати переселенцям",
    "text": "",
    "url": "/services/",
    "valid_from": "2026-11-01",
    "valid_to": "",
    "active": "on",
}


@pytest.fixture
def editor(desk):  # noqa: F811
    make_catalogue()
    return desk.clients["editor"]


def make_synonym(phrase="сиділка", **values):
    return save_synonym(
        Synonym(**{"phrase": phrase, "kind": "service", "target": "home-care", **values}), now=values.pop("now", NOW)
    )


def make_promotion(**values):
    plain = {"phrases": "впо", "title": "Виплати", "url": "/services/", "valid_from": TODAY}
    return save_promotion(Promotion(**{**plain, **values}))


def errors(response):
    return {
        name: [fault.code for fault in faults] for name, faults in response.context["form"].errors.as_data().items()
    }


def listed(client, name="desk_synonyms", field="phrase", **asked):
    return [getattr(row, field) for row in client.get(reverse(f"{name}:index"), asked).context["object_list"]]


# --- who ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "args", "allowed"),
    [
        ("desk_synonyms:index", [], READ),
        ("desk_synonyms:index_results", [], READ),
        ("desk_synonyms:add", [], EDIT),
        ("desk_synonyms:import", [], EDIT),
        ("desk_synonyms:export", ["csv"], READ),
        ("desk_synonyms:export", ["xlsx"], READ),
        ("desk_promotions:index", [], READ),
        ("desk_promotions:add", [], EDIT),
        ("desk_sought:index", [], READ),
        ("desk_sought:index_results", [], READ),
        ("desk_unmet:index", [], READ),
        ("desk_unmet:index_results", [], READ),
    ],
)
def test_page_is_reached_by_role(desk, name, args, allowed):  # noqa: F811
    assert found(desk, reverse(name, args=args)) == wanted(allowed)


@pytest.mark.parametrize("name", ["desk_synonyms", "desk_promotions"])
def test_row_is_read_by_auditors_and_changed_by_editors(desk, name):  # noqa: F811
    row = make_synonym() if name == "desk_synonyms" else make_promotion()

    assert found(desk, reverse(f"{name}:inspect", args=[row.pk])) == wanted(READ)
    assert found(desk, reverse(f"{name}:edit", args=[row.pk])) == wanted(EDIT)
    assert found(desk, reverse(f"{name}:delete", args=[row.pk])) == wanted(EDIT)


def test_auditor_changes_nothing(desk):  # noqa: F811
    row = make_synonym()
    client = desk.clients["auditor"]

    for name in ("edit", "delete"):
        client.post(reverse(f"desk_synonyms:{name}", args=[row.pk]), {**TYPED, "phrase": "інше"})
    client.post(reverse("desk_synonyms:add"), {**TYPED, "phrase": "інше"})
    client.post(reverse("desk_synonyms:import"), {"file": SimpleUploadedFile("a.csv", b"phrase,kind,target\n")})

    assert list(Synonym.objects.values_list("phrase", flat=True)) == ["сиділка"]
    assert StoredDocument.objects.count() == 0


@pytest.mark.parametrize("role", ["administrator", "registrar", "approver", "editor", "auditor", "neighbour"])
def test_menu_has_the_search_for_those_who_may_read_it(desk, role):  # noqa: F811
    page = desk.clients[role].get(reverse("wagtailadmin_home")).content.decode()

    assert [reverse(f"{name}:index") in page for name in ("desk_synonyms", "desk_promotions", "desk_sought")] == [
        role in READ
    ] * 3


def test_account_out_of_use_may_nothing(desk):  # noqa: F811
    user = desk.users["editor"]
    user.is_active = False

    assert (rules.can_edit_search(user), rules.can_view_search(user)) == (False, False)


# --- synonyms -------------------------------------------------------------------------------------------------------


def test_editor_makes_a_synonym_by_the_name_of_a_service(editor, django_capture_on_commit_callbacks):
    told = []
    listener = lambda **news: told.append(news["sender"])  # noqa: E731
    thesaurus_changed.connect(listener)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            response = editor.post(reverse("desk_synonyms:add"), {**TYPED, "target": "догляд ВДОМА"})
    finally:
        thesaurus_changed.disconnect(listener)

    row = Synonym.objects.get()
    assert (response.status_code, row.target, row.edited_at is not None, row.is_shipped) == (
        302,
        "home-care",
        True,
        False,
    )
    assert told == [Synonym]
    assert ModelLogEntry.objects.for_instance(row).get().action == "wagtail.create"


def test_editor_changes_and_deletes_a_synonym(editor):
    row = make_synonym()

    changed = editor.post(reverse("desk_synonyms:edit", args=[row.pk]), {**TYPED, "weight": "0.5", "active": ""})
    row.refresh_from_db()
    deleted = editor.post(reverse("desk_synonyms:delete", args=[row.pk]))

    assert (changed.status_code, row.weight, row.active) == (302, Decimal("0.50"), False)
    assert (deleted.status_code, Synonym.objects.count()) == (302, 0)
    actions = ModelLogEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["wagtail.edit", "wagtail.delete"]


def test_deleting_a_shipped_synonym_switches_it_off_and_says_so(editor):
    row = Synonym.objects.create(
        phrase="сиділка", kind="service", target="home-care", shipped_as="сиділка|service|home-care"
    )
    url = reverse("desk_synonyms:delete", args=[row.pk])

    page = editor.get(url)
    editor.post(url)

    row.refresh_from_db()
    own = editor.get(reverse("desk_synonyms:delete", args=[make_synonym("нянька").pk]))
    assert page.context["view"].confirmation_message != own.context["view"].confirmation_message
    assert (row.active, row.edited_at is not None) == (False, True)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"target": "home-car"}, {"target": ["target.unknown"]}),
        ({"kind": "group"}, {"target": ["target.unknown"]}),
        ({"target": ""}, {"target": ["required"]}),
        ({"kind": "words", "target": "Сиділка"}, {"target": ["target.itself"]}),
        ({"kind": ""}, {"kind": ["required"]}),
        ({"phrase": "!!!"}, {"phrase": ["phrase.empty"]}),
        ({"phrase": "а б в г ґ д"}, {"phrase": ["phrase.long"]}),
        ({"weight": "0"}, {"weight": ["min_value"]}),
        ({"weight": "1.01"}, {"weight": ["max_value"]}),
        ({"weight": "0.855"}, {"weight": ["max_decimal_places"]}),
    ],
)
def test_form_refuses_with_a_reason_beside_the_field(editor, change, wrong):
    response = editor.post(reverse("desk_synonyms:add"), {**TYPED, **change})

    assert (response.status_code, errors(response), Synonym.objects.count()) == (200, wrong, 0)


def test_form_names_the_nearest_target(editor):
    response = editor.post(reverse("desk_synonyms:add"), {**TYPED, "target": "догляд в дома"})

    (reason,) = response.context["form"].errors["target"]
    assert "Догляд вдома (home-care)" in reason
    assert "догляд в дома" in reason


@pytest.mark.parametrize("phrase", ["сиділка", "СИДІЛКА"])
def test_form_refuses_what_the_table_has_in_any_capitals(editor, phrase):
    make_synonym()

    response = editor.post(reverse("desk_synonyms:add"), {**TYPED, "phrase": phrase})

    assert (response.status_code, errors(response)) == (200, {"phrase": ["unique"]})


def test_form_offers_the_catalogue_and_takes_a_phrase_over(editor):
    page = editor.get(reverse("desk_synonyms:add"), {"phrase": "няня"})

    text = page.content.decode()
    assert page.context["form"]["phrase"].value() == "няня"
    assert '<datalist id="target-suggestions">' in text
    assert '<option value="home-care">Догляд вдома' in text
    assert '<option value="older-people">Особи похилого віку' in text


def test_list_is_found_by_words_of_phrase_target_and_its_name(editor):
    make_synonym("сиділка для бабусі")
    make_synonym("ночівля", target="shelter", note="на одну ніч")
    make_synonym("підгузки", kind="words", target="засоби гігієни")

    assert listed(editor, q="СИДІЛКА") == ["сиділка для бабусі"]
    assert listed(editor, q="бабусі сиділка") == ["сиділка для бабусі"]
    assert listed(editor, q="притулку") == ["ночівля"]
    assert listed(editor, q="shelter") == ["ночівля"]
    assert listed(editor, q="НІЧ") == ["ночівля"]
    assert listed(editor, q="гігієни") == ["підгузки"]
    assert listed(editor, q="100%_(") == []


def test_list_narrows_by_each_filter(editor):
    make_synonym("сиделка", language="ru")
    make_synonym("ночівля", kind="words", target="притулок", active=False)
    Synonym.objects.create(phrase="нянька", kind="service", target="home-care")

    assert listed(editor) == ["ночівля", "нянька", "сиделка"]
    assert listed(editor, kind="words") == ["ночівля"]
    assert listed(editor, language="ru") == ["сиделка"]
    assert listed(editor, active="false") == ["ночівля"]
    assert listed(editor, edited="true") == ["ночівля", "сиделка"]
    assert listed(editor, edited="false") == ["нянька"]


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_of_synonyms_costs_the_same(editor, django_assert_num_queries, item_count):
    for number in range(item_count):
        make_synonym(f"сиділка {number}")
    url = reverse("desk_synonyms:index")
    editor.get(url)

    with django_assert_num_queries(14):
        response = editor.get(url)

    assert len(response.context["object_list"]) == item_count


# --- files ----------------------------------------------------------------------------------------------------------


def bring(client, *rows, name="list.csv"):
    text = "\n".join(["phrase,kind,target,weight,language,active", *rows]) + "\n"
    file = SimpleUploadedFile(name, text.encode(), content_type="text/csv")
    return client.post(reverse("desk_synonyms:import"), {"file": file})


FAULTY = [
    (",service,home-care,0.8,uk,", "phrase"),
    ("нянька,послуга така,home-care,0.8,uk,", "kind"),
    ("нянька,service,home-car,0.8,uk,", "target"),
    ("нянька,service,home-care,дуже,uk,", "weight"),
    ("нянька,service,home-care,0.8,польська,", "language"),
    ("нянька,service,home-care,0.8,uk,мабуть", "active"),
    ("сиділка,service,home-care,0.8,uk,", "phrase"),
    ("нянька,service", ""),
]


def test_preview_reports_every_bad_row_and_enters_nothing(editor):
    response = bring(editor, "сиділка,service,home-care,1,uk,", *(line for line, _column in FAULTY))

    page = editor.get(response.url)
    told = [(fault.row, fault.column, bool(fault.reason)) for fault in page.context["faults"]]
    expected = [(row, column, True) for row, (_line, column) in enumerate(FAULTY, 3)]
    assert sorted(told) == expected
    assert [change.name for change in page.context["changes"]] == ["сиділка → home-care"]
    text = page.content.decode()
    assert all(f'<td class="n">{row}</td><td>{column or "—"}</td>' in text for row, column, _told in expected)
    assert (Synonym.objects.count(), LogEntry.objects.filter(tag__startswith="search").count()) == (0, 0)


def test_confirmed_file_enters_the_faultless_rows_once(editor):
    url = bring(editor, "сиділка,service,home-care,1,uk,", FAULTY[2][0]).url

    first, second = editor.post(url), editor.post(url)

    assert (first.url, second.url) == (reverse("desk_synonyms:index"), reverse("desk_synonyms:index"))
    assert [(row.phrase, row.weight) for row in Synonym.objects.all()] == [("сиділка", Decimal("1.00"))]
    assert LogEntry.objects.get(tag="search:synonyms:import").actor_role == "editor"


def test_preview_of_a_file_that_changes_nothing_offers_no_button(editor):
    make_synonym(weight=Decimal("0.8"))

    page = editor.get(bring(editor, "сиділка,service,home-care,0.8,uk,так").url)

    assert (page.context["report"].unchanged, page.context["report"].changes_anything) == (1, False)
    assert b"button-longrunning" not in page.content


@pytest.mark.parametrize(
    ("name", "content"),
    [("list.exe", b"MZ"), ("list.csv", b""), ("list.xlsx", b"no workbook"), ("list.pdf", b"%PDF-1.4 %%EOF")],
)
def test_file_that_is_no_table_is_refused_with_a_reason(editor, name, content):
    response = editor.post(reverse("desk_synonyms:import"), {"file": SimpleUploadedFile(name, content)}, follow=True)

    told = response.context["form"].errors if "form" in response.context else response.context["faults"]
    assert (response.status_code, bool(told)) == (200, True)


def test_brought_file_is_previewed_and_read_by_editors_only(desk, editor):  # noqa: F811
    url = bring(editor, "сиділка,service,home-care,1,uk,").url
    file = reverse("kernel:file", args=[StoredDocument.objects.get().pk])

    assert found(desk, url) == wanted(EDIT)
    assert {name for name, client in desk.clients.items() if client.get(file).status_code == 200} == EDIT


def test_document_of_another_kind_is_no_file_of_synonyms(desk, editor):  # noqa: F811
    bring(editor, "сиділка,service,home-care,1,uk,")
    StoredDocument.objects.update(kind="provider-import")
    url = reverse("desk_synonyms:preview", args=[StoredDocument.objects.get().pk])

    assert (editor.get(url).status_code, editor.post(url).status_code) == (404, 404)


def test_table_is_taken_out_as_csv_and_xlsx(editor):
    make_synonym(note="=доглядає")

    as_csv = editor.get(reverse("desk_synonyms:export", args=["csv"]))
    as_xlsx = editor.get(reverse("desk_synonyms:export", args=["xlsx"]))

    assert as_csv.content.decode().splitlines() == [
        "\ufeffphrase,kind,target,weight,language,note,active",
        "сиділка,service,home-care,0.8,uk,'=доглядає,yes",
    ]
    rows = list(load_workbook(io.BytesIO(as_xlsx.content)).active.values)
    assert rows[1] == ("сиділка", "service", "home-care", "0.8", "uk", "'=доглядає", "yes")
    assert editor.get(reverse("desk_synonyms:export", args=["pdf"])).status_code == 404


# --- promotions -----------------------------------------------------------------------------------------------------


def test_editor_makes_changes_and_deletes_a_promotion(editor, django_capture_on_commit_callbacks):
    told = []
    listener = lambda **news: told.append(news["sender"])  # noqa: E731
    promotions_changed.connect(listener)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            editor.post(reverse("desk_promotions:add"), PROMOTED)
        row = Promotion.objects.get()
        with django_capture_on_commit_callbacks(execute=True):
            editor.post(reverse("desk_promotions:edit", args=[row.pk]), {**PROMOTED, "title": "Інше"})
        row.refresh_from_db()
        with django_capture_on_commit_callbacks(execute=True):
            editor.post(reverse("desk_promotions:delete", args=[row.pk]))
    finally:
        promotions_changed.disconnect(listener)

    assert (row.title, row.phrase_list, Promotion.objects.count()) == (
        "Інше",
        ["виплати впо", "допомога переселенцям"],
        0,
    )
    assert told == [Promotion] * 3


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"phrases": " \n "}, {"phrases": ["required"]}),
        ({"phrases": "впо\n" + "а" * 121}, {"phrases": ["long_phrase"]}),
        ({"url": "services"}, {"url": ["address"]}),
        ({"url": "//evil.example"}, {"url": ["address"]}),
        ({"url": "/\\evil.example"}, {"url": ["address"]}),
        ({"url": "http://example.org/"}, {"url": ["address"]}),
        ({"url": "javascript:alert(1)"}, {"url": ["address"]}),
        ({"url": "https://"}, {"url": ["invalid"]}),
        ({"valid_to": "2026-10-31"}, {"__all__": [None]}),
    ],
)
def test_promotion_is_refused_with_a_reason(editor, change, wrong):
    response = editor.post(reverse("desk_promotions:add"), {**PROMOTED, **change})

    assert (response.status_code, errors(response), Promotion.objects.count()) == (200, wrong, 0)


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        (TODAY - timedelta(days=1), []),
        (TODAY, ["Виплати"]),
        (TODAY + timedelta(days=2), ["Виплати"]),
        (TODAY + timedelta(days=3), []),
    ],
)
def test_current_promotions_are_those_of_the_day(db, day, shown):
    make_promotion(valid_to=TODAY + timedelta(days=2))
    make_promotion(title="Вимкнена", active=False)

    assert [promotion.title for promotion in Promotion.objects.current(day)] == shown


def test_database_refuses_a_promotion_that_ends_before_it_begins(db):
    make_promotion()

    with pytest.raises(IntegrityError, match="promotion_ends_after_it_begins"), transaction.atomic():
        Promotion.objects.update(valid_to=TODAY - timedelta(days=1))


@pytest.mark.parametrize("item_count", [1, 3])
def test_list_of_promotions_costs_the_same(editor, django_assert_num_queries, item_count):
    for _ in range(item_count):
        make_promotion()
    url = reverse("desk_promotions:index")
    editor.get(url)

    with django_assert_num_queries(12):
        response = editor.get(url)

    assert len(response.context["object_list"]) == item_count


# --- reports --------------------------------------------------------------------------------------------------------


def ask(words, times=1, place="", outcome=AskedOutcome.NOTHING, day=TODAY):
    for _ in range(times):
        note_question(words, place, outcome, day)


def sought(client, **asked):
    rows = client.get(reverse("desk_sought:index"), asked).context["object_list"]
    return [(row["words"], row["place"], row["times"], row["nothing"], row["relaxed"]) for row in rows]


def test_editors_see_all_that_was_sought_in_vain(desk, editor):  # noqa: F811
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


def test_report_leads_editors_to_a_new_synonym_and_auditors_nowhere(desk, editor):  # noqa: F811
    ask("дитячий логопед", place=desk.places.dykanka.code)
    add = reverse("desk_synonyms:add")

    pages = {role: desk.clients[role].get(reverse("desk_sought:index")).content.decode() for role in READ}

    assert {role for role, page in pages.items() if f"{add}?phrase=" in page} == EDIT
    assert all("Диканька, Полтавська область" in page for page in pages.values())


def test_report_of_unmet_needs_names_place_and_service(desk, editor):  # noqa: F811
    report_unmet_need(desk.places.dykanka.code, "shelter", "нема де ночувати", TODAY)

    response = editor.get(reverse("desk_unmet:index"))

    (row,) = response.context["object_list"]
    page = response.content.decode()
    assert (row["place"], row["service"], row["times"]) == (desk.places.dykanska.code, "shelter", 1)
    assert "Диканська громада, Полтавська область" in page
    assert "Надання притулку" in page


@pytest.mark.parametrize("name", ["desk_sought", "desk_unmet"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_report_is_taken_out_as_a_file(desk, editor, name, form):  # noqa: F811
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
def test_report_costs_the_same(desk, editor, django_assert_num_queries, name, queries, item_count):  # noqa: F811
    units = [desk.places.dykanka, desk.places.poltava, desk.places.odesa][:item_count]
    for unit in units:
        ask("логопед", place=unit.code)
        report_unmet_need(unit.code, "shelter", "", TODAY)
    url = reverse(f"{name}:index")
    editor.get(url)

    with django_assert_num_queries(queries):
        response = editor.get(url)

    assert len(response.context["object_list"]) == item_count
