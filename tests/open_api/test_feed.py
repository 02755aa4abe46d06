"""The feed: a reader that follows it has what is public, whatever is done and however late it is committed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from portal.kernel.models import LogHead
from portal.site.models import FeedHead, FeedObject
from portal.site.opendata import feed, reading
from portal.site.opendata.reading import changes_after
from procurement.domain.contracts import suspending
from registry.domain.demo import removing
from registry.domain.providers import put_providers
from registry.domain.records import ProviderRecord, ServiceRecord
from registry.domain.standing import exclude_entry
from registry.models import EntryChange, RegisterEntry, Territory
from tests.factories.contracts import make_contract, make_typed_ground
from tests.factories.procurement import make_call, make_cancelled, make_published
from tests.factories.registry import NOW, REGISTRAR, make_catalogue, make_provider
from tests.open_api.following import Reader, everything
from tests.open_api.scene import make_full_provider, make_world

pytestmark = pytest.mark.django_db


def named(changes):
    return [(one["kind"], one["id"], one["removed"]) for one in changes]


def test_reader_from_zero_has_what_is_public_however_much_it_takes_at_once():
    make_world()
    public = everything()
    for limit in (1, 3, 200):
        reader = Reader(limit)
        reader.follow()
        assert reader.objects == public
        assert [one["position"] for one in reader.told] == sorted({one["position"] for one in reader.told})
        assert reader.follow() == []


def test_change_of_a_provider_moves_it_to_the_end_with_what_changed():
    entry = make_full_provider()
    reader = Reader()
    reader.follow()
    put_providers(
        [ProviderRecord(code=entry.organisation.code, about="Нове.")], actor=REGISTRAR, ground="тест", now=NOW
    )
    news = reader.follow()
    assert news[0]["object"]["about"] == "Нове."
    # the revision of the entry stands in its services too
    assert named(news) == [
        ("provider", entry.number, False),
        ("service", f"s-{entry.number}-1", False),
        ("service", f"s-{entry.number}-2", False),
    ]
    assert reader.objects == everything()


def test_services_taken_away_and_providers_excluded_leave_tombstones():
    entry = make_full_provider()
    reader = Reader()
    reader.follow()
    words = make_catalogue()
    record = ProviderRecord(code=entry.organisation.code, services=[ServiceRecord(words.shelter.pk)])
    put_providers([record], actor=REGISTRAR, ground="тест", now=NOW, replace_parts=True)
    assert ("service", f"s-{entry.number}-2", True) in named(reader.follow())
    exclude_entry(entry_id=entry.pk, actor=REGISTRAR, ground="припинено", now=NOW)
    assert ("service", f"s-{entry.number}-1", True) in named(reader.follow())
    assert reader.objects == everything()
    assert reader.objects["provider", entry.number]["standing"] == "excluded"


def test_removal_of_the_demonstration_leaves_tombstones():
    kept, invented = make_provider(), make_provider(demo=True)
    reader = Reader()
    reader.follow()
    removing.remove(actor_role="operator", now=NOW)
    assert ("provider", invented.number, True) in named(reader.follow())
    assert reader.objects == everything()
    assert ("provider", kept.number) in reader.objects


def test_steps_of_competitions_and_contracts_are_told_drafts_are_not():
    make_call()
    make_contract("draft")
    contract = make_contract()
    reader = Reader()
    reader.follow()
    assert not [one for one in reader.told if one["kind"] == "competition"]
    published, cancelled = make_published(), make_cancelled()
    ground = make_typed_ground("suspension")
    suspending.suspend(
        contract_id=contract.pk,
        user=contract.created_by,
        ground_id=ground.pk,
        reason="Ремонт.",
        now=datetime(2027, 7, 15, 9, tzinfo=UTC),
    )
    news = {(one["kind"], one["id"]): one["object"] for one in reader.follow()}
    assert news["competition", published.number]["state"] == "published"
    assert news["competition", cancelled.number]["state"] == "cancelled"
    assert news["contract", contract.number]["state"] == "suspended"
    assert reader.objects == everything()


def test_state_between_two_looks_of_the_feed_is_not_kept_for_ever():
    """A contract is suspended, read, resumed before the feed looks again: it is what it was, the reader must know."""
    contract = make_contract()
    feed.catch_up(NOW)
    known = {"contract_id": contract.pk, "user": contract.created_by, "reason": "Ремонт."}
    suspending.suspend(**known, ground_id=make_typed_ground("suspension").pk, now=datetime(2027, 7, 15, 9, tzinfo=UTC))
    early = changes_after("", limit=200, now=NOW, kinds=["contract"])
    assert [one["object"]["state"] for one in early.changes] == ["suspended"]
    suspending.resume(**known, now=datetime(2027, 7, 16, 9, tzinfo=UTC))
    feed.catch_up(NOW)
    late = changes_after(early.next, limit=200, now=NOW, kinds=["contract"])
    assert [one["object"]["state"] for one in late.changes] == ["in_force"]


def test_what_changes_faster_than_it_is_looked_at_waits_for_the_next_page(monkeypatch):
    entries = [make_provider(), make_provider()]
    feed.catch_up(NOW)
    monkeypatch.setattr(reading, "look_again", lambda _keys, _now: 0)
    put_providers(
        [ProviderRecord(code=entries[1].organisation.code, about="Нове.")], actor=REGISTRAR, ground="тест", now=NOW
    )
    page = changes_after("", limit=200, now=NOW, kinds=["provider"])
    assert ([one["id"] for one in page.changes], page.more) == ([entries[0].number], True)


def test_new_name_of_a_provider_is_told_with_its_contracts():
    contract = make_contract()
    reader = Reader()
    reader.follow()
    record = ProviderRecord(code=contract.contractor.code, name="ГО «Нова назва»")
    put_providers([record], actor=REGISTRAR, ground="тест", now=NOW)
    news = {(one["kind"], one["id"]): one["object"] for one in reader.follow()}
    assert news["contract", contract.number]["provider"] == "ГО «Нова назва»"


def test_change_with_an_early_moment_is_not_lost_as_a_cursor_by_time_loses_it():
    """The moment of a change is taken before it waits for its turn: whoever follows by moments passes it over."""
    entries = [make_provider(now=NOW) for _turn in range(2)]
    reader = Reader()
    reader.follow()
    seen = NOW

    def naive():
        nonlocal seen
        rows = list(EntryChange.objects.filter(at__gt=seen).values_list("entry__number", "at"))
        seen = max([seen, *(at for _number, at in rows)])
        return {number for number, _at in rows}

    found, told = set(), set()
    for entry, moment in zip(entries, (NOW + timedelta(seconds=9), NOW + timedelta(seconds=5)), strict=True):
        record = ProviderRecord(code=entry.organisation.code, about=f"Змінено {moment}")
        put_providers([record], actor=REGISTRAR, ground="тест", now=moment)
        found |= naive()
        told |= {one["id"] for one in reader.follow() if one["kind"] == "provider"}
    assert told == {entry.number for entry in entries}
    assert found == {entries[0].number}


def test_what_nobody_announces_is_found_by_comparing_everything():
    make_provider()
    reader = Reader()
    reader.follow()
    unit = Territory.objects.filter(category="H").first()
    Territory.objects.filter(pk=unit.pk).update(population=4321, population_on=NOW.date())
    assert reader.follow() == []
    assert feed.reconcile(NOW) == 1
    assert named(reader.follow()) == [("territory", unit.code, False)]
    assert feed.reconcile(NOW) == 0


def test_what_is_public_no_more_is_not_told_from_an_old_position():
    entry = make_provider()
    feed.catch_up(NOW)
    RegisterEntry.objects.filter(pk=entry.pk).update(is_open=False)
    reader = Reader(query="&kind=provider&kind=service")
    assert {(kind, removed) for kind, _id, removed in named(reader.follow())} == {("provider", True), ("service", True)}


def test_kinds_narrow_the_feed_and_the_cursor_passes_over_the_rest():
    make_world()
    reader = Reader(limit=2, query="&kind=contract")
    assert {one["kind"] for one in reader.follow()} == {"contract"}
    assert reader.cursor.endswith(f".{FeedHead.objects.get().position}")


def test_cursor_of_another_feed_is_refused():
    make_provider()
    Reader().follow()
    head = FeedHead.objects.get()
    for cursor in ("x", "000000000000.1", f"{head.epoch}.{head.position + 1}", f"{head.epoch}.01"):
        answer = Client().get("/api/v1/changes", {"cursor": cursor})
        assert (answer.status_code, answer.json()["reason"]) == (410, "cursor_unknown"), cursor
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_feed_that_knows_everything_is_asked_for_in_few_queries(django_assert_num_queries):
    make_full_provider()
    reader = Reader()
    reader.follow()
    with django_assert_num_queries(5):
        reader.follow()
    FeedObject.objects.filter(kind="territory").delete()
    with django_assert_num_queries(21):
        Client().get("/api/v1/changes?kind=provider")
    make_full_provider()
    make_full_provider()
    feed.catch_up(NOW)
    with django_assert_num_queries(21):
        Client().get("/api/v1/changes?kind=provider")


def test_feed_is_not_moved_by_what_is_not_public():
    make_provider()
    Reader().follow()
    position = FeedHead.objects.get().position
    make_call()
    assert LogHead.objects.get().seq > 0
    Reader().follow()
    assert FeedHead.objects.get().position == position
