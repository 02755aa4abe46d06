"""Who reaches which page of the desk: every address, every role."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import User
from portal.kernel.models import Act, CalendarRegime, DeadlineRule, Edition, NonWorkingDay, RuleProfile
from registry.models import (
    AccessFeature,
    BasicServiceRow,
    BudgetCode,
    DeliveryForm,
    HardshipFactor,
    ImportRun,
    ServiceType,
    SubsistenceMinimum,
    VulnerableGroup,
)
from tests.desk.conftest import Desk

ROLES = ("administrator", "registrar", "approver", "editor", "auditor", "neighbour")
ALL, NOBODY = set(ROLES), set()
REGISTER = {"administrator", "registrar", "approver", "auditor", "neighbour"}
THERE = REGISTER - {"neighbour"}
EDITS = {"administrator", "registrar"}
WATCHES = {"administrator", "auditor"}
IMPORTS = {"administrator", "registrar", "neighbour"}
ADMINISTERS = {"administrator"}

REFERENCE = {
    "desk_service_types": ServiceType,
    "desk_basic_services": BasicServiceRow,
    "desk_groups": VulnerableGroup,
    "desk_factors": HardshipFactor,
    "desk_delivery_forms": DeliveryForm,
    "desk_access_features": AccessFeature,
    "desk_minimums": SubsistenceMinimum,
    "desk_budget_codes": BudgetCode,
}
LAW = {
    "desk_acts": Act,
    "desk_editions": Edition,
    "desk_profiles": RuleProfile,
    "desk_rules": DeadlineRule,
    "desk_regimes": CalendarRegime,
    "desk_days": NonWorkingDay,
}


def outcome(client: Client, url: str) -> str:
    """Say what a visitor gets: the page, nothing there, or the way back to the first page."""
    return {200: "page", 302: "refused", 403: "refused", 404: "absent"}[client.get(url).status_code]


def found(desk: Desk, url: str) -> dict[str, str]:
    return {name: outcome(client, url) for name, client in desk.clients.items()}


def wanted(allowed: set[str], absent: set[str] = frozenset()) -> dict[str, str]:
    return {name: "page" if name in allowed else "absent" if name in absent else "refused" for name in ROLES}


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("wagtailadmin_home", ALL),
        ("desk_entries:index", REGISTER),
        ("desk_entries:index_results", REGISTER),
        ("desk_entries:add", EDITS | {"neighbour"}),
        ("desk_entries:places", REGISTER),
        ("desk_imports:index", REGISTER),
        ("desk_imports:index_results", REGISTER),
        ("desk_imports:add", IMPORTS),
        ("desk_log:index", WATCHES),
        ("desk_log:index_results", WATCHES),
        ("desk_log:verify", WATCHES),
        ("wagtailusers_users:index", ADMINISTERS),
        ("wagtailusers_users:add", ADMINISTERS),
        ("wagtailusers_groups:index", NOBODY),
        ("desk_territories:index", REGISTER),
        ("desk_territories:add", NOBODY),
    ],
)
def test_page_is_reached_by_role(desk, name, allowed):
    assert found(desk, reverse(name)) == wanted(allowed)


@pytest.mark.parametrize(
    ("view", "args", "allowed"),
    [
        ("entry", [], THERE),
        ("history", [], THERE),
        ("edit", [], EDITS),
        ("edit_code", [], EDITS),
        ("add_part", ["sites"], EDITS),
        ("add_part", ["contacts"], EDITS),
        ("add_part", ["services"], EDITS),
        ("confirm", [], EDITS),
    ],
)
def test_page_of_an_entry_is_reached_by_role_and_territory(desk, view, args, allowed):
    url = reverse(f"desk_entries:{view}", args=[desk.entry.number, *args])

    assert found(desk, url) == wanted(allowed, absent={"neighbour"})


@pytest.mark.parametrize("part", ["sites", "contacts", "services"])
@pytest.mark.parametrize("view", ["edit_part", "remove_part"])
def test_part_of_an_entry_is_changed_by_registrars_of_the_territory(desk, part, view):
    row = getattr(desk.entry, part).first()

    url = reverse(f"desk_entries:{view}", args=[desk.entry.number, part, row.pk])

    assert found(desk, url) == wanted(EDITS, absent={"neighbour"})


@pytest.mark.parametrize("name", REFERENCE)
def test_reference_is_read_by_officials_and_edited_by_administrators(desk, name):
    row = sample(REFERENCE[name])

    assert found(desk, reverse(f"{name}:index")) == wanted(REGISTER)
    assert found(desk, reverse(f"{name}:inspect", args=[row.pk])) == wanted(REGISTER)
    assert found(desk, reverse(f"{name}:edit", args=[row.pk])) == wanted(ADMINISTERS)
    assert found(desk, reverse(f"{name}:add")) == wanted(ADMINISTERS)
    assert found(desk, reverse(f"{name}:delete", args=[row.pk])) == wanted(NOBODY)


@pytest.mark.parametrize("name", LAW)
def test_law_is_read_by_auditors_and_edited_by_administrators(desk, name):
    row = sample(LAW[name])

    assert found(desk, reverse(f"{name}:index")) == wanted(WATCHES)
    assert found(desk, reverse(f"{name}:inspect", args=[row.pk])) == wanted(WATCHES)
    assert found(desk, reverse(f"{name}:edit", args=[row.pk])) == wanted(ADMINISTERS)
    assert found(desk, reverse(f"{name}:add")) == wanted(ADMINISTERS)
    assert found(desk, reverse(f"{name}:delete", args=[row.pk])) == wanted(NOBODY)


def test_territory_facts_are_edited_by_administrators(desk):
    unit = desk.places.dykanska

    assert found(desk, reverse("desk_territories:inspect", args=[unit.pk])) == wanted(REGISTER)
    assert found(desk, reverse("desk_territories:edit", args=[unit.pk])) == wanted(ADMINISTERS)
    assert found(desk, reverse("desk_territories:delete", args=[unit.pk])) == wanted(NOBODY)


def test_log_entry_is_read_by_administrators_and_auditors(desk):
    assert found(desk, reverse("desk_log:entry", args=[1])) == wanted(WATCHES)


def test_import_is_seen_by_its_author_and_those_who_see_all(desk):
    run = ImportRun.objects.create(
        file_name="a.csv", sha256="0" * 64, by=desk.users["registrar"], at="2026-11-22T09:00:00Z", state="previewed"
    )

    url = reverse("desk_imports:run", args=[run.pk])

    assert found(desk, url) == wanted({"administrator", "registrar", "auditor"}, absent={"neighbour", "approver"})


def test_account_is_edited_by_administrators_and_a_superuser_by_none_of_them(desk):
    superuser = User.objects.create_superuser("root@gov.example", "desk-password-1")

    plain = reverse("wagtailusers_users:edit", args=[desk.users["registrar"].pk])

    assert found(desk, plain) == wanted(ADMINISTERS)
    assert found(desk, reverse("wagtailusers_users:edit", args=[superuser.pk])) == wanted(NOBODY)


def test_account_without_a_role_does_not_enter_the_desk(db, sign_in):
    client = sign_in(User.objects.create_user("visitor@example.org", "desk-password-1"))

    assert outcome(client, reverse("desk_entries:index")) == "refused"
    assert outcome(Client(), reverse("desk_entries:index")) == "refused"


def test_pages_are_kept_by_editors_and_administrators(desk):
    assert found(desk, reverse("wagtailadmin_explore_root")) == wanted({"administrator", "editor"})
    assert found(desk, reverse("wagtailsnippets_portal_site_hotline:list")) == wanted({"administrator", "editor"})


def sample(model):
    """Return a row of a reference table, made when the test world has none."""
    made = {
        SubsistenceMinimum: {"group": "child", "valid_from": "2026-01-01", "amount": "2563.00", "law": "4059-IX"},
        BudgetCode: {"scheme": "kpkvk", "code": "0813104", "name": "Соціальна допомога"},
        HardshipFactor: {"slug": "illness", "name_uk": "Хвороба"},
    }
    if model.objects.exists():
        return model.objects.first()
    if model in made:
        return model.objects.create(**made[model])
    return law_row(model)


def law_row(model):
    act = Act.objects.create(code="99", kind="law", number="99", title="Порядок", issuer="КМУ")
    if model is Act:
        return act
    if model is Edition:
        return Edition.objects.create(act=act, in_force_from="2026-01-01")
    if model in (CalendarRegime, NonWorkingDay):
        regime = CalendarRegime.objects.create(kind="martial_law", valid_from="2022-02-24", ground="2136-IX")
        made = NonWorkingDay.objects.create(regime=regime, on="2026-08-24", kind="holiday", ground="КЗпП")
        return regime if model is CalendarRegime else made
    profile = RuleProfile.objects.create(procedure="registration", valid_from="2026-01-01", title="Реєстр")
    if model is RuleProfile:
        return profile
    return DeadlineRule.objects.create(
        profile=profile, code="notice", anchor="подія", action="повідомити", effective_from="2026-01-01", act=act
    )
