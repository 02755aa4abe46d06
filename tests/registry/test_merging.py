"""Two cards of one organisation become one: who may, when, and what becomes of both."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from portal.kernel import audit
from portal.kernel.models import LogEntry
from portal.kernel.verification import present_of
from portal.kernel.workflow import StepRefused
from registry.domain.desk import AlreadyIncludedError, StaleEntryError, create_entry
from registry.domain.extracts import issue_extract
from registry.domain.merging import decide_merge, refuse_merge, withdraw_merge
from registry.domain.providers import put_providers
from registry.domain.records import ContactRecord, ProviderRecord, SiteRecord
from registry.domain.standing import exclude_entry
from registry.models import Contact, EntryMerge, Evidence, RegisterEntry, Service, Site
from tests.factories.accounts import make_official
from tests.factories.applications import make_criteria, make_submitted
from tests.factories.registry import (
    NOW,
    REGISTRAR,
    make_carer,
    make_provider,
    make_territories,
    next_edrpou,
    provider_record,
)
from tests.registry.merging import SECRET_PHONE, SECRET_STREET, merged, propose

pytestmark = [pytest.mark.django_db, pytest.mark.databases]


# --- what becomes of the two -----------------------------------------------------------------------------------------


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


# --- who may, and when -----------------------------------------------------------------------------------------------


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


# --- what is left ----------------------------------------------------------------------------------------------------


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
