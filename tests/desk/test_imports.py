"""A file of providers at the desk: brought and previewed by one person without a trace, entered by another once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.kernel.models import LogEntry, StoredDocument
from registry.models import ImportRun, RegisterEntry
from tests.factories.registry import make_catalogue, next_edrpou

HEADER = "edrpou,name,ownership_form,oblast,hromada,street,building"


def bring(desk, role, *rows, name="list.csv"):
    text = "\n".join([HEADER, *rows]) + "\n"
    file = SimpleUploadedFile(name, text.encode(), content_type="text/csv")
    return desk.clients[role].post(reverse("desk_imports:add"), {"file": file, "ground": "Лист № 1"})


def row(name="ГО «Імпортна»", oblast="Полтавська", hromada="Диканська", code=None) -> str:
    return f"{code or next_edrpou()},{name},private,{oblast},{hromada},вул. Нова,1"


def step(desk, role, run, name, **told):
    return desk.clients[role].post(reverse("desk_imports:run", args=[run.pk]), {"step": name, **told})


def enter(desk, run, mode="whole", proposer="registrar", decider="approver"):
    """Propose the file and decide on it, as two people."""
    step(desk, proposer, run, "propose", mode=mode, ground="Лист № 1")
    return step(desk, decider, run, "decide")


def test_preview_counts_and_enters_nothing(desk):
    before = (RegisterEntry.objects.count(), LogEntry.objects.count())

    response = bring(desk, "registrar", row(), row("ГО «Друга»"))

    run = ImportRun.objects.get()
    assert response.url == reverse("desk_imports:run", args=[run.pk])
    assert (run.state, run.rows, run.created, run.faulty) == ("previewed", 2, 2, 0)
    assert (RegisterEntry.objects.count(), LogEntry.objects.count()) == before
    page = desk.clients["registrar"].get(response.url)
    assert [change["name"] for change in page.context["changes"]] == ["ГО «Імпортна»", "ГО «Друга»"]


def test_proposed_file_enters_by_another_person_and_cannot_be_entered_twice(desk):
    bring(desk, "registrar", row())
    run = ImportRun.objects.get()

    assert enter(desk, run).status_code == 302
    run.refresh_from_db()
    entry = RegisterEntry.objects.get(organisation__name="ГО «Імпортна»")
    assert (run.state, run.created, run.decided_by) == ("applied", 1, desk.users["approver"])
    assert entry.changes.get().ground.endswith(f"№ {run.decision_number}. Лист № 1")
    assert entry.changes.get().by == desk.users["approver"]
    assert step(desk, "approver", run, "decide").context["fault"]
    assert RegisterEntry.objects.filter(organisation__name="ГО «Імпортна»").count() == 1


def test_file_with_a_fault_is_proposed_in_part_or_not_at_all(desk):
    bring(desk, "registrar", row(), row("ГО «Хибна»", code="43970361"))
    run = ImportRun.objects.get()
    page = desk.clients["registrar"].get(reverse("desk_imports:run", args=[run.pk]))
    assert page.context["form"].initial["mode"] == "partial"

    assert step(desk, "registrar", run, "propose", mode="whole", ground="Лист № 1").context["fault"]
    run.refresh_from_db()
    assert run.state == "previewed"
    enter(desk, run, "partial")

    run.refresh_from_db()
    assert (run.state, RegisterEntry.objects.filter(organisation__name="ГО «Імпортна»").count()) == ("applied", 1)
    (fault,) = page.context["faults"]
    assert (fault["row"], fault["column"], fault["value"]) == (3, "edrpou", "43970361")


def test_row_of_another_territory_is_a_fault_for_a_registrar(desk):
    bring(desk, "registrar", row(oblast="Одеська", hromada="Одеська"))
    bring(desk, "administrator", row(oblast="Одеська", hromada="Одеська"))

    assert list(ImportRun.objects.order_by("pk").values_list("created", "faulty")) == [(0, 1), (1, 0)]


def test_another_registrar_neither_sees_nor_enters_the_file(desk):
    bring(desk, "registrar", row())
    run = ImportRun.objects.get()

    for name in ("propose", "decide", "withdraw", "refuse"):
        assert step(desk, "neighbour", run, name, mode="whole", ground="Лист № 1", reason="ні").status_code == 404
        for role in ("auditor", "administrator"):
            answer = step(desk, role, run, name, mode="whole", ground="Лист № 1", reason="ні")
            assert answer.status_code == 302 or answer.context["fault"]
    run.refresh_from_db()
    assert run.state == "previewed"
    assert RegisterEntry.objects.filter(organisation__name="ГО «Імпортна»").count() == 0


def test_brought_file_is_read_by_its_author_and_those_who_see_all(desk):
    bring(desk, "registrar", row())
    url = reverse("kernel:file", args=[StoredDocument.objects.get().pk])

    read = {name: client.get(url).status_code for name, client in desk.clients.items()}

    assert read == {
        "administrator": 200,
        "registrar": 200,
        "approver": 404,
        "editor": 404,
        "auditor": 200,
        "neighbour": 404,
    }


@pytest.mark.parametrize(
    ("name", "content"),
    [("list.exe", b"MZ"), ("list.csv", b""), ("list.xlsx", b"no workbook"), ("list.pdf", b"%PDF-1.4 %%EOF")],
)
def test_file_that_is_no_table_is_refused_with_a_reason(desk, name, content):
    file = SimpleUploadedFile(name, content)

    response = desk.clients["registrar"].post(
        reverse("desk_imports:add"), {"file": file, "ground": "Лист № 1"}, follow=True
    )

    told = response.context["form"].errors or response.context["faults"]
    assert (response.status_code, bool(told)) == (200, True)


def test_second_preview_of_an_entered_file_shows_no_change(desk):
    line = row()
    bring(desk, "registrar", line)
    enter(desk, ImportRun.objects.get())

    bring(desk, "registrar", line)

    run = ImportRun.objects.order_by("-pk").first()
    page = desk.clients["registrar"].get(reverse("desk_imports:run", args=[run.pk]))
    assert (run.created, run.changed, run.unchanged, page.context["can_propose"]) == (0, 0, 1, False)


def test_difference_of_a_known_provider_is_shown_old_and_new(desk):
    make_catalogue()
    code = desk.entry.organisation.code
    bring(desk, "registrar", row("КУ «Нова назва»", code=code))

    page = desk.clients["registrar"].get(reverse("desk_imports:run", args=[ImportRun.objects.get().pk]))

    (change,) = page.context["changes"]
    assert (change["kind"], change["number"]) == ("changed", desk.entry.number)
    assert [desk.entry.organisation.name, "КУ «Нова назва»"] in [list(pair[1:]) for pair in change["fields"]]
