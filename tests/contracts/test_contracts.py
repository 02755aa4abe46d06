"""A contract from its making to its signatures: what it copies, what it refuses, what the second signature does."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel import audit
from portal.kernel.models import LogEntry
from portal.kernel.workflow import StepRefused
from procurement.contract_enums import ContractState, ContractVersionState
from procurement.domain.calls.gaps import NotReady
from procurement.domain.contracts.drafting import remove_line, save_draft, save_funding, save_line
from procurement.domain.contracts.making import Ground, awards_waiting, make_direct, make_from_award
from procurement.domain.contracts.offering import gaps_before_offer, offer, take_back
from procurement.domain.contracts.signing import sign
from procurement.domain.evaluation.awards import accept
from procurement.models import Contract, ContractStep
from tests.contracts.making import WORDS, Deal
from tests.decisions.deciding import after, minuted, order
from tests.factories.accounts import make_mandate, make_person
from tests.factories.contracts import CONCLUDED, make_budget_line
from tests.factories.ordering import make_official_who_orders
from tests.factories.registry import make_territories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def accepted():
    """Return an accepted award with its round."""
    round_ = minuted()
    award = order(round_).awards.select_related("proposal__organisation", "lot").get()
    accept(award_id=award.pk, user=award.proposal.created_by, now=after(round_, 4))
    award.refresh_from_db()
    return award, round_


def test_contract_of_an_award_copies_what_was_announced_and_offered() -> None:
    award, round_ = accepted()
    competition, now = round_.competition, after(round_, 5)
    assert list(awards_waiting(competition.hromada)) == [award]

    made = make_from_award(award_id=award.pk, user=competition.created_by, key=uuid4(), now=now)

    line = made.versions.get().lines.get()
    told = award.proposal.content["content"]
    assert made.contractor == award.proposal.organisation
    assert made.sum == award.amount == line.sum == line.computed_sum
    assert str(line.tariff) == told["offer/lots/1/tariff"]
    assert (line.recipients, line.volume) == (20, Decimal(1800))
    assert line.service_type.slug == award.lot.snapshot["service_slug"]
    assert made.sign_by == competition.contract_on
    assert made.sign_by_words
    assert (made.service_from, made.service_to) == (
        date.fromisoformat(award.lot.snapshot["service_from"]),
        date.fromisoformat(award.lot.snapshot["service_to"]),
    )
    assert not awards_waiting(competition.hromada)
    again = make_from_award(award_id=award.pk, user=competition.created_by, key=uuid4(), now=now)
    assert again.pk == made.pk


def test_contract_of_an_award_waits_for_the_winner_and_never_exceeds_what_was_awarded() -> None:
    round_ = minuted()
    award = order(round_).awards.get()
    official, now = round_.competition.created_by, after(round_, 4)
    with pytest.raises(StepRefused, match="has not accepted"):
        make_from_award(award_id=award.pk, user=official, key=uuid4(), now=now)
    accept(award_id=award.pk, user=award.proposal.created_by, now=now)
    made = make_from_award(award_id=award.pk, user=official, key=uuid4(), now=now)
    version = made.versions.get()
    save_line(version_id=version.pk, user=official, number=1, values={"volume": Decimal(1801)}, now=now)
    version.refresh_from_db()
    assert "larger than what was awarded" in str([gap.text for gap in gaps_before_offer(made, version)])


def test_contract_of_another_channel_names_its_ground() -> None:
    deal = Deal()
    told = {
        "commissioner_id": deal.contract.commissioner_id,
        "contractor_id": deal.organisation.pk,
        "title": "Догляд",
        "user": deal.official,
        "now": CONCLUDED,
    }
    for channel, ground, why in (
        ("procurement", Ground("Закупівля"), "identifier"),
        ("partnership", Ground(""), "ground"),
        ("social_order", Ground("Так"), "made of an award"),
    ):
        with pytest.raises(StepRefused, match=why):
            make_direct(channel=channel, ground=ground, key=uuid4(), **told)
    key = uuid4()
    one = make_direct(channel="own_provider", ground=Ground("Рішення № 5"), key=key, **told)
    assert make_direct(channel="own_provider", ground=Ground("Рішення № 5"), key=key, **told).pk == one.pk


def test_contract_is_made_by_nobody_with_a_mandate_of_the_provider_nor_of_another_hromada() -> None:
    deal = Deal()
    told = {
        "commissioner_id": deal.contract.commissioner_id,
        "contractor_id": deal.organisation.pk,
        "channel": "own_provider",
        "title": "Догляд",
        "ground": Ground("Рішення № 5"),
        "key": uuid4(),
        "now": CONCLUDED,
    }
    stranger = make_official_who_orders(make_territories().odesa_hromada)
    make_mandate(deal.official, deal.organisation)
    for user in (stranger, deal.official, deal.person):
        with pytest.raises(PermissionDenied):
            make_direct(user=user, **told)
    with pytest.raises(PermissionDenied):
        offer(version_id=deal.version.pk, user=deal.official, now=CONCLUDED)


def test_draft_is_saved_part_by_part_and_not_over_somebody_else() -> None:
    deal = Deal()
    assert deal.version.sum == deal.contract.sum == Decimal("324000.00")
    base = deal.version.saved_at.isoformat()
    later = CONCLUDED + timedelta(minutes=1)
    told = {"version_id": deal.version.pk, "user": deal.official}
    save_draft(values={"title": "Інша назва"}, now=later, base=base, **told)
    with pytest.raises(StepRefused, match="Somebody else"):
        save_draft(values={"title": "Ще інша"}, now=later, base=base, **told)
    with pytest.raises(StepRefused, match="end must not be earlier"):
        save_draft(values={"service_to": date(2027, 1, 1)}, now=later, **told)
    line = save_line(
        values={"title": "Етап", "pricing": "lump", "sum": Decimal("1000.05")},
        now=later,
        **told,
    )
    assert line.number == 2
    deal.refresh()
    assert deal.contract.title == "Інша назва"
    assert deal.contract.sum == Decimal("325000.05")
    remove_line(number=2, now=later, **told)
    assert deal.version.lines.count() == 1


def test_offer_names_everything_that_is_missing_at_once() -> None:
    deal = Deal()
    empty = make_direct(
        commissioner_id=deal.contract.commissioner_id,
        contractor_id=deal.organisation.pk,
        channel="own_provider",
        title="Догляд",
        ground=Ground("Рішення № 5"),
        user=deal.official,
        key=uuid4(),
        now=CONCLUDED,
    )
    with pytest.raises(NotReady) as told:
        offer(version_id=empty.versions.get().pk, user=deal.official, now=CONCLUDED)
    assert {(gap.task, gap.field) for gap in told.value.gaps} == {
        ("terms", "service_from"),
        ("terms", "service_to"),
        ("terms", "report_period"),
        ("lines", ""),
        ("text", ""),
    }
    save_funding(
        version_id=deal.version.pk,
        user=deal.official,
        funding={deal.budget.pk: Decimal("2000000.00")},
        now=CONCLUDED,
    )
    with pytest.raises(NotReady) as told:
        deal.offer()
    assert [gap.task for gap in told.value.gaps] == ["funding", "funding"]


def test_offer_freezes_the_text_and_gives_the_number() -> None:
    deal = Deal()
    version = deal.offer()
    assert deal.contract.state == ContractState.OFFERED
    assert deal.contract.number.startswith("2027-D")
    assert version.digest == audit.digest_of(version.content)
    assert version.code.document_digest == version.digest
    words = version.content["sections"][0]["paragraphs"][0]
    assert words.startswith(deal.organisation.name)
    assert "324" in words
    assert offer(version_id=version.pk, user=deal.official, now=CONCLUDED).pk == version.pk
    with pytest.raises(StepRefused, match="take it back"):
        save_draft(version_id=version.pk, user=deal.official, values={"title": "Ні"}, now=CONCLUDED)


def test_offer_writes_few_people_as_fewer_than_five() -> None:
    deal = Deal()
    save_line(version_id=deal.version.pk, user=deal.official, number=1, values={"recipients": 3}, now=CONCLUDED)
    assert deal.offer().content["lines"][0]["recipients"] == "<5"


def test_second_signature_concludes_and_binds_the_money() -> None:
    deal = Deal()
    deal.offer()
    deal.sign("contractor")
    assert deal.contract.state == ContractState.OFFERED
    deal.sign("commissioner")
    contract = deal.contract
    assert contract.state == ContractState.IN_FORCE
    assert (contract.sum, contract.first_sum, contract.version) == (Decimal("324000.00"), Decimal("324000.00"), 1)
    assert contract.services == ["home-care"]
    assert contract.concluded_on == date(2027, 2, 25)
    assert deal.version.state == ContractVersionState.SIGNED
    assert deal.budget.committed == contract.funding.get().amount == contract.sum
    assert [one.period_to for one in contract.reports.order_by("number")] == [
        date(2027, 3, 31),
        date(2027, 4, 30),
        date(2027, 5, 31),
    ]
    tags = list(
        LogEntry.objects.filter(subject=f"procurement.contract:{contract.number}").values_list("tag", flat=True)
    )
    assert tags.count("procurement:contractsignature:sign") == 2
    assert "procurement:contract:conclude" in tags


def test_signature_twice_is_one_and_needs_the_text_that_was_read() -> None:
    deal = Deal()
    deal.offer()
    with pytest.raises(StepRefused, match="not the one you have read"):
        deal.sign("contractor", digest="0" * 64)
    deal.sign("contractor", digest=deal.version.digest)
    deal.sign("contractor")
    assert deal.version.signatures.count() == 1
    for user, side in ((deal.person, "commissioner"), (deal.official, "contractor"), (make_person(), "contractor")):
        with pytest.raises(PermissionDenied):
            sign(version_id=deal.version.pk, user=user, side=side, signer="Х", now=CONCLUDED)


def test_signature_over_a_budget_line_that_was_spent_meanwhile_is_refused_whole() -> None:
    deal, other = Deal(volume="5000"), Deal(volume="2000")
    save_funding(
        version_id=other.version.pk, user=other.official, funding={deal.budget.pk: Decimal(360000)}, now=CONCLUDED
    )
    deal.offer()
    other.offer()
    deal.sign()
    other.sign("contractor")
    with pytest.raises(StepRefused):
        other.sign("commissioner")
    other.refresh()
    assert other.contract.state == ContractState.OFFERED
    assert other.version.signatures.count() == 1
    assert Contract.objects.get(pk=deal.contract.pk).state == ContractState.IN_FORCE


def test_offer_taken_back_stays_readable_and_begins_anew() -> None:
    deal = Deal()
    deal.offer()
    deal.sign("contractor")
    with pytest.raises(StepRefused):
        take_back(version_id=deal.version.pk, user=deal.official, reason=" ", now=CONCLUDED)
    first = deal.version
    deal.version = take_back(version_id=first.pk, user=deal.official, reason="Описка в тарифі.", now=CONCLUDED)
    deal.refresh()
    assert deal.contract.state == ContractState.DRAFT
    assert (deal.version.number, deal.version.state) == (2, ContractVersionState.DRAFT)
    assert deal.version.sections == WORDS
    assert deal.version.lines.get().sum == Decimal("324000.00")
    first.refresh_from_db()
    assert first.state == ContractVersionState.WITHDRAWN
    with pytest.raises(StepRefused, match="does not wait"):
        sign(version_id=first.pk, user=deal.official, side="commissioner", signer="Х", now=CONCLUDED)
    number = deal.contract.number
    deal.conclude()
    assert (deal.contract.number, deal.contract.version) == (number, 2)
    step = ContractStep.objects.get(contract=deal.contract, thing="contract", step="take_back")
    assert step.comment == "Описка в тарифі."


def test_winner_who_lost_the_award_signs_nothing() -> None:
    award, round_ = accepted()
    now, official = after(round_, 5), round_.competition.created_by
    made = make_from_award(award_id=award.pk, user=official, key=uuid4(), now=now)
    deal = Deal.__new__(Deal)
    deal.organisation, deal.person, deal.official = made.contractor, award.proposal.created_by, official
    deal.contract, deal.version = made, made.versions.get()
    deal.budget = make_budget_line(made.hromada)
    deal.fill("100")
    remove_line(version_id=deal.version.pk, user=official, number=1, now=now)
    deal.offer(now)
    award.state = "lapsed"
    award.save()
    with pytest.raises(StepRefused, match="does not stand"):
        deal.sign("contractor", now=now)
