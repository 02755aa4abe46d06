"""Files of synonyms at the desk: previewed row by row, entered once, taken out."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from portal.kernel.models import LogEntry, StoredDocument
from search.models import Synonym
from tests.desk.test_access import found, wanted
from tests.search.editing import (
    EDIT,
    make_synonym,
)


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


def test_brought_file_is_previewed_and_read_by_editors_only(desk, editor):
    url = bring(editor, "сиділка,service,home-care,1,uk,").url
    file = reverse("kernel:file", args=[StoredDocument.objects.get().pk])

    assert found(desk, url) == wanted(EDIT)
    assert {name for name, client in desk.clients.items() if client.get(file).status_code == 200} == EDIT


def test_document_of_another_kind_is_no_file_of_synonyms(desk, editor):
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
