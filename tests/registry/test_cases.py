"""Exclusion, suspension and restoration, at the provider's wish or the registrar's own initiative."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.workflow import StepRefused
from registry.domain import examination
from registry.domain.desk import OutsideTerritoryError
from registry.domain.standing import exclude_entry
from registry.models import (
    EntryChange,
)
from tests.factories.accounts import make_official
from tests.factories.registry import REGISTRAR, make_provider
from tests.registry.deciding import NOW, decide, propose, proposed

pytestmark = [pytest.mark.django_db, pytest.mark.databases, pytest.mark.usefixtures("read_in_english")]


def test_exclusion_at_the_providers_wish(registrar, approver, grounds):
    entry = make_provider()
    application = proposed(
        registrar, "exclude", [grounds["exclude"]], "Заява.", kind="exclusion", organisation=entry.organisation
    )

    decision = decide(application, approver)

    entry.refresh_from_db()
    assert (entry.standing, entry.excluded_on) == ("excluded", date(2026, 11, 23))
    line = EntryChange.objects.get(entry=entry, field="standing")
    assert decision.number in line.ground
    assert "Підстава: exclude." in line.ground


def case(entry, registrar):
    return examination.start_initiative(entry_id=entry.pk, user=registrar, now=NOW)


def test_registrar_opens_a_case_and_two_people_suspend_and_restore(registrar, approver, grounds):
    entry = make_provider()
    opened = case(entry, registrar)
    assert (opened.state, opened.kind, opened.hromada, opened.examiner) == (
        "examination",
        "initiative",
        entry.hromada,
        registrar,
    )
    assert list(opened.steps.values_list("step", flat=True)) == ["submit", "take"]

    propose(opened, registrar, "suspend", [grounds["suspend"]], "Порушення.", suspend_until=date(2026, 12, 31))
    decision = decide(opened, approver)
    entry.refresh_from_db()
    assert (entry.standing, entry.suspended_until, decision.suspend_until) == (
        "suspended",
        date(2026, 12, 31),
        date(2026, 12, 31),
    )

    again = case(entry, registrar)
    propose(again, registrar, "restore", [grounds["restore"]], "Усунено.")
    decide(again, approver)
    entry.refresh_from_db()
    assert (entry.standing, entry.suspended_until) == ("included", None)


@pytest.mark.parametrize(("outcome", "until"), [("suspend", date(2026, 11, 23)), ("exclude", date(2027, 1, 1))])
def test_only_a_suspension_has_a_last_day_and_it_lies_ahead(registrar, grounds, outcome, until):
    opened = case(make_provider(), registrar)

    with pytest.raises(StepRefused, match="last day"):
        propose(opened, registrar, outcome, [grounds[outcome]], "Причина.", suspend_until=until)


def test_what_the_entry_does_not_allow_is_not_even_proposed(registrar, grounds):
    opened = case(make_provider(), registrar)

    with pytest.raises(StepRefused):
        propose(opened, registrar, "restore", [grounds["restore"]], "Причина.")


def test_case_is_opened_once_in_the_own_territory_and_not_on_history(places, registrar, approver):
    entry = make_provider()
    case(entry, registrar)

    with pytest.raises(StepRefused, match="already"):
        case(entry, registrar)
    with pytest.raises(OutsideTerritoryError):
        case(entry, make_official("registrar", places.odeska))
    with pytest.raises(PermissionDenied):
        case(entry, approver)
    gone = make_provider()
    exclude_entry(entry_id=gone.pk, actor=REGISTRAR, ground="за заявою", now=NOW)
    with pytest.raises(StepRefused):
        case(gone, registrar)


def test_case_has_nothing_for_the_provider_to_correct(registrar):
    opened = case(make_provider(), registrar)

    with pytest.raises(StepRefused):
        examination.ask_correction(
            application_id=opened.pk, user=registrar, fields=["about/about"], comment="Виправте.", now=NOW
        )
