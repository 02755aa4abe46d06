"""Contracts and what follows them, as rows: what tests begin with, made in milliseconds.

Sums are kept as the use cases keep them: of an accepted act in the contract, of a payment in act, contract, funding and
budget line. What the use cases themselves do, their own tests show.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import uuid4

from portal.accounts.models import Organisation, User
from portal.kernel import audit
from portal.kernel.calendar import day_of
from procurement.contract_enums import (
    ActState,
    ContractState,
    ContractVersionKind,
    ContractVersionState,
    PaymentKind,
    ReportState,
    Side,
)
from procurement.models import (
    AcceptanceAct,
    ActLine,
    BudgetLine,
    BudgetLineChange,
    Contract,
    ContractFunding,
    ContractLine,
    ContractSignature,
    ContractVersion,
    Deduction,
    Payment,
    ProcedureGround,
    ReportRow,
    ServiceReport,
)
from procurement.models.specification import KOPIIKA
from registry.models import Territory
from tests.factories.ordering import make_budget_act, make_commissioner, make_official_who_orders
from tests.factories.procurement import make_bidder
from tests.factories.registry import make_catalogue, make_territories

# a working day in the middle of the year of the contract
NOW = datetime(2027, 7, 14, 9, 0, tzinfo=UTC)
CONCLUDED = datetime(2027, 2, 25, 9, 0, tzinfo=UTC)
FROM, TO = date(2027, 3, 1), date(2027, 12, 31)
VOLUME, TARIFF = Decimal(1800), Decimal("180.00")


def make_typed_ground(use: str) -> ProcedureGround:
    """Return a ground for such a step, made once, without loading the shipped tables."""
    facts = {"use": use, "text_uk": f"Підстава: {use}.", "act": "450", "valid_from": date(2020, 1, 1)}
    return ProcedureGround.objects.get_or_create(slug=f"test-{use}", defaults=facts)[0]


def make_budget_line(hromada: Territory | None = None, *, amount: str = "1000000.00", **fields: Any) -> BudgetLine:
    """Return a line of the budget year 2027, with one change that gives it its sum."""
    act = make_budget_act(hromada, now=CONCLUDED)
    line = BudgetLine.objects.create(
        **{
            "hromada": act.hromada,
            "year": act.year,
            "code": f"081324{BudgetLine.objects.count()}",
            "economic_code": "2240",
            "title": "Забезпечення соціальними послугами осіб похилого віку",
            "amount": Decimal(amount),
            "created_at": CONCLUDED - timedelta(days=30),
            **fields,
        }
    )
    BudgetLineChange.objects.create(line=line, act=act, amount=line.amount, at=line.created_at)
    return line


def make_contract(
    state: str = ContractState.IN_FORCE,
    *,
    provider: tuple[Organisation, User] | None = None,
    hromada: Territory | None = None,
    lines: Sequence[dict[str, Any]] = ({},),
    line: BudgetLine | None = None,
    version: dict[str, Any] | None = None,
    **fields: Any,
) -> Contract:
    """Return a contract of another channel in a state, with its only version; one budget line pays for it.

    `contract.created_by` is its official, the provider's person stands in `contract.contractor.mandates`.
    """
    place = hromada or make_territories().dykanska
    organisation, _person = provider or make_bidder()
    concluded = state in ContractState.public
    official = fields.pop("created_by", None) or make_official_who_orders(place)
    number = None if state == ContractState.DRAFT else f"2027-D{Contract.objects.count() + 1:05d}"
    contract = Contract.objects.create(
        **{
            "hromada": place,
            "commissioner": make_commissioner(place),
            "contractor": organisation,
            "title": "Догляд вдома осіб похилого віку",
            "channel": "procurement",
            "identifier": "UA-2027-02-01-000123-a",
            "ground_text": "Спрощена закупівля",
            "number": number,
            "own_number": "15-С",
            "service_from": FROM,
            "service_to": TO,
            "created_at": CONCLUDED - timedelta(days=10),
            "created_by": official,
            "changed_at": CONCLUDED,
            "services": ["home-care"],
            **fields,
        }
    )
    made = make_version(contract, lines=lines, **(version or {}))
    contract.sum = contract.first_sum = made.sum
    if concluded:
        conclude_rows(contract, made, line or make_budget_line(place))
    elif state == ContractState.OFFERED:
        offer_rows(made)
    contract.state = ContractState.IN_FORCE if concluded else state
    if state == ContractState.NOT_CONCLUDED:
        contract.ended_at, contract.end_reason = CONCLUDED, "Переможець не підписав договір."
    contract.save()
    if state in ContractState.ended:
        end_rows(contract, state)
    elif state == ContractState.SUSPENDED:
        Contract.objects.filter(pk=contract.pk).update(state=state, suspended_at=CONCLUDED + timedelta(days=60))
        contract.refresh_from_db()
    return contract


def make_version(
    contract: Contract, *, number: int = 1, lines: Sequence[dict[str, Any]] = ({},), **fields: Any
) -> ContractVersion:
    """Return a draft version with its lines: home care, 1800 hours by 180 hryvnias, unless other values are named."""
    words = make_catalogue()
    made = ContractVersion.objects.create(
        **{
            "contract": contract,
            "number": number,
            "kind": ContractVersionKind.FIRST if number == 1 else ContractVersionKind.AMENDMENT,
            "title": contract.title,
            "sections": [{"heading": "Предмет договору", "paragraphs": ["Виконавець надає послугу."]}],
            "service_from": contract.service_from,
            "service_to": contract.service_to,
            "report_period": "month",
            "report_days": 5,
            "report_unit": "working_days",
            "payment_days": 10,
            "payment_unit": "working_days",
            "created_at": contract.created_at,
            "saved_at": contract.created_at,
            **fields,
        }
    )
    total = Decimal(0)
    for place, values in enumerate(lines, 1):
        one = ContractLine(
            **{
                "version": made,
                "number": place,
                "title": "Догляд вдома",
                "service_type": words.home_care,
                "group": words.older_people,
                "recipients": 20,
                "volume": VOLUME,
                "unit": "person_hour",
                "tariff": TARIFF,
                "tariff_act": "рішення виконкому від 12.01.2027 № 8",
                **values,
            }
        )
        one.sum = values.get("sum") or one.computed_sum or Decimal(0)
        one.save()
        total += one.sum
    made.sum = total
    made.save(update_fields=["sum"])
    return made


def offer_rows(version: ContractVersion, at: datetime = CONCLUDED - timedelta(days=1)) -> ContractVersion:
    """Freeze a version as an offer does, with a content that is enough for a page."""
    version.state, version.offered_at = ContractVersionState.OFFERED, at
    version.content = {"number": version.number, "title": version.title, "sum": str(version.sum)}
    version.digest = audit.digest_of(version.content)
    version.save()
    return version


def conclude_rows(contract: Contract, version: ContractVersion, line: BudgetLine) -> None:
    """Let both sides sign, and bind the whole sum to the budget line."""
    offer_rows(version)
    signers = {Side.COMMISSIONER: contract.created_by, Side.CONTRACTOR: contract.contractor.mandates.first().person}
    for side, person in signers.items():
        ContractSignature.objects.create(
            version=version, side=side, by=person, signer="Керівник", at=CONCLUDED, digest=version.digest
        )
    version.state, version.signed_at = ContractVersionState.SIGNED, CONCLUDED
    version.funding = [{"line": line.pk, "amount": str(version.sum)}]
    version.save()
    ContractFunding.objects.create(contract=contract, line=line, amount=version.sum, committed=version.sum)
    line.committed += version.sum
    line.save()
    contract.concluded_at, contract.concluded_on = CONCLUDED, day_of(CONCLUDED)
    contract.version = version.number


def end_rows(contract: Contract, state: str) -> None:
    """Close or terminate the contract on the spot."""
    contract.state, contract.ended_at, contract.ended_on = state, NOW, day_of(NOW)
    contract.end_paid, contract.end_reason = contract.paid, "Строк дії закінчився."
    contract.save()


def make_report(
    contract: Contract, number: int = 1, *, state: str = ReportState.ACCEPTED, units: str = "180", **fields: Any
) -> ServiceReport:
    """Return the report of the so-manieth month of the contract, one line, one group of twenty people."""
    month = 2 + number
    first = date(2027, month, 1)
    last = date(2027, month + 1, 1) - timedelta(days=1) if month < 12 else date(2027, 12, 31)
    at = datetime(2027, month, 28, 9, 0, tzinfo=UTC) + timedelta(days=6)
    filed = state not in (ReportState.DUE, ReportState.WAIVED)
    decided = state in (ReportState.RETURNED, ReportState.ACCEPTED)
    report = ServiceReport.objects.create(
        **{
            "contract": contract,
            "number": number,
            "period_from": first,
            "period_to": last,
            "due_on": last + timedelta(days=7),
            "due_words": "5 робочих днів після кінця місяця за договором",
            "state": state,
            "done": "Догляд надано за індивідуальними планами." if filed else "",
            "filed_at": at if filed else None,
            "first_filed_at": at if filed else None,
            "decided_at": at + timedelta(days=2) if decided else None,
            "reason": "Не збігаються години." if state == ReportState.RETURNED else "",
            **fields,
        }
    )
    if filed:
        group = make_catalogue().older_people
        ReportRow.objects.create(report=report, line=1, group=group, recipients=20, units=Decimal(units))
    return report


def make_act(
    contract: Contract,
    *,
    report: ServiceReport | None = None,
    units: str = "180",
    tariff: Decimal = TARIFF,
    deducted: str = "0",
    state: str = ActState.ACCEPTED,
    **fields: Any,
) -> AcceptanceAct:
    """Return an act of one line, units × tariff; an accepted one is added to the contract's sum."""
    amount = (Decimal(units) * tariff).quantize(KOPIIKA, ROUND_HALF_UP)
    less = Decimal(deducted)
    accepted = amount - less if state == ActState.ACCEPTED else Decimal(0)
    at = (report.decided_at if report and report.decided_at else CONCLUDED + timedelta(days=40)) + timedelta(days=1)
    number = contract.acts.count() + 1
    act = AcceptanceAct.objects.create(
        **{
            "contract": contract,
            "number": number,
            "report": report,
            "contract_version": contract.version,
            "period_from": report.period_from if report else FROM,
            "period_to": report.period_to if report else FROM + timedelta(days=30),
            "own_number": str(number),
            "act_on": day_of(at),
            "state": state,
            "claimed": amount,
            "deducted": less,
            "accepted": accepted,
            "created_at": at,
            "claimed_at": None if state == ActState.DRAFT else at,
            "accepted_at": at + timedelta(days=1) if state == ActState.ACCEPTED else None,
            "payment_due_on": day_of(at) + timedelta(days=14) if state == ActState.ACCEPTED else None,
            "key": uuid4(),
            **fields,
        }
    )
    ActLine.objects.create(act=act, line=1, units=Decimal(units), tariff=tariff, amount=amount)
    if less:
        Deduction.objects.create(
            act=act,
            line=1,
            amount=less,
            ground=make_typed_ground("deduction"),
            reason="Години не підтверджено журналом.",
        )
    Contract.objects.filter(pk=contract.pk).update(accepted=contract.accepted + accepted)
    contract.refresh_from_db()
    return act


def pay(act: AcceptanceAct, amount: str = "", *, kind: str = PaymentKind.PAYMENT, **fields: Any) -> Payment:
    """Return a payment of the whole act, or of a sum, from the contract's first budget line."""
    contract = act.contract
    funding = contract.funding.select_related("line")[0]
    value = Decimal(amount) if amount else act.accepted
    signed = value if kind == PaymentKind.PAYMENT else -value
    paid_on = act.payment_due_on or day_of(act.created_at)
    payment = Payment.objects.create(
        **{
            "act": act,
            "funding": funding,
            "kind": kind,
            "amount": value,
            "paid_on": paid_on,
            "order_number": f"{contract.pk}-{act.number}",
            "key": uuid4(),
            "entered_at": datetime(paid_on.year, paid_on.month, paid_on.day, 12, 0, tzinfo=UTC),
            "entered_by": contract.created_by,
            **fields,
        }
    )
    for row in (act, contract, funding, funding.line):
        row.paid += signed
        row.save(update_fields=["paid"])
    return payment
