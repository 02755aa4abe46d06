"""The desk's pages on which cards are merged and heads are set."""

import pytest
from django.test import Client
from django.urls import reverse

from registry.domain.providers import put_providers
from registry.domain.records import ContactRecord, ProviderRecord, ServiceRecord, SiteRecord
from registry.models import EntryMerge
from tests.factories.registry import (
    NOW,
    REGISTRAR,
    make_catalogue,
    make_provider,
    provider_record,
)
from tests.registry.merging import SECRET_PHONE, SECRET_STREET, everything, propose

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_desk_proposes_and_another_person_decides(pair, officials):
    kept, given_up = pair
    registrar, approver = signed_in(officials["registrar"]), signed_in(officials["approver"])
    start = reverse("desk_entries:merge", args=[kept.number])
    assert registrar.get(start).status_code == 200
    asked = registrar.post(start, {"number": given_up.number, "stays": "this"})
    compared = registrar.get(asked.url)
    page = compared.content.decode()
    assert "Працює з 2019 року." in page
    for secret in (SECRET_PHONE, SECRET_STREET):
        assert secret not in page
    taken = everything(given_up)
    fresh = {
        part.name: [one.block.pk for one in part.candidates if not one.known]
        for part in compared.context["beside"].parts
    }
    assert {name: len(keys) for name, keys in fresh.items()} == {"sites": 2, "contacts": 2, "services": 2}

    sent = {"kept_version": kept.version, "given_up_version": given_up.version, "values": taken["values"], **fresh}
    faulty = registrar.post(asked.url, sent)
    assert faulty.context["form"].errors.keys() == {"ground"}
    assert faulty.content.decode().count(" checked") >= 7
    done = registrar.post(asked.url, {**sent, "ground": "лист надавача"})
    merge = EntryMerge.objects.get()
    assert done.url == reverse("desk_merges:merge", args=[merge.pk])

    assert registrar.get(done.url).context["own"]
    assert registrar.post(done.url, {"step": "decide"}).url == reverse("wagtailadmin_home")
    assert approver.get(done.url).context["can_decide"]
    assert approver.post(done.url, {"step": "refuse", "reason": ""}).context["form"].errors.keys() == {"reason"}
    assert approver.post(done.url, {"step": "decide"}).status_code == 302
    merge.refresh_from_db()
    assert (merge.state, merge.closed_by) == ("merged", officials["approver"])
    assert approver.get(done.url).status_code == 200
    assert kept.number in approver.get(reverse("desk_entries:entry", args=[given_up.number])).content.decode()


def test_other_card_may_be_the_one_that_stays(pair, officials):
    kept, given_up = pair
    registrar = signed_in(officials["registrar"])

    asked = registrar.post(
        reverse("desk_entries:merge", args=[given_up.number]), {"number": kept.number, "stays": "other"}
    )

    assert asked.url == reverse("desk_entries:merge_with", args=[kept.number, given_up.number])


@pytest.mark.parametrize("number", ["9999999", "", "zzz"])
def test_unknown_number_is_told_beside_its_field(pair, officials, number):
    registrar = signed_in(officials["registrar"])

    response = registrar.post(reverse("desk_entries:merge", args=[pair[0].number]), {"number": number, "stays": "this"})

    assert response.context["form"].errors.keys() == {"number"}


def test_pages_of_merging_are_for_officials_of_both_cards(pair, officials):
    kept, given_up = pair
    merge = propose(pair, officials)
    page = reverse("desk_merges:merge", args=[merge.pk])
    found = {name: signed_in(user).get(page).status_code for name, user in officials.items()}
    assert found == {"registrar": 200, "approver": 200, "neighbour": 404, "administrator": 200}
    neighbour = signed_in(officials["neighbour"])
    assert neighbour.get(reverse("desk_entries:merge_with", args=[kept.number, given_up.number])).status_code == 404
    assert neighbour.post(page, {"step": "decide"}).status_code == 404


def test_desk_sets_the_head_and_tells_a_circle(officials):
    branch, above = make_provider(), make_provider()
    registrar = signed_in(officials["registrar"])
    address = reverse("desk_entries:edit_head", args=[branch.number])
    sent = {"head_number": above.number, "version": branch.version, "ground": "статут"}

    assert registrar.get(address).status_code == 200
    assert registrar.post(address, sent).status_code == 302
    branch.refresh_from_db()
    assert branch.parent == above
    stale = registrar.post(address, sent)
    assert stale.context["form"].errors.keys() == {"__all__"}
    unknown = registrar.post(address, {**sent, "version": branch.version, "head_number": "9999999"})
    assert unknown.context["form"].errors.keys() == {"head_number"}
    circle = registrar.post(
        reverse("desk_entries:edit_head", args=[above.number]),
        {"head_number": branch.number, "version": above.version, "ground": "статут"},
    )
    assert circle.context["form"].errors.keys() == {"__all__"}


@pytest.mark.parametrize("item_count", [1, 3])
def test_pages_of_merging_ask_the_same_number_of_questions(officials, item_count, django_assert_num_queries):
    words = make_catalogue()
    kinds = [words.home_care, words.shelter, words.counselling][:item_count]
    for number in range(item_count):
        kept = make_provider(services=[ServiceRecord(kind.pk) for kind in kinds])
        record = ProviderRecord(
            external_ref=f"list:{number}",
            name="Центр",
            sites=[
                SiteRecord(
                    **{name: getattr(provider_record().sites[0], name) for name in ("hromada_id", "oblast_id")},
                    building=str(place),
                )
                for place in range(item_count)
            ],
            contacts=[ContactRecord("phone", f"+38080000000{place}") for place in range(item_count)],
            services=[ServiceRecord(kind.pk, title="Інша", at_sites=(0,)) for kind in kinds],
        )
        (outcome,) = put_providers([record], actor=REGISTRAR, ground="список", now=NOW)
        merge = propose((kept, outcome.entry), officials)
    client = signed_in(officials["approver"])
    client.get(reverse("desk_merges:index"))

    with django_assert_num_queries(12):
        client.get(reverse("desk_merges:index"))
    with django_assert_num_queries(42):
        client.get(reverse("desk_merges:merge", args=[merge.pk]))
