"""An import of changes goes the way of every decision: two people, one number, the very file that was proposed."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.kernel import audit
from portal.kernel.models import LogEntry, StoredDocument
from portal.kernel.workflow import StepRefused
from registry.domain import imports
from registry.domain.providers import put_providers
from registry.domain.records import ProviderRecord
from registry.interfaces.importing import enter_run
from registry.models import ImportRun, RegisterEntry
from tests.desk.test_imports import bring, row, step
from tests.factories.accounts import make_official
from tests.factories.registry import REGISTRAR, next_edrpou


def proposed(desk, *rows, role="registrar", mode="whole"):
    bring(desk, role, *rows)
    run = ImportRun.objects.order_by("-pk").first()
    assert step(desk, role, run, "propose", mode=mode, ground="Лист № 1").status_code == 302
    run.refresh_from_db()
    assert run.state == "proposed"
    return run


def entered() -> int:
    return RegisterEntry.objects.filter(organisation__name="ГО «Імпортна»").count()


def decide(run, user):
    return imports.decide_import(run_id=run.pk, user=user, enter=enter_run, now=timezone.now())


def test_proposal_enters_nothing(desk):
    before = RegisterEntry.objects.count()

    run = proposed(desk, row())

    assert RegisterEntry.objects.count() == before
    assert (run.ground, run.partial, run.decision_number) == ("Лист № 1", False, "")
    assert [unit.name for unit in run.places.all()] == ["Диканська"]
    assert LogEntry.objects.order_by("-seq").first().tag == "registry:import:propose"


def test_who_proposed_does_not_decide_even_as_administrator(desk):
    run = proposed(desk, row(), role="administrator")

    page = desk.clients["administrator"].get(reverse("desk_imports:run", args=[run.pk]))
    assert (page.context["can_decide"], page.context["can_withdraw"]) == (False, True)
    for name in ("decide", "refuse"):
        assert step(desk, "administrator", run, name, reason="ні").context["fault"]
    assert entered() == 0
    with pytest.raises(IntegrityError, match="import_by_two_people"), transaction.atomic():
        ImportRun.objects.filter(pk=run.pk).update(
            decided_by=run.by, decided_at=timezone.now(), decision_number="1/2026"
        )


def test_approver_of_all_the_places_or_an_administrator_decides(desk):
    run = proposed(desk, row(), row("ГО «Далека»", oblast="Одеська", hromada="Одеська"), role="administrator")
    both = make_official("approver", desk.places.poltavska, desk.places.odeska)
    for user in (desk.users["approver"], desk.users["registrar"], desk.users["auditor"], desk.users["neighbour"]):
        with pytest.raises(PermissionDenied):
            decide(run, user)

    decide(run, both)

    assert entered() == 1
    assert step(desk, "approver", run, "decide").status_code == 404


def test_approver_of_a_hromada_decides_for_it(desk):
    run = proposed(desk, row())
    elsewhere = make_official("approver", desk.places.poltava_hromada)
    with pytest.raises(PermissionDenied):
        decide(run, elsewhere)

    decide(run, make_official("approver", desk.places.dykanska))

    assert entered() == 1


def test_decision_has_a_number_in_the_run_the_history_and_the_log(desk):
    line = row()
    run = decide(proposed(desk, line), desk.users["approver"])
    code = line.split(",")[0]
    changed = decide(proposed(desk, row("ГО «Нова назва»", code=code)), desk.users["administrator"])

    entry = RegisterEntry.objects.get(organisation__code=code)
    first, *_rest, last = entry.changes.order_by("pk")
    assert (first.act, first.actor_role, last.act, last.actor_role) == (
        "included",
        "approver",
        "amended",
        "administrator",
    )
    assert first.ground.endswith(f"№ {run.decision_number}. Лист № 1")
    assert last.ground.endswith(f"№ {changed.decision_number}. Лист № 1")
    assert run.decision_number != changed.decision_number
    logged = LogEntry.objects.get(seq=changed.log_seq)
    assert (logged.tag, changed.decision_number in str(logged.payload), changed.sha256 in str(logged.payload)) == (
        "registry:import:applied",
        True,
        True,
    )
    assert audit.verify() is None


def test_file_changed_between_proposal_and_decision_is_not_entered(desk):
    run = proposed(desk, row())
    path = StoredDocument.objects.get(pk=run.document_id).path
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace("ГО «Імпортна»".encode(), "ГО «Підміна»".encode()))

    response = step(desk, "approver", run, "decide")

    assert "не той" in response.context["fault"] or "not the one" in response.context["fault"]
    run.refresh_from_db()
    assert (run.state, entered()) == ("proposed", 0)
    assert RegisterEntry.objects.filter(organisation__name="ГО «Підміна»").count() == 0
    path.unlink()
    assert step(desk, "approver", run, "decide").context["fault"]
    assert step(desk, "approver", run, "refuse", reason="файл підмінено").status_code == 302


def test_register_that_changed_since_the_preview_stops_the_decision(desk):
    code = next_edrpou()
    run = proposed(desk, row(code=code))
    put_providers([ProviderRecord(code=code, name="ГО «Раніша»")], actor=REGISTRAR, ground="лист", now=timezone.now())

    with pytest.raises(StepRefused):
        decide(run, desk.users["administrator"])

    assert RegisterEntry.objects.get(organisation__code=code).organisation.name == "ГО «Раніша»"
    run.refresh_from_db()
    assert (run.state, run.decision_number) == ("proposed", "")


def test_rows_outside_the_proposers_territory_stay_out_whoever_decides(desk):
    run = proposed(desk, row(), row("ГО «Далека»", oblast="Одеська", hromada="Одеська"), mode="partial")

    decide(run, desk.users["administrator"])

    assert entered() == 1
    assert not RegisterEntry.objects.filter(organisation__name="ГО «Далека»").exists()


def test_refusal_has_a_number_and_a_reason_and_enters_nothing(desk):
    run = proposed(desk, row())

    assert step(desk, "approver", run, "refuse", reason="").context["refusal"].errors.keys() == {"reason"}
    step(desk, "approver", run, "refuse", reason="Немає протоколу.")

    run.refresh_from_db()
    assert (run.state, run.reason, bool(run.decision_number)) == ("refused", "Немає протоколу.", True)
    assert entered() == 0
    page = desk.clients["registrar"].get(reverse("desk_imports:run", args=[run.pk])).content.decode()
    assert "Немає протоколу." in page
    assert run.decision_number in page


def test_withdrawn_proposal_may_be_made_again(desk):
    run = proposed(desk, row())

    step(desk, "registrar", run, "withdraw")
    run.refresh_from_db()
    assert (run.state, run.proposed_at) == ("previewed", None)
    assert desk.clients["approver"].get(reverse("desk_imports:run", args=[run.pk])).status_code == 404
    step(desk, "registrar", run, "propose", mode="whole", ground="Лист № 2")
    assert decide(run, desk.users["approver"]).state == "applied"


def test_file_that_changes_nothing_is_not_proposed(desk):
    line = row()
    decide(proposed(desk, line), desk.users["approver"])
    bring(desk, "registrar", line)

    run = ImportRun.objects.order_by("-pk").first()
    assert step(desk, "registrar", run, "propose", mode="whole", ground="Лист").context["fault"]


def test_approver_sees_what_waits_and_reads_its_file(desk):
    bring(desk, "registrar", row())
    run = ImportRun.objects.get()
    file, page = reverse("kernel:file", args=[run.document_id]), reverse("desk_imports:run", args=[run.pk])
    assert [desk.clients["approver"].get(address).status_code for address in (file, page)] == [404, 404]

    step(desk, "registrar", run, "propose", mode="whole", ground="Лист № 1")

    assert [desk.clients["approver"].get(address).status_code for address in (file, page)] == [200, 200]
    assert desk.clients["approver"].get(page).context["can_decide"] is True
    assert "list.csv" in desk.clients["approver"].get(reverse("desk_imports:index")).content.decode()
    assert desk.clients["neighbour"].get(page).status_code == 404


@pytest.mark.parametrize("item_count", [1, 3])
def test_pages_ask_the_same_number_of_questions(desk, item_count, django_assert_num_queries):
    for number in range(item_count):
        run = proposed(desk, *(row(f"ГО «{number}-{place}»") for place in range(item_count)))
    client = desk.clients["approver"]
    client.get(reverse("desk_imports:index"))

    with django_assert_num_queries(12):
        client.get(reverse("desk_imports:index"))
    with django_assert_num_queries(13):
        client.get(reverse("desk_imports:run", args=[run.pk]))
