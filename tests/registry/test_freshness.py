"""How old a human's word about a card is: told from days and rules, confirmed by one function, written by the clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from registry.domain.freshness import PROVIDER, confirm_entry, materialise_freshness
from registry.domain.providers import Actor
from registry.domain.records import ServiceRecord
from registry.domain.standing import exclude_entry, verify_entry
from registry.enums import Freshness, VerificationMethod
from registry.models import EntryChange, FreshnessRule, RegisterEntry, Verification
from registry.queries.freshness import Rules, freshness_of, read_rules
from registry.signals import entries_changed
from tests.factories.accounts import make_official, make_person
from tests.factories.freshness import STEPS, make_rule, make_speaker
from tests.factories.registry import NOW, REGISTRAR, make_carer, make_catalogue, make_provider, make_territories

pytestmark = pytest.mark.databases
DAY = timedelta(days=1)
REST = FreshnessRule(**STEPS)
SHELTER = FreshnessRule(
    service_type_id=7, **{**STEPS, "due_after": 60, "overdue_after": 90, "lowered_after": 120, "hidden_after": 180}
)
RULES = Rules({7: SHELTER}, REST)
INCLUDED = date(2026, 1, 1)


def age(days, *, verified=True, kinds=(1,), rules=RULES):
    since = INCLUDED if verified else None
    return freshness_of(
        verified_on=since, included_on=INCLUDED, kinds=kinds, rules=rules, today=INCLUDED + timedelta(days=days)
    )


def page_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().replace("&nbsp;", " ").replace("\xa0", " ").split())


# --- telling -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "state", "next_in"),
    [
        (0, "fresh", 180),
        (179, "fresh", 180),
        (180, "due", 240),
        (239, "due", 240),
        (240, "overdue", 300),
        (300, "lowered", 365),
        (364, "lowered", 365),
        (365, "hidden", None),
        (5_000, "hidden", None),
    ],
)
def test_card_ages_by_the_days_of_the_rule(days, state, next_in):
    found = age(days)

    assert (found.state, found.since) == (state, INCLUDED)
    assert found.next_on == (INCLUDED + timedelta(days=next_in) if next_in else None)


def test_card_with_several_services_follows_the_strictest():
    assert [age(100, kinds=kinds).state for kinds in ((1,), (7,), (1, 7), ())] == [
        "fresh",
        "overdue",
        "overdue",
        "fresh",
    ]


def test_card_nobody_ever_confirmed_ages_from_its_inclusion():
    found = age(240, verified=False)

    assert (found.state, found.since, found.is_confirmed) == ("overdue", INCLUDED, False)


def test_nothing_follows_where_the_table_has_no_rule():
    found = age(5_000, rules=Rules({}, None))

    assert (found.state, found.next_on) == ("fresh", None)


@given(st.integers(0, 2_000), st.integers(0, 2_000), st.lists(st.sampled_from([1, 7]), max_size=3))
def test_card_never_grows_younger_by_itself_nor_fresher_by_another_service(days, later, kinds):
    order = list(Freshness.values)

    assert order.index(age(days, kinds=kinds).state) <= order.index(age(days + later, kinds=kinds).state)
    assert order.index(age(days, kinds=kinds).state) <= order.index(age(days, kinds=[*kinds, 7]).state)


# --- confirming --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_confirmation_is_a_row_a_day_a_line_of_history_and_a_log_entry():
    entry = make_provider()
    RegisterEntry.objects.filter(pk=entry.pk).update(freshness="hidden")

    confirm_entry(
        entry_id=entry.pk, actor=Actor(None, PROVIDER), method=VerificationMethod.LINK, note="лист", now=NOW + DAY
    )

    entry.refresh_from_db()
    assert (entry.verified_on, entry.freshness) == (date(2026, 11, 23), "fresh")
    row = Verification.objects.get()
    assert (row.entry_id, row.at, row.method, row.actor_role, row.note) == (
        entry.pk,
        NOW + DAY,
        "link",
        "provider",
        "лист",
    )
    assert EntryChange.objects.filter(act="verified").values_list("field", "ground").get() == ("verified_on", "лист")
    assert LogEntry.objects.order_by("-seq").first().tag == "registry:entry:verified"


@pytest.mark.django_db
def test_registrar_confirms_through_the_same_function():
    entry = make_provider()

    verify_entry(entry_id=entry.pk, actor=REGISTRAR, ground="телефоном", now=NOW)

    assert Verification.objects.values_list("method", "actor_role", "note").get() == (
        "registrar",
        "registrar",
        "телефоном",
    )


@pytest.mark.django_db
def test_only_those_with_a_right_confirm_in_the_cabinet_and_at_the_desk():
    entry, places = make_provider(), make_territories()
    stranger, elsewhere = make_person(), make_official("registrar", places.odeska)
    refused = [
        (Actor(stranger, PROVIDER), VerificationMethod.CABINET),
        (Actor(None, PROVIDER), VerificationMethod.CABINET),
        (Actor(elsewhere, "registrar"), VerificationMethod.REGISTRAR),
    ]

    for actor, method in refused:
        with pytest.raises(PermissionDenied):
            confirm_entry(entry_id=entry.pk, actor=actor, method=method, note="", now=NOW)
    assert Verification.objects.count() == 0
    speaker = Actor(make_speaker(entry), PROVIDER)
    confirm_entry(entry_id=entry.pk, actor=speaker, method=VerificationMethod.CABINET, note="", now=NOW)
    assert Verification.objects.get().by == speaker.user


@pytest.mark.django_db
def test_excluded_card_is_not_confirmed():
    entry = make_provider()
    exclude_entry(entry_id=entry.pk, actor=REGISTRAR, ground="заява", now=NOW)

    with pytest.raises(StepRefused):
        confirm_entry(entry_id=entry.pk, actor=REGISTRAR, method=VerificationMethod.REGISTRAR, note="", now=NOW)

    assert Verification.objects.count() == 0


# --- writing down ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_clock_writes_states_without_a_change_of_data_and_only_once(django_capture_on_commit_callbacks):
    make_rule()
    old, new, carer = make_provider(), make_provider(now=NOW + 300 * DAY), make_carer()
    before = (EntryChange.objects.count(), LogEntry.objects.count(), old.version)
    news = []
    entries_changed.connect(listener := lambda entry_ids, revision, **_: news.append((entry_ids, revision)))

    with django_capture_on_commit_callbacks(execute=True):
        changed = materialise_freshness(now=NOW + 301 * DAY)
        again = materialise_freshness(now=NOW + 301 * DAY)

    entries_changed.disconnect(listener)
    old.refresh_from_db()
    assert (changed, again) == (2, 0)
    assert dict(RegisterEntry.objects.values_list("pk", "freshness")) == {
        old.pk: "lowered",
        new.pk: "fresh",
        carer.pk: "lowered",
    }
    assert news == [([old.pk, carer.pk], old.revision)]
    assert (EntryChange.objects.count(), LogEntry.objects.count(), old.version) == before


@pytest.mark.django_db
@pytest.mark.parametrize("item_count", [1, 3])
def test_clock_asks_as_often_for_three_entries_as_for_one(item_count, django_assert_num_queries):
    make_rule()
    for _ in range(item_count):
        make_provider()

    # the rules; keys and two questions; a savepoint, the lock, the revision (2), two questions, the write; no more keys
    with django_assert_num_queries(13):
        assert materialise_freshness(now=NOW + 200 * DAY) == item_count
    with django_assert_num_queries(5):
        assert materialise_freshness(now=NOW + 200 * DAY) == 0


@pytest.mark.django_db
def test_clock_goes_through_chunks(settings, monkeypatch):
    monkeypatch.setattr("registry.domain.freshness.CHUNK", 2)
    make_rule()
    for _ in range(5):
        make_provider()

    assert materialise_freshness(now=NOW + 250 * DAY) == 5
    assert set(RegisterEntry.objects.values_list("freshness", flat=True)) == {"overdue"}


# --- showing -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def aged(db):
    """Return a function that makes a provider whose card is so many days old today."""
    make_rule()
    today = timezone.localdate()

    def make(days, *, verified=True, **facts):
        day = today - timedelta(days=days)
        extra = {"verified_on": day} if verified else {}
        return make_provider(
            now=datetime(day.year, day.month, day.day, 9, tzinfo=UTC), included_on=day, **extra, **facts
        )

    return make


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (10, []),
        (200, []),
        (250, ["They may be wrong by now: call before you go.", "the search will show it below others"]),
        (310, ["Therefore the search shows this card below others.", "the search will not find it any more"]),
        (400, ["Therefore the search does not find this card any more; it stays in the register."]),
    ],
)
def test_card_says_what_follows_from_its_age(client: Client, aged, days, said):
    entry = aged(days)

    page = page_of(client, f"/en/registry/{entry.number}/")

    assert "Confirmed by a person on" in page
    for words in said:
        assert words in page
    assert ("Nobody has confirmed these data since" in page) is bool(said)


def test_card_says_who_confirmed_it(client: Client, aged):
    entry = aged(400)
    now = timezone.now()

    for method, words in [
        ("link", "Confirmed by the provider on"),
        ("registrar", "Confirmed by the registrar on"),
        ("decision", "Confirmed by a decision of the register on"),
    ]:
        confirm_entry(entry_id=entry.pk, actor=REGISTRAR, method=VerificationMethod(method), note="", now=now)
        page = page_of(client, f"/en/registry/{entry.number}/")
        assert words in page
        assert "call before you go" not in page


def test_card_nobody_confirmed_says_since_when(client: Client, aged):
    entry = aged(20, verified=False)
    page = page_of(client, f"/en/registry/{entry.number}/")

    assert "Nobody has confirmed these data since" in page
    assert "call before you go" not in page


@pytest.mark.parametrize(
    ("days", "mark"),
    [
        (10, ""),
        (200, ""),
        (250, "not confirmed in time"),
        (310, "long unconfirmed"),
        (400, "not confirmed, out of the search"),
    ],
)
def test_list_marks_cards_not_confirmed_in_time_and_shows_all(client: Client, aged, days, mark):
    aged(days)

    page = page_of(client, "/en/registry/")

    assert "1 provider found" in page
    marks = ("not confirmed in time", "long unconfirmed", "not confirmed, out of the search")
    assert [one for one in marks if one in page] == ([mark] if mark else [])


@pytest.mark.django_db
def test_unknown_rule_is_no_rule(client: Client):
    entry = make_provider(now=NOW, verified_on=date(2020, 1, 1))

    page = page_of(client, f"/en/registry/{entry.number}/")

    assert "call before you go" not in page
    assert read_rules() == Rules({}, None)


@pytest.mark.parametrize("item_count", [1, 3])
def test_card_asks_as_often_for_three_services_as_for_one(client: Client, aged, item_count, django_assert_num_queries):
    words = make_catalogue()
    kinds = [words.home_care, words.shelter, words.counselling][:item_count]
    entry = aged(10, services=[ServiceRecord(kind.pk) for kind in kinds])
    client.get(entry.get_absolute_url())

    with django_assert_num_queries(16):
        client.get(entry.get_absolute_url())
