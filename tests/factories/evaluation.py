"""Opened competitions and commissions at work, as rows: what tests of an evaluation begin with, made in milliseconds.

Nothing is sealed here: contents are put where the opening act puts them. Tests of the opening itself use real seals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from portal.accounts.models import Organisation, User
from portal.kernel import audit
from procurement.enums import (
    AdmissionState,
    CommissionState,
    CompetitionState,
    MemberRole,
    ProposalState,
    RoundState,
    SheetState,
)
from procurement.models import (
    Admission,
    Attendance,
    CommissionMember,
    Competition,
    CompetitionCommission,
    EvaluationRound,
    InterestDeclaration,
    Opening,
    Proposal,
    ProposalLot,
    Score,
    ScoreSheet,
    Sitting,
)
from tests.factories.accounts import make_person
from tests.factories.ordering import make_commissioner
from tests.factories.procurement import make_bidder, make_closed

PRESENT = [{"name": "Олена Коваль", "position": "голова комісії"}]
ROLES = (MemberRole.CHAIR, MemberRole.SECRETARY, MemberRole.DEPUTY)
NAMES = ("Гнатюк Марія", "Бондар Петро", "Шевчук Оксана", "Ткач Ігор", "Мороз Лідія", "Кравець Юрій", "Лис Ніна")
# the answers of a whole proposal as they are kept (`tests.factories.proposals.COMPLETE` is how they are typed)
CONTENT = {
    "about/title": "ГО «Турбота поруч»",
    "about/head": "Левченко Ірина, голова",
    "about/contact": "Левченко Ірина",
    "about/phone": "+380501112233",
    "about/email": "office@turbota.example",
    "about/jointly": False,
    "criteria/services": "Догляд вдома",
    "criteria/standards": "Індивідуальний план для кожного отримувача.",
    "criteria/base": "Офіс 40 м², два велосипеди, засоби догляду.",
    "criteria/tax_debt": False,
    "criteria/income": "812500.40",
    "criteria/sources": ["budget", "grants"],
    "experience/years": "6",
    "staff/people/1/position": "Соціальний робітник",
    "staff/people/1/number": "3.5",
    "staff/people/1/qualification": "Курси підвищення кваліфікації",
    "service/content": "Прибирання, приготування їжі, купівля ліків.",
    "service/place": "Диканська громада",
    "service/from": "2027-06-01",
    "service/quality": "Опитування щомісяця, журнал скарг.",
    "statements/true": True,
    "statements/conditions": True,
    "statements/publication": True,
}
_numbers = count(1)


def offer(lots: Sequence[int], tariff: str) -> dict[str, str]:
    """Return the rows of the table of prices: 1800 person-hours in each lot by this tariff."""
    return {
        f"offer/lots/{lot}/{name}": value
        for lot in lots
        for name, value in (("recipients", "20"), ("volume", "1800"), ("tariff", tariff))
    }


def make_opened(*, proposals: int = 3, tariffs: Sequence[str] = (), **values: Any) -> Competition:
    """Return an opened competition (`values` as of `make_published`) with so many proposals for all its lots."""
    competition = make_closed(**values)
    for place in range(proposals):
        tariff = tariffs[place] if place < len(tariffs) else f"{170 + place}.00"
        make_opened_proposal(competition, tariff=tariff)
    at = competition.opening_at or competition.closed_at + timedelta(hours=1)
    Competition.objects.filter(pk=competition.pk).update(state=CompetitionState.OPENED, opened_at=at)
    competition.refresh_from_db()
    Opening.objects.create(
        competition=competition,
        at=at,
        by=competition.created_by,
        present=PRESENT,
        findings={"count": proposals, "opened": proposals, "commitments": [], "missing": [], "faults": []},
    )
    return competition


def make_opened_proposal(
    competition: Competition,
    *,
    bidder: tuple[Organisation, User] | None = None,
    tariff: str = "170.00",
    lots: Sequence[int] = (),
    content: Mapping[str, Any] | None = None,
) -> Proposal:
    """Return an opened proposal of a provider in good standing; its person may sign for it (`proposal.created_by`)."""
    organisation, person = bidder or make_bidder()
    number = competition.proposals.count() + 1
    chosen = [lot for lot in competition.lots.all() if not lots or lot.number in lots]
    numbers = [lot.number for lot in chosen]
    at = competition.published_at + timedelta(days=1, minutes=number)
    told = {**CONTENT, "about/title": organisation.name, **offer(numbers, tariff), **(content or {})}
    if len(competition.lots.all()) > 1:
        told["lots"] = [str(one) for one in numbers]
    body = {
        "content": told,
        "files": {},
        "organisation": {"id": organisation.pk, "name": organisation.name, "code": organisation.code or ""},
        "lots": [str(one) for one in numbers],
        "competition": competition.number,
        "version": competition.version,
        "co_applicants": [],
    }
    proposal = Proposal.objects.create(
        competition=competition,
        organisation=organisation,
        state=ProposalState.OPENED,
        competition_version=competition.versions.get(number=competition.version),
        created_by=person,
        created_at=at,
        saved_at=at,
        number=number,
        submitted_at=at,
        closed_at=competition.closed_at,
        draft=b"",
        content={**body, "salt": "0" * 64, "digest": audit.digest_of(body)},
    )
    ProposalLot.objects.bulk_create(ProposalLot(proposal=proposal, lot=lot) for lot in chosen)
    return proposal


# --- the commission ---------------------------------------------------------------------------------------------------


def make_commission(
    competition: Competition | None = None, *, members: int = 5, state: str = CommissionState.APPOINTED, **fields: Any
) -> CompetitionCommission:
    """Return an appointed commission (chair, secretary, deputy, members), given to the competition if there is one.

    Each member has an account of the same person: `commission.members.all()`, `member.user`.
    """
    commissioner = competition.commissioner if competition else make_commissioner()
    at = (competition.published_at if competition else None) or timezone.now()
    number = next(_numbers)
    commission = CompetitionCommission.objects.create(
        **{
            "commissioner": commissioner,
            "hromada": commissioner.hromada,
            "title": f"Конкурсна комісія {number}",
            "state": state,
            "act_number": f"{40 + number}",
            "act_on": at.date(),
            "act_body": "Диканська селищна рада",
            "appointed_at": at,
            "created_at": at,
            **fields,
        }
    )
    for place in range(members):
        make_member(commission, role=ROLES[place] if place < len(ROLES) else MemberRole.MEMBER)
    if competition is not None:
        Competition.objects.filter(pk=competition.pk).update(commission=commission)
        competition.commission = commission
    return commission


def make_member(
    commission: CompetitionCommission, *, role: str = MemberRole.MEMBER, user: User | None = None, **fields: Any
) -> CommissionMember:
    place = commission.members.count()
    person = user or make_person()
    return CommissionMember.objects.create(
        **{
            "commission": commission,
            "user": person,
            "email": person.email,
            "name": f"{NAMES[place % len(NAMES)]} {next(_numbers)}",
            "position": "головний спеціаліст",
            "body": f"Відділ № {place + 1}",
            "role": role,
            "order": place,
            "since": date(2026, 12, 1),
            **fields,
        }
    )


# --- the round --------------------------------------------------------------------------------------------------------


def make_round(
    competition: Competition | None = None, *, state: str = RoundState.SCORING, members: int = 5, **values: Any
) -> EvaluationRound:
    """Return a round in a state up to the discussion, everybody having declared no interest, a quorate sitting held.

    From `SCORING` on all proposals are admitted and each member has a sheet, empty and unfiled; in `DISCUSSION` all are
    filed (`fill_sheets`). `values` are those of `make_opened`.
    """
    competition = competition or make_opened(**values)
    commission = competition.commission or make_commission(competition, members=members)
    at = competition.opened_at + timedelta(hours=1)
    round_ = EvaluationRound.objects.create(
        competition=competition,
        commission=commission,
        number=competition.rounds.count() + 1,
        state=state,
        began_at=at,
        began_by=competition.created_by,
    )
    if state == RoundState.DECLARATIONS:
        pending(round_)
        return round_
    people = list(commission.members.all())
    for member in people:
        declare_nothing(member, competition, at)
    sit(round_, people, at)
    pending(round_)
    if state != RoundState.ADMISSION:
        round_.admissions.update(state=AdmissionState.ADMITTED, decided_at=at, decided_by=competition.created_by)
        EvaluationRound.objects.filter(pk=round_.pk).update(scoring_since=at)
        for member in people:
            ScoreSheet.objects.create(round=round_, member=member, began_at=at, saved_at=at)
    if state in RoundState.compared:
        fill_sheets(round_)
        EvaluationRound.objects.filter(pk=round_.pk).update(discussed_at=at + timedelta(days=1))
    round_.refresh_from_db()
    return round_


def pending(round_: EvaluationRound) -> None:
    """Make the admissions of the round, nothing decided."""
    for proposal in round_.competition.proposals.filter(state=ProposalState.OPENED):
        Admission.objects.create(round=round_, proposal=proposal)


def declare_nothing(member: CommissionMember, competition: Competition, at: datetime) -> InterestDeclaration:
    return InterestDeclaration.objects.create(
        competition=competition, member=member, has_interest=False, at=at, digest="0" * 64
    )


def sit(round_: EvaluationRound, present: Sequence[CommissionMember], at: datetime) -> Sitting:
    """Record a sitting at which these came, with the quorum that they make of all appointed (more than half)."""
    everybody = list(round_.commission.members.all())
    needed = len(everybody) // 2 + 1
    sitting = Sitting.objects.create(
        round=round_,
        number=round_.sittings.count() + 1,
        at=at,
        place="мала зала",
        agenda="Допуск і оцінювання",
        quorum={
            "appointed": len(everybody),
            "recused": 0,
            "able": len(everybody),
            "present": len(present),
            "needed": needed,
            "words": "понад половину призначених",
            "is_quorate": len(present) >= needed,
        },
        recorded_by=round_.competition.created_by,
        recorded_at=at,
    )
    came = {member.pk for member in present}
    Attendance.objects.bulk_create(
        Attendance(sitting=sitting, member=member, is_present=member.pk in came) for member in everybody
    )
    return sitting


def fill_sheets(round_: EvaluationRound, points: Mapping[tuple[int, int, str], str] | None = None) -> None:
    """Fill in and file every sheet of the round.

    `points` by (proposal's number, member's order, criterion); the rest gets 3, and the first proposal a 4.
    """
    frozen = round_.competition.versions.order_by("number").first().frozen
    criteria = [one["code"] for one in frozen["rubric"]["definition"]["criteria"]]
    at = round_.competition.opened_at + timedelta(days=1)
    told = dict(points or {})
    scores = []
    for sheet in round_.sheets.select_related("member"):
        for admission in round_.admissions.filter(state=AdmissionState.ADMITTED).select_related("proposal"):
            proposal = admission.proposal
            for row in proposal.lots.all():
                for criterion in criteria:
                    default = "4" if proposal.number == 1 else "3"
                    value = told.get((proposal.number, sheet.member.order, criterion), default)
                    scores.append(
                        Score(
                            sheet=sheet,
                            lot_id=row.lot_id,
                            proposal=proposal,
                            criterion=criterion,
                            points=Decimal(value),
                            is_given=True,
                            reason="Підтверджено документами.",
                        )
                    )
        sheet.state, sheet.filed_at, sheet.digest = SheetState.FILED, at, f"{sheet.pk:064d}"
        sheet.save()
    Score.objects.bulk_create(scores)
