"""One competition from its announcement to the last payment, and what tests read of its releases."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from portal.site.opendata.ocds.history import histories
from portal.site.opendata.ocds.merging import compiled
from portal.site.opendata.ocds.values import ocid_of
from procurement.contract_enums import ActKind, ContractVersionState, PaymentKind
from procurement.models import AwardDecision, Competition, Contract, ContractVersion, Question
from tests.factories.accounts import make_person
from tests.factories.contracts import CONCLUDED, NOW, make_act, make_contract, make_report, make_typed_ground, pay
from tests.factories.contracts import make_version as make_contract_version
from tests.results_pages.decided import make_decided

TODAY = date(2027, 7, 15)
DAY = timedelta(days=1)


def history_of(number: str | None) -> list[dict[str, Any]]:
    return next(histories([ocid_of(str(number))]), [])


def compiled_of(number: str | None) -> dict[str, Any]:
    return compiled(history_of(number))


def ask(competition: Competition, number: int = 1, *, answered: bool = True) -> Question:
    """Return a question of the day after the announcement, answered a day later."""
    at = competition.published_at + number * DAY
    told = {"state": "answered", "answer": "Ні, лише на лот у цілому.", "answered_at": at + DAY} if answered else {}
    return Question.objects.create(
        competition=competition,
        number=number,
        text="Чи можна подати пропозицію на частину лота?",
        asked_by=make_person(),
        asked_at=at,
        asking_key=uuid4(),
        **told,
    )


def change(competition: Competition) -> None:
    """Write a second version, which says another place of the opening."""
    first = competition.versions.get()
    competition.versions.create(
        number=2,
        kind="change",
        at=first.at + 3 * DAY,
        ground=make_typed_ground("change"),
        reason="Зал зайнято.",
        content={**first.content, "opening_place": "Мала зала"},
        frozen=first.frozen,
        digest="x" * 64,
    )


def contract_for(competition: Competition, **values: Any) -> Contract:
    """Return the contract of the winner."""
    award = competition.decisions.get().awards.get()
    award.state, award.answered_at = "accepted", award.decision.at + DAY
    award.save()
    winner = award.proposal.organisation, award.proposal.created_by
    return make_contract(
        provider=winner,
        hromada=competition.hromada,
        channel="social_order",
        award=award,
        competition=competition,
        ground_text="",
        identifier="",
        created_by=competition.created_by,
        **values,
    )


def give_anew(competition: Competition, at: datetime) -> None:
    """Write a decision in place of the first one, which gives the same lot to the same winner."""
    first = competition.decisions.get()
    award = first.awards.get()
    told = {"state": award.state, "answered_at": award.answered_at, "amount": award.amount, "place": award.place}
    award.state = "superseded"
    award.save()
    later = AwardDecision.objects.create(
        **{name: getattr(first, name) for name in ("competition", "round", "minutes", "outcome", "act_on", "by")},
        number=2,
        act_number="99-р",
        content={},
        digest="x" * 64,
        at=at,
        supersedes=first,
        ground=make_typed_ground("superseding"),
        reason="Другий лот передано іншому.",
    )
    later.awards.create(lot=award.lot, proposal=award.proposal, **told)


def amend(contract: Contract) -> ContractVersion:
    """Write a signed second version with a greater volume, paid from the same line."""
    version = make_contract_version(contract, number=2, lines=({"volume": Decimal(2000)},))
    line = contract.funding.get().line_id
    ContractVersion.objects.filter(pk=version.pk).update(
        state=ContractVersionState.SIGNED,
        digest="x",
        offered_at=NOW,
        signed_at=CONCLUDED + 90 * DAY,
        ground=make_typed_ground("amendment"),
        reason="Людей стало більше.",
        funding=[{"line": line, "amount": str(version.sum)}],
    )
    Contract.objects.filter(pk=contract.pk).update(sum=version.sum, version=2)
    contract.funding.update(amount=version.sum, committed=version.sum)
    contract.refresh_from_db()
    return version


def deliver(contract: Contract) -> None:
    """Two months: the first with a deduction, paid in two parts of which some came back; the second corrected."""
    first = make_act(contract, report=make_report(contract, 1), deducted="900.00")
    pay(first, "20000.00")
    pay(first, "11500.00")
    pay(first, "1500.55", kind=PaymentKind.REFUND)
    second = make_act(contract, report=make_report(contract, 2), units="100")
    contract.refresh_from_db()
    make_act(contract, units="-10", kind=ActKind.CORRECTION, corrects=second)
    pay(second)
    contract.refresh_from_db()


def whole_story() -> Contract:
    """Return the contract of a competition asked about, changed, opened, decided, concluded, amended and paid."""
    competition = make_decided()
    ask(competition)
    change(competition)
    contract = contract_for(competition)
    deliver(contract)
    amend(contract)
    return contract
