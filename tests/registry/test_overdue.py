"""The public list of what is late: decisions by the term of the table, cards by hromada, small groups left out."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from portal.kernel.reference import load_norms
from registry.models import Application, RegisterEntry
from tests.factories.accounts import make_organisation, make_person
from tests.factories.registry import make_carer, make_provider, make_territories

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
DAY = timedelta(days=1)
PAGE = "/en/registry/overdue/"


def page_of(client, address=PAGE):
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ").split())


def make_application(number, late=3, entry=None, **facts):
    person = make_person()
    now = timezone.now()
    due = timezone.localdate() - late * DAY if late is not None else None
    return Application.objects.create(
        **{
            "kind": "amendment" if entry else "inclusion",
            "state": "examination",
            "organisation": entry.organisation if entry else make_organisation(name="ГО «Ще не в реєстрі»"),
            "entry": entry,
            "number": number,
            "created_by": person,
            "created_at": now,
            "saved_at": now,
            "submitted_by": person,
            "submitted_at": datetime(2026, 3, 1, 9, tzinfo=UTC),
            "hromada": make_territories().dykanska,
            "decision_due_on": due,
            **facts,
        }
    )


def make_stale(count, place=None, **facts):
    for _ in range(count):
        entry = make_provider()
        values = {"freshness": "overdue", **facts}
        if place:
            values["hromada"] = place
        RegisterEntry.objects.filter(pk=entry.pk).update(**values)


# --- decisions ---------------------------------------------------------------------------------------------------------


def test_late_decision_names_the_provider_only_where_the_card_is_public(client: Client):
    entry = make_provider()
    make_application("2026-000001", late=3, entry=entry)
    make_application("2026-000002", late=10)

    page = page_of(client)

    assert page.index("2026-000002") < page.index("2026-000001")
    assert entry.organisation.name in page
    assert "Ще не в реєстрі" not in page
    assert "Диканська громада" in page
    assert "Days late</span>10</td>" in page


@pytest.mark.parametrize(
    "facts",
    [
        {"late": 0},
        {"late": -5},
        {"state": "decided", "closed_at": datetime(2026, 3, 2, tzinfo=UTC)},
        {"state": "withdrawn", "closed_at": datetime(2026, 3, 2, tzinfo=UTC)},
    ],
)
def test_what_is_not_late_is_not_listed(client: Client, facts):
    make_application("2026-000001", **facts)

    page = page_of(client)

    assert "2026-000001" not in page
    assert "No decision is late by a term of the table." in page


def test_page_says_plainly_that_the_table_has_no_term(client: Client):
    load_norms()
    make_application("2026-000001", late=None)
    make_application("2026-000002", late=None)

    page = page_of(client)

    assert "How long a decision may take is not set in the reference table" in page
    assert "2 applications without such a day wait for a decision, the first of them since 1 March 2026." in page
    assert "2026-000001" not in page


def test_page_is_quiet_about_terms_where_the_table_has_one(client: Client):
    from portal.kernel.models import DeadlineRule

    load_norms()
    DeadlineRule.objects.filter(code="registry-decision").update(amount=10, unit="working_days")

    assert "is not set in the reference table" not in page_of(client)


# --- cards -------------------------------------------------------------------------------------------------------------


def test_hromadas_are_listed_with_count_share_and_oldest_day(client: Client):
    places = make_territories()
    make_stale(5, verified_on=None)
    make_stale(1, freshness="due")
    make_stale(6, places.odesa_hromada, freshness="hidden", oblast=places.odeska, included_on="2024-05-01")

    page = page_of(client)

    assert "Of 12 cards with a hromada 11 were not confirmed in time." in page
    assert page.index("Одеська громада") < page.index("Диканська громада")
    assert "5 of 6" in page
    assert "83 %" in page
    assert "1 May 2024" in page


def test_hromadas_with_fewer_than_five_cards_are_not_told_apart(client: Client):
    places = make_territories()
    make_stale(4)
    make_stale(3, places.odesa_hromada)

    page = page_of(client)

    assert "Диканська громада" not in page
    assert "Одеська громада" not in page
    assert "2 hromadas with fewer than five cards are not listed." in page


def test_carers_and_excluded_entries_are_not_counted(client: Client):
    make_stale(5)
    make_carer()
    RegisterEntry.objects.filter(is_open=False).update(freshness="hidden")

    assert "Of 5 cards with a hromada 5 were not confirmed in time." in page_of(client)


@pytest.mark.parametrize(
    ("sort", "first"), [("share", "Одеська"), ("stale", "Диканська"), ("name", "Диканська"), ("oldest", "Одеська")]
)
def test_hromadas_are_sorted_as_asked(client: Client, sort, first):
    places = make_territories()
    make_stale(7)
    make_stale(3, freshness="fresh")
    make_stale(5, places.odesa_hromada, oblast=places.odeska, included_on="2024-05-01")

    page = page_of(client, f"{PAGE}?sort={sort}")

    order = sorted(("Одеська громада", "Диканська громада"), key=page.index)
    assert order[0] == f"{first} громада"
    assert page.count("aria-sort") == 1


@pytest.mark.parametrize("query", ["?sort=x&page=x&late=-1", "?page=99999999", "?late=0&page=0", "?sort=%00"])
def test_odd_addresses_give_the_page(client: Client, query):
    make_stale(5)

    assert "Диканська громада" in page_of(client, f"{PAGE}{query}")


def test_lists_are_paged_apart(client: Client, settings):
    settings.REGISTER_PAGE_SIZE = 2
    for number in range(5):
        make_application(f"2026-00000{number}", late=number + 1)

    page = page_of(client, f"{PAGE}?late=2&sort=name")

    assert "page 2 of 3" in page
    assert 'href="?sort=name&amp;late=3"' in page


def test_page_is_kept_for_a_minute_and_linked_from_the_register(client: Client):
    assert "max-age=60" in client.get(PAGE)["Cache-Control"]
    assert f'href="{PAGE}"' in page_of(client, "/en/registry/")


@pytest.mark.parametrize("item_count", [1, 3])
def test_page_asks_as_often_for_three_as_for_one(client: Client, item_count, django_assert_num_queries):
    make_stale(5 * item_count)
    for number in range(item_count):
        make_application(f"2026-00000{number}", entry=make_provider())
    client.get(PAGE)

    with django_assert_num_queries(5):
        client.get(PAGE)
