"""The public history: in words, masked where private, and the card of any day rebuilt by undoing."""

from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.kernel import visibility
from registry.domain.providers import put_providers
from registry.domain.records import ContactRecord, ProviderRecord, ServiceRecord, SiteRecord
from registry.domain.standing import exclude_entry, suspend_entry, verify_entry
from registry.models import EntryChange, RegisterEntry
from registry.queries.history import as_of, changes_of, public_snapshot, undo
from tests.factories.registry import (
    NOW,
    REGISTRAR,
    make_catalogue,
    make_provider,
    make_territories,
    next_edrpou,
    provider_record,
)

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

DAY = timedelta(days=1)


def put(record: ProviderRecord, *, at: datetime, replace_parts: bool = True) -> RegisterEntry:
    (outcome,) = put_providers([record], actor=REGISTRAR, ground="рішення", now=at, replace_parts=replace_parts)
    return outcome.entry


def page_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("item_count", [1, 3])
def test_history_asks_the_same_number_of_questions(client: Client, item_count, django_assert_num_queries):
    code = next_edrpou()
    for number in range(item_count + 1):
        entry = put(provider_record(code=code, about=f"опис {number}"), at=NOW + number * DAY)
    client.get(f"/registry/{entry.number}/history/")

    with django_assert_num_queries(5):
        response = client.get(f"/registry/{entry.number}/history/")

    assert len(response.context["steps"]) == item_count + 1


def test_history_says_in_words_what_changed(client: Client):
    code, words = next_edrpou(), make_catalogue()
    first = provider_record(code=code, services=[ServiceRecord(words.shelter.pk)])
    later = provider_record(
        code=code,
        ownership_form="private",
        services=[
            ServiceRecord(words.shelter.pk, price_mode="free", group_ids=frozenset({words.violence_survivors.pk}))
        ],
    )
    put(first, at=NOW)
    entry = put(later, at=NOW + DAY)

    page = page_of(client, f"/en/registry/{entry.number}/history/")

    assert "<del>communal</del>" in page
    assert "<ins>private</ins>" in page
    assert "<ins>free of charge</ins>" in page
    assert "<ins>Survivors of violence</ins>" in page
    assert "registrar" in page
    assert "entry 2 of the decision log" in page


def test_history_names_nobody(client: Client, django_user_model):
    user = django_user_model.objects.create_user("olena@example.org", first_name="Олена", last_name="Реєстраторка")
    entry = make_provider()
    EntryChange.objects.update(by=user)

    page = page_of(client, f"/registry/{entry.number}/history/")

    assert "Олена" not in page
    assert "olena@" not in page


def test_history_shows_the_card_of_a_day(client: Client):
    code = next_edrpou()
    put(provider_record(code=code, name="Стара назва"), at=NOW - 10 * DAY)
    entry = put(provider_record(code=code, name="Нова назва"), at=NOW - 5 * DAY)
    suspend_entry(entry_id=entry.pk, actor=REGISTRAR, ground="скарга", now=NOW - 2 * DAY)

    def facts(on: date) -> dict[str, str]:
        response = client.get(f"/en/registry/{entry.number}/history/?on={on.isoformat()}")
        return dict(response.context["past"].facts)

    assert facts((NOW - 6 * DAY).date())["name"] == "Стара назва"
    assert facts((NOW - 5 * DAY).date())["name"] == "Нова назва"
    assert facts((NOW - 5 * DAY).date())["standing"] == "included"
    assert facts((NOW - 2 * DAY).date())["standing"] == "suspended"


@pytest.mark.parametrize(
    "on", ["yesterday", "2026-02-31", "2999-01-01", "1999-01-01", "%00", "9" * 3000, "<script>", "2026-11-22T10:00"]
)
def test_history_of_a_day_that_cannot_be_shown_explains_beside_the_field(client: Client, on):
    entry = make_provider()

    response = client.get(f"/registry/{entry.number}/history/?on={on}")

    page = response.content.decode()
    assert response.status_code == 200
    assert response.context["problem"]
    assert 'aria-describedby="on-error"' in page
    assert "<script>" not in page


def test_history_hides_what_was_public_before_it_became_confidential(client: Client):
    places, code = make_territories(), next_edrpou()

    def site(**facts) -> SiteRecord:
        values = {"hromada_id": places.dykanska.pk, "oblast_id": places.poltavska.pk, "label": "Дім", **facts}
        return SiteRecord(**values)

    put(provider_record(code=code, sites=[], services=[]), at=NOW - 5 * DAY)
    put(provider_record(code=code, sites=[site(street="вул. Схована", building="7")]), at=NOW - 4 * DAY)
    put(
        provider_record(code=code, sites=[site(street="вул. Схована", building="7", postal_index="38501")]),
        at=NOW - 3 * DAY,
    )
    entry = put(
        provider_record(
            code=code, sites=[site(street="вул. Схована", building="7", postal_index="38501", confidential=True)]
        ),
        at=NOW - 2 * DAY,
    )

    for on in ("", *(f"?on={(NOW - days * DAY).date().isoformat()}" for days in range(1, 6))):
        page = page_of(client, f"/registry/{entry.number}/history/{on}")
        assert "Схована" not in page
        assert "38501" not in page


def test_history_hides_a_contact_that_became_private(client: Client):
    code = next_edrpou()
    put(provider_record(code=code, contacts=[ContactRecord("phone", "+380501112233")]), at=NOW - 3 * DAY)
    put(provider_record(code=code, contacts=[ContactRecord("phone", "+380501112233", note="Оля")]), at=NOW - 2 * DAY)
    entry = put(
        provider_record(code=code, contacts=[ContactRecord("phone", "+380501112233", note="Оля", private=True)]),
        at=NOW - 1 * DAY,
    )

    for on in ("", f"?on={(NOW - 3 * DAY).date().isoformat()}", f"?on={(NOW - 2 * DAY).date().isoformat()}"):
        page = page_of(client, f"/registry/{entry.number}/history/{on}")
        assert "1112233" not in page
        assert "Оля" not in page


# --- undoing, against snapshots taken at the time ---------------------------------------------------------------------

prices = st.sampled_from(
    [
        {"price_mode": "unknown"},
        {"price_mode": "free"},
        {"price_mode": "tariff", "price": Decimal("120.50"), "price_unit": "visit", "price_on": date(2026, 1, 1)},
    ]
)
capacities = st.sampled_from(
    [{}, {"capacity": 0, "capacity_on": date(2026, 5, 1)}, {"capacity": 12, "capacity_on": date(2026, 6, 1)}]
)
phones = st.lists(st.sampled_from(["+380441110001", "+380441110002", "+380441110003"]), unique=True, max_size=3)
moves = st.fixed_dictionaries(
    {
        "name": st.sampled_from(["Центр", "Дім", "Опіка"]),
        "about": st.sampled_from(["", "Працюємо щодня"]),
        "ownership_form": st.sampled_from(["communal", "private"]),
        "source_on": st.sampled_from([None, date(2026, 3, 3)]),
        "phones": phones,
        "note": st.sampled_from(["", "черговий"]),
        "streets": st.lists(st.sampled_from(["вул. Перша", "вул. Друга"]), unique=True, max_size=2),
        "index": st.sampled_from(["", "38500"]),
        "hours": st.sampled_from([{}, {"mon": [["09:00", "18:00"]]}]),
        "ramp": st.sampled_from([None, True, False]),
        "kinds": st.lists(st.sampled_from(["home_care", "shelter", "counselling"]), unique=True, max_size=3),
        "price": prices,
        "capacity": capacities,
        "groups": st.booleans(),
        "step": st.sampled_from(["put", "put", "put", "verify"]),
    }
)


def record_of(move: dict, code: str) -> ProviderRecord:
    places, words = make_territories(), make_catalogue()
    return ProviderRecord(
        code=code,
        name=move["name"],
        about=move["about"],
        ownership_form=move["ownership_form"],
        source_on=move["source_on"],
        contacts=[ContactRecord("phone", phone, note=move["note"]) for phone in move["phones"]],
        sites=[
            SiteRecord(
                territory_id=places.dykanka.pk,
                hromada_id=places.dykanska.pk,
                oblast_id=places.poltavska.pk,
                street=street,
                postal_index=move["index"],
                hours=move["hours"],
                access={words.ramp.pk: move["ramp"]},
            )
            for street in move["streets"]
        ],
        services=[
            ServiceRecord(
                getattr(words, kind).pk,
                **move["price"],
                **move["capacity"],
                group_ids=frozenset({words.older_people.pk}) if move["groups"] else frozenset(),
                area_kind="hromadas" if move["groups"] else "unknown",
                area_ids=frozenset({places.dykanska.pk}) if move["groups"] else frozenset(),
            )
            for kind in move["kinds"]
        ],
    )


def state_of(entry: RegisterEntry) -> dict:
    fresh = RegisterEntry.objects.select_related("organisation").get(pk=entry.pk)
    return comparable(asdict(public_snapshot(fresh)))


def comparable(snapshot: dict) -> dict:
    """Leave out the order of parts, which is that of writing and not a statement."""
    snapshot = dict(snapshot)
    snapshot.pop("uncertain")
    return snapshot


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(moves, min_size=1, max_size=5))
def test_undoing_later_changes_gives_the_card_as_it_was(sequence):
    code = next_edrpou()
    start = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)
    seen: list[tuple[date, dict]] = []
    entry = None
    for number, move in enumerate(sequence):
        at = start + number * DAY
        if entry is not None and move["step"] == "verify":
            verify_entry(entry_id=entry.pk, actor=REGISTRAR, ground="дзвінок", now=at)
        else:
            entry = put(record_of(move, code), at=at)
        seen.append((at.date(), state_of(entry)))
    exclude_entry(entry_id=entry.pk, actor=REGISTRAR, ground="заява", now=start + 9 * DAY)

    entry = RegisterEntry.objects.select_related("organisation").get(pk=entry.pk)
    changes = changes_of(entry)
    for on, then in seen:
        rebuilt = as_of(entry, on, changes)
        assert rebuilt is not None
        assert comparable(asdict(rebuilt)) == then
    assert as_of(entry, start.date() - DAY, changes) is None


def test_undo_changes_nothing_it_was_given():
    entry = make_provider()
    now = public_snapshot(entry)
    before = asdict(replace(now))

    undo(now, [EntryChange(act="amended", obj="organisation", field="name", old="Було", new="Стало")])

    assert asdict(now) == before


def test_snapshot_holds_public_fields_only():
    entry = make_provider()

    snapshot = public_snapshot(entry)

    for label, values in (("registry.RegisterEntry", snapshot.entry), ("accounts.Organisation", snapshot.organisation)):
        for name in values:
            assert visibility.is_public(label, name, entry)
    assert "confidential" in next(iter(snapshot.site.values()))
    assert "rnokpp" not in snapshot.organisation
