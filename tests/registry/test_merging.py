"""Two cards become one by two people; heads and branches never make a circle."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal.kernel import audit
from portal.kernel.models import LogEntry
from portal.kernel.verification import present_of
from portal.kernel.workflow import StepRefused
from registry.domain.branches import set_head, would_circle
from registry.domain.desk import AlreadyIncludedError, OutsideTerritoryError, StaleEntryError, create_entry
from registry.domain.extracts import issue_extract
from registry.domain.merging import decide_merge, propose_merge, refuse_merge, withdraw_merge
from registry.domain.providers import UnknownHeadError, put_providers
from registry.domain.records import ContactRecord, ProviderRecord, ServiceRecord, SiteRecord
from registry.domain.standing import exclude_entry
from registry.models import Contact, EntryMerge, Evidence, RegisterEntry, Service, Site
from tests.factories.accounts import make_official
from tests.factories.applications import make_criteria, make_submitted
from tests.factories.registry import (
    NOW,
    REGISTRAR,
    make_carer,
    make_catalogue,
    make_provider,
    make_territories,
    next_edrpou,
    provider_record,
)

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

SECRET_STREET, SECRET_PHONE = "вул. Прихована", "+380509998877"


@pytest.fixture
def officials():
    places = make_territories()
    return {
        "registrar": make_official("registrar", places.poltavska),
        "approver": make_official("approver", places.poltavska),
        "neighbour": make_official("approver", places.odeska),
        "administrator": make_official("administrator"),
    }


@pytest.fixture
def pair():
    """Return the card known by a code, and the one that a list without codes brought of the same organisation."""
    places, words = make_territories(), make_catalogue()
    kept = make_provider(name="КУ «Центр»")
    record = ProviderRecord(
        external_ref="list:77",
        name="Центр надання соціальних послуг",
        about="Працює з 2019 року.",
        sites=[
            provider_record().sites[0],
            SiteRecord(
                territory_id=places.poltava.pk,
                hromada_id=places.poltava_hromada.pk,
                oblast_id=places.poltavska.pk,
                street="вул. Соборна",
                building="5",
            ),
            SiteRecord(
                hromada_id=places.dykanska.pk, oblast_id=places.poltavska.pk, street=SECRET_STREET, confidential=True
            ),
        ],
        contacts=[
            ContactRecord("phone", "+380535190000"),
            ContactRecord("website", "https://center.example"),
            ContactRecord("phone", SECRET_PHONE, private=True),
        ],
        services=[
            ServiceRecord(words.home_care.pk, content="Інший зміст."),
            ServiceRecord(
                words.shelter.pk,
                content="Ночівля.",
                price_mode="tariff",
                price=Decimal("50.00"),
                price_unit="day",
                at_sites=(0, 1),
            ),
            ServiceRecord(words.counselling.pk),
        ],
    )
    (outcome,) = put_providers([record], actor=REGISTRAR, ground="список", now=NOW)
    return kept, outcome.entry


def everything(entry) -> dict[str, list]:
    return {
        "sites": list(entry.sites.values_list("pk", flat=True)),
        "contacts": list(entry.contacts.values_list("pk", flat=True)),
        "services": list(entry.services.values_list("pk", flat=True)),
        "values": ["about"],
    }


def propose(pair, officials, taken=None, **told):
    kept, given_up = pair
    kept.refresh_from_db()
    given_up.refresh_from_db()
    values = {
        "kept_id": kept.pk,
        "given_up_id": given_up.pk,
        "versions": (kept.version, given_up.version),
        "taken": everything(given_up) if taken is None else taken,
        "ground": "лист надавача від 01.11.2026",
        "user": officials["registrar"],
        "now": NOW,
    }
    return propose_merge(**{**values, **told})


def merged(pair, officials, taken=None):
    merge = propose(pair, officials, taken)
    decide_merge(merge_id=merge.pk, user=officials["approver"], now=NOW + timedelta(days=1))
    for entry in pair:
        entry.refresh_from_db()
    merge.refresh_from_db()
    return merge


# --- what becomes of the two -------------------------------------------------------------------------------------------


def test_surviving_card_takes_over_what_is_named_and_nothing_twice(pair, officials):
    kept, given_up = pair
    merge = merged(pair, officials)

    assert kept.about == "Працює з 2019 року."
    assert kept.organisation.name == "КУ «Центр»"
    assert list(kept.sites.values_list("street", flat=True)) == ["вул. Незалежності", "вул. Соборна", SECRET_STREET]
    assert list(kept.sites.values_list("confidential", flat=True)) == [False, False, True]
    assert sorted(kept.contacts.values_list("value", "private")) == [
        ("+380509998877", True),
        ("+380535190000", False),
        ("cnsp@example.org", False),
        ("https://center.example", False),
    ]
    services = {row.service_type.slug: row for row in kept.services.all()}
    assert sorted(services) == ["counselling", "home-care", "shelter"]
    assert services["home-care"].content == "Прибирання, приготування їжі, купівля ліків."
    shelter = services["shelter"]
    assert (shelter.content, shelter.price) == ("Ночівля.", Decimal("50.00"))
    assert [row.site.street for row in shelter.locations.order_by("site_id")] == ["вул. Незалежності", "вул. Соборна"]
    assert merge.number
    assert (given_up.standing, given_up.merged_into, given_up.excluded_on) == ("excluded", kept, date(2026, 11, 23))
    assert given_up.services.count() == 3


def test_only_what_is_named_is_taken_over(pair, officials):
    kept, given_up = pair
    shelter = given_up.services.get(service_type__slug="shelter")
    merged(pair, officials, {"services": [shelter.pk], "values": []})

    assert kept.about == ""
    assert (kept.sites.count(), kept.contacts.count(), kept.services.count()) == (1, 2, 2)
    taken = kept.services.get(service_type__slug="shelter")
    # the address that both cards have; the one that was left behind is no place of it
    assert [row.site.street for row in taken.locations.all()] == ["вул. Незалежності"]


def test_identifiers_go_over_and_further_files_find_the_surviving_card(pair, officials):
    kept, given_up = pair
    merged(pair, officials)

    kept.organisation.refresh_from_db()
    given_up.organisation.refresh_from_db()
    assert kept.organisation.external_ref == "list:77"
    assert (given_up.organisation.code, given_up.organisation.external_ref) == (None, None)
    before = RegisterEntry.objects.count()
    record = ProviderRecord(external_ref="list:77", contacts=[ContactRecord("phone", "+380800123456")])
    (outcome,) = put_providers([record], actor=REGISTRAR, ground="список", now=NOW)
    assert (outcome.entry.pk, outcome.kind, RegisterEntry.objects.count()) == (kept.pk, "changed", before)


def test_identifier_that_cannot_go_over_still_leads_to_the_surviving_card(officials):
    records = [ProviderRecord(external_ref=ref, name=ref, sites=provider_record().sites) for ref in ("a:1", "b:2")]
    one, other = (outcome.entry for outcome in put_providers(records, actor=REGISTRAR, ground="список", now=NOW))
    merged((one, other), officials)

    record = ProviderRecord(external_ref="b:2", about="Новини.")
    (outcome,) = put_providers([record], actor=REGISTRAR, ground="список", now=NOW)
    assert outcome.entry.pk == one.pk
    with pytest.raises(AlreadyIncludedError) as refused:
        create_entry(record=ProviderRecord(external_ref="b:2", name="x"), actor=REGISTRAR, ground="лист", now=NOW)
    assert refused.value.entry.pk == one.pk


def test_number_is_never_given_again(pair, officials):
    merged(pair, officials)

    assert make_provider().number not in {entry.number for entry in pair}


def test_history_and_log_of_both_name_the_decision_and_the_other_card(pair, officials):
    kept, given_up = pair
    merge = merged(pair, officials)

    away = given_up.changes.filter(act="excluded").first()
    here = kept.changes.get(field="merged_from")
    assert merge.number in away.ground
    assert kept.number in away.ground
    assert merge.number in here.ground
    assert here.new == given_up.number
    subjects = {f"registry.entry:{entry.number}" for entry in pair}
    assert subjects <= set(LogEntry.objects.values_list("subject", flat=True))
    assert LogEntry.objects.filter(tag="registry:merge:merged", payload__contains=merge.number).count() == 1
    traces = str(list(LogEntry.objects.values())) + str(list(kept.changes.values()))
    assert SECRET_PHONE not in traces
    assert SECRET_STREET not in traces
    assert audit.verify() is None


def test_old_address_leads_for_ever_to_the_surviving_card(client: Client, pair, officials):
    kept, given_up = pair
    merged(pair, officials)

    for path, target in (("", ""), ("extract.pdf", "extract.pdf"), ("report/", "report/")):
        response = client.get(f"/registry/{given_up.number}/{path}")
        assert (response.status_code, response.url) == (301, f"/registry/{kept.number}/{target}")
    history = client.get(f"/en/registry/{given_up.number}/history/").content.decode()
    assert f"This card became part of № {kept.number}." in history
    assert (
        "entry that became part of this one"
        in client.get(f"/en/registry/{kept.number}/history/").content.decode().lower()
    )


def test_extract_of_the_card_given_up_is_superseded_by_the_surviving_one(client: Client, pair, officials):
    kept, _given_up = pair
    codes = [issue_extract(entry_id=entry.pk, language="uk", now=NOW).extract.code for entry in pair]
    merged(pair, officials)

    assert [present_of(code).holds for code in codes] == [False, False]
    page = client.get(f"/en/verify/{codes[1].code}/").content.decode()
    assert "Superseded" in page
    assert f"The entry became part of another one: № {kept.number}" in page
    assert f'href="/en/registry/{kept.number}/extract.pdf"' in page


def test_branches_follow_and_make_no_circle(pair, officials):
    kept, given_up = pair
    above = make_provider()
    branch = make_provider(head_number=given_up.number)
    RegisterEntry.objects.filter(pk=given_up.pk).update(parent=above)
    RegisterEntry.objects.filter(pk=kept.pk).update(parent=branch)

    merged(pair, officials)

    branch.refresh_from_db()
    assert (branch.parent, kept.parent) == (kept, above)
    assert branch.changes.filter(field="parent", new=kept.number).count() == 1


def test_evidence_and_suspension_follow_the_service(pair, officials):
    kept, given_up = pair
    shelter = given_up.services.get(service_type__slug="shelter")
    criterion = make_criteria()["staff"]
    paper = Evidence.objects.create(entry=given_up, service=shelter, criterion=criterion, expires_on=date(2027, 1, 1))
    Service.objects.filter(pk=shelter.pk).update(standing="suspended", standing_ground="строк минув")

    merged(pair, officials)

    paper.refresh_from_db()
    assert (paper.entry, paper.service.entry, paper.service.standing) == (kept, kept, "suspended")


# --- who may, and when -------------------------------------------------------------------------------------------------


def test_proposal_changes_nothing(pair, officials):
    before = [(entry.version, entry.changes.count()) for entry in pair]

    merge = propose(pair, officials)

    for entry in pair:
        entry.refresh_from_db()
    assert [(entry.version, entry.changes.count()) for entry in pair] == before
    assert (merge.state, merge.number) == ("proposed", "")


def test_nobody_decides_on_a_proposal_of_ones_own(pair, officials):
    merge = propose(pair, officials, user=officials["administrator"])

    for step in (decide_merge, refuse_merge):
        extra = {"reason": "ні"} if step is refuse_merge else {}
        with pytest.raises(StepRefused):
            step(merge_id=merge.pk, user=officials["administrator"], now=NOW, **extra)
    with pytest.raises(IntegrityError, match="merge_by_two_people"), transaction.atomic():
        EntryMerge.objects.filter(pk=merge.pk).update(
            state="merged", closed_by=officials["administrator"], closed_at=NOW, number="1/2026"
        )


@pytest.mark.parametrize("role", ["registrar", "neighbour"])
def test_only_an_approver_of_the_territory_decides(pair, officials, role):
    merge = propose(pair, officials, user=officials["administrator"])

    with pytest.raises(PermissionDenied):
        decide_merge(merge_id=merge.pk, user=officials[role], now=NOW)


def test_only_a_registrar_of_both_territories_proposes(officials):
    places = make_territories()
    far = make_provider(
        sites=[SiteRecord(territory_id=places.odesa.pk, hromada_id=places.odesa_hromada.pk, oblast_id=places.odeska.pk)]
    )
    with pytest.raises(PermissionDenied):
        propose((make_provider(), far), officials)
    with pytest.raises(PermissionDenied):
        propose((make_provider(), make_provider()), officials, user=officials["approver"])


def test_card_that_changed_is_proposed_anew(pair, officials):
    kept, _given_up = pair
    merge = propose(pair, officials)
    put_providers(
        [ProviderRecord(code=kept.organisation.code, about="Змінено.")], actor=REGISTRAR, ground="лист", now=NOW
    )

    with pytest.raises(StepRefused):
        decide_merge(merge_id=merge.pk, user=officials["approver"], now=NOW)
    with pytest.raises(StaleEntryError):
        propose(pair, officials, versions=(1, 1))


def test_refused_and_withdrawn_proposals_leave_both_cards(pair, officials):
    first = propose(pair, officials)
    with pytest.raises(StepRefused):
        propose(pair, officials)
    refuse_merge(merge_id=first.pk, user=officials["approver"], reason="це різні установи", now=NOW)
    second = propose(pair, officials)
    with pytest.raises(PermissionDenied):
        withdraw_merge(merge_id=second.pk, user=officials["administrator"], now=NOW)
    withdraw_merge(merge_id=second.pk, user=officials["registrar"], now=NOW)

    states = list(EntryMerge.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["refused", "withdrawn"]
    assert all(entry.standing == "included" for entry in RegisterEntry.objects.all())
    for merge in (first, second):
        with pytest.raises(StepRefused):
            decide_merge(merge_id=merge.pk, user=officials["approver"], now=NOW)


def test_what_cannot_be_one_organisation_is_refused(pair, officials):
    kept, given_up = pair
    others = {
        "codes": (kept, make_provider(code=next_edrpou())),
        "kind": (kept, make_carer()),
        "demo": (kept, make_provider(demo=True)),
        "same": (kept, kept),
    }
    excluded = make_provider()
    exclude_entry(entry_id=excluded.pk, actor=REGISTRAR, ground="заява", now=NOW)
    for couple in (*others.values(), (kept, excluded)):
        with pytest.raises(StepRefused):
            propose(couple, officials, user=officials["administrator"])
    make_submitted("exclusion", organisation=given_up.organisation)
    with pytest.raises(StepRefused):
        propose(pair, officials)


def test_an_entry_leads_to_another_only_when_excluded(pair):
    kept, given_up = pair
    with pytest.raises(IntegrityError, match="entry_merged_is_excluded"), transaction.atomic():
        RegisterEntry.objects.filter(pk=given_up.pk).update(merged_into=kept)


# --- head and branches ---------------------------------------------------------------------------------------------------


def head(entry, number, actor=REGISTRAR, **told):
    entry.refresh_from_db()
    values = {"entry_id": entry.pk, "version": entry.version, "head_number": number, "ground": "статут", "now": NOW}
    return set_head(**{**values, "actor": actor, **told})


def test_head_is_set_changed_and_removed_with_history(client: Client):
    branch, one, other = make_provider(name="Філія"), make_provider(name="Перший"), make_provider(name="Другий")

    head(branch, one.number)
    head(branch, other.number)
    assert f'href="/registry/{branch.number}/">Філія' in client.get(f"/registry/{other.number}/").content.decode()
    assert f'href="/registry/{other.number}/">Другий' in client.get(f"/registry/{branch.number}/").content.decode()
    head(branch, "")

    rows = branch.changes.filter(field="parent").order_by("pk").values_list("old", "new")
    assert list(rows) == [(None, one.number), (one.number, other.number), (other.number, None)]
    page = client.get(f"/en/registry/{branch.number}/history/").content.decode()
    assert one.number in page
    assert audit.verify() is None


def test_circle_is_refused():
    one, two, three = (make_provider() for _turn in "abc")
    head(two, one.number)
    head(three, two.number)

    for entry, number in ((one, one.number), (one, two.number), (one, three.number), (two, three.number)):
        with pytest.raises(StepRefused):
            head(entry, number)
    assert would_circle(one, three)
    assert not would_circle(three, one)


def test_head_must_be_an_open_entry_of_the_register():
    branch, gone = make_provider(), make_provider()
    exclude_entry(entry_id=gone.pk, actor=REGISTRAR, ground="заява", now=NOW)
    for number in (gone.number, make_carer().number):
        with pytest.raises(StepRefused):
            head(branch, number)
    with pytest.raises(UnknownHeadError):
        head(branch, "9999999")
    with pytest.raises(StaleEntryError):
        head(branch, "", version=99)
    with pytest.raises(StepRefused):
        head(gone, branch.number)


def test_registrar_of_another_territory_sets_no_head():
    from registry.domain.providers import Actor

    stranger = make_official("registrar", make_territories().odeska)
    with pytest.raises(OutsideTerritoryError):
        head(make_provider(), make_provider().number, actor=Actor(stranger, "registrar"))


# --- the desk ------------------------------------------------------------------------------------------------------------


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


def test_no_part_is_left_without_its_entry(pair, officials):
    merged(pair, officials)

    kept, given_up = pair
    assert Site.objects.filter(entry=given_up).count() == 3
    assert Contact.objects.filter(entry=kept).count() == 4


def test_invented_entries_go_with_everything_that_hangs_on_them():
    from registry.domain.demo import removing
    from registry.domain.mistakes import report_mistake

    officials = {"registrar": make_official("administrator"), "approver": make_official("administrator")}
    kept = make_provider(demo=True)
    record = ProviderRecord(external_ref="demo:1", name="Центр", sites=provider_record().sites)
    (outcome,) = put_providers([record], actor=REGISTRAR, ground="список", now=NOW, demo=True)
    report_mistake(entry_id=kept.pk, about="name", text="Не так.", email="", address="203.0.113.7", now=NOW)
    issue_extract(entry_id=kept.pk, language="uk", now=NOW)
    merged((kept, outcome.entry), officials)

    assert removing.remove(actor_role="command", now=NOW) == 2
    assert (RegisterEntry.objects.count(), EntryMerge.objects.count()) == (0, 0)
