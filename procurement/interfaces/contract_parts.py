"""The parts of a concluded contract as its page, its JSON and its dossier show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from procurement.contract_enums import (
    ActKind,
    FindingOutcome,
    FindingState,
    MilestoneState,
    PaymentKind,
    Severity,
)
from procurement.domain.delivery.sums import LineFigures, MilestoneFigures
from procurement.models import (
    AcceptanceAct,
    ContractLine,
    ContractNotice,
    ContractVersion,
    Finding,
    FindingReply,
    FindingResult,
    Milestone,
    Payment,
    ServiceReport,
)
from procurement.queries.contracts.people import ServiceLine, public_rows
from procurement.queries.contracts.unpaid import balance
from procurement.queries.orders_needs import Shown, shown
from registry.templatetags.register import money

NOTHING: Final = Decimal(0)
MILESTONE_TONES: Final = {MilestoneState.MET: "ok", MilestoneState.MISSED: "bad", MilestoneState.WAIVED: ""}
OUTCOME_TONES: Final = {
    FindingOutcome.ELIMINATED: "ok",
    FindingOutcome.PARTLY: "warn",
    FindingOutcome.NOT_ELIMINATED: "bad",
    FindingOutcome.NO_MECHANISM: "",
}
SEVERITY_TONES: Final = {Severity.MINOR: "", Severity.MAJOR: "warn", Severity.CRITICAL: "bad"}


@dataclass(frozen=True, slots=True)
class LineOfContract:
    """One service: what was agreed, reported and accepted, corrections and deductions counted in."""

    figures: LineFigures

    @property
    def line(self) -> ContractLine:
        return self.figures.line

    @property
    def recipients(self) -> Shown:
        return shown(self.line.recipients)


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """A version that both signed, with what it changed of the one before."""

    version: ContractVersion
    before: ContractVersion | None
    is_in_force: bool

    @property
    def difference(self) -> Decimal:
        return self.version.sum - self.before.sum if self.before else NOTHING

    @property
    def difference_words(self) -> str:
        """Say by how much the sum moved, with its sign."""
        moved = self.difference
        return f"{'+' if moved > 0 else '−'}{money(abs(moved))}" if moved else ""

    @property
    def moves_term(self) -> bool:
        return self.before is not None and self.before.service_to != self.version.service_to

    @property
    def changes(self) -> list[str]:
        """Say what became of each service whose sum moved."""
        if self.before is None:
            return []
        was = {line.number: line for line in self.before.lines.all()}
        said = []
        for line in self.version.lines.all():
            old = was.pop(line.number, None)
            if old is None:
                said.append(_("%(title)s: added, %(sum)s") % {"title": line.title, "sum": money(line.sum)})
            elif old.sum != line.sum:
                words = {"title": line.title, "was": money(old.sum), "now": money(line.sum)}
                said.append(_("%(title)s: %(was)s before, %(now)s now") % words)
        return [*said, *(_("%(title)s: taken out") % {"title": line.title} for line in was.values())]


@dataclass(frozen=True, slots=True)
class ShownMilestone:
    figures: MilestoneFigures
    today: date

    @property
    def milestone(self) -> Milestone:
        return self.figures.milestone

    @property
    def tone(self) -> str:
        return MILESTONE_TONES.get(MilestoneState(self.milestone.state), "sun")

    @property
    def is_past(self) -> bool:
        """Say whether its day is over and nobody has judged it yet."""
        return self.milestone.state == MilestoneState.PLANNED and self.milestone.due_on < self.today


@dataclass(frozen=True, slots=True)
class ShownReport:
    """An accepted report; numbers of people as they may be read."""

    report: ServiceReport
    titles: dict[int, str]

    @property
    def days_late(self) -> int:
        """For how many days it was filed after its day; by the first filing, whatever was returned later."""
        first, due = self.report.first_filed_at, self.report.due_on
        return max((day_of(first) - due).days, 0) if first and due else 0

    @property
    def lines(self) -> list[ServiceLine]:
        return public_rows(self.report.rows.all())

    @property
    def named(self) -> list[tuple[str, ServiceLine]]:
        return [(self.titles.get(one.line, str(one.line)), one) for one in self.lines]


@dataclass(frozen=True, slots=True)
class ShownAct:
    """An accepted act with its payments."""

    act: AcceptanceAct
    titles: dict[int, str]
    today: date
    # by how much accepted corrections lower it, zero or below
    lowered: Decimal = NOTHING

    @property
    def is_correction(self) -> bool:
        return self.act.kind == ActKind.CORRECTION

    @property
    def to_pay(self) -> Decimal:
        return max(balance(self.act) + self.lowered, NOTHING)

    @property
    def is_overdue(self) -> bool:
        due = self.act.payment_due_on
        return bool(self.to_pay and due and due < self.today)

    @property
    def lines(self) -> list[tuple[str, object]]:
        return [(self.titles.get(one.line, str(one.line)), one) for one in self.act.lines.all()]

    @property
    def payments(self) -> list[ShownPayment]:
        found = list(self.act.payments.all())
        undone = {one.undoes_id for one in found if one.undoes_id}
        return [ShownPayment(one, one.pk in undone) for one in found]


@dataclass(frozen=True, slots=True)
class ShownPayment:
    payment: Payment
    is_undone: bool

    @property
    def is_refund(self) -> bool:
        return self.payment.kind == PaymentKind.REFUND

    @property
    def signed(self) -> Decimal:
        return -self.payment.amount if self.is_refund else self.payment.amount


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding of a concluded visit, its replies and results in the order in which they came."""

    finding: Finding
    today: date

    @property
    def severity_tone(self) -> str:
        return SEVERITY_TONES[Severity(self.finding.severity)]

    @property
    def tone(self) -> str:
        if self.finding.outcome:
            return OUTCOME_TONES[FindingOutcome(self.finding.outcome)]
        return "bad" if self.is_overdue else "sun"

    @property
    def standing(self) -> str:
        """Say how it stands: its result, or for what it waits."""
        return str(self.finding.get_outcome_display() if self.finding.outcome else self.finding.get_state_display())

    @property
    def is_overdue(self) -> bool:
        due = self.finding.due_on
        return self.finding.state in FindingState.unsolved and due is not None and due < self.today

    @property
    def course(self) -> list[tuple[str, FindingReply | FindingResult]]:
        """Return replies and results together, each with what it is."""
        told: list[tuple[str, FindingReply | FindingResult]] = [
            *(("reply", one) for one in self.finding.replies.all()),
            *(("result", one) for one in self.finding.results.all()),
        ]
        return sorted(told, key=lambda pair: pair[1].at)


@dataclass(frozen=True, slots=True)
class ShownNotice:
    notice: ContractNotice

    @property
    def numbers(self) -> list[int]:
        return sorted(one.number for one in self.notice.findings.all())
