"""One concluded contract as everybody reads it: where it stands, how it came about, its money, reports and findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from portal.kernel.calendar import day_of
from procurement.contract_enums import ContractState, FindingState
from procurement.domain.delivery.sums import Figures, figures_of
from procurement.interfaces.contract_parts import (
    NOTHING,
    LineOfContract,
    ShownAct,
    ShownFinding,
    ShownMilestone,
    ShownNotice,
    ShownReport,
    ShownVersion,
)
from procurement.interfaces.contract_picture import Picture
from procurement.interfaces.contract_table import TONES
from procurement.interfaces.moments import in_words
from procurement.interfaces.quality_list import QualityLine
from procurement.interfaces.risk_cards import RiskLine, risk_lines
from procurement.models import (
    AcceptanceAct,
    Contract,
    ContractVersion,
    Visit,
)
from procurement.queries.contracts import public
from procurement.queries.contracts.unpaid import balance
from registry.templatetags.register import money


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the contract, with the entry of the decision log that has it."""

    at: datetime
    words: str
    log_seq: int | None


class ContractPage:
    """What the page says; every part is read once, however many rows it has."""

    def __init__(self, contract: Contract, now: datetime) -> None:
        self.contract = contract
        self.now = now
        self.today = day_of(now)

    # --- where it stands ---------------------------------------------------------------------------------------------

    @property
    def tone(self) -> str:
        return TONES.get(ContractState(self.contract.state), "")

    @property
    def provider(self) -> str:
        return public.contractor_name(self.contract)

    @cached_property
    def provider_card(self) -> str:
        """Return the address of the provider's card in the register, where it has one."""
        number = public.entry_of(self.contract)
        return reverse("registry:entry", args=[number]) if number else ""

    @property
    def place(self) -> str:
        hromada = self.contract.hromada
        return ", ".join(dict.fromkeys(unit.label for unit in (hromada, hromada.oblast) if unit))

    @property
    def standing(self) -> str:
        """Say in a sentence where the contract stands today."""
        one, words = self.contract, self._figures_in_words
        if one.state == ContractState.CLOSED:
            return _("Fulfilled and closed on %(on)s: %(paid)s of %(sum)s paid.") % words
        if one.state == ContractState.TERMINATED:
            return _("Terminated early on %(on)s: %(paid)s of %(sum)s had been paid.") % words
        if one.state == ContractState.SUSPENDED:
            return _("Suspended since %(since)s. Acts for %(accepted)s are accepted, %(paid)s of it is paid.") % words
        return _("In force. Of %(sum)s acts for %(accepted)s are accepted, %(paid)s is paid.") % words

    @property
    def _figures_in_words(self) -> dict[str, str]:
        one = self.contract
        paid = one.paid if one.end_paid is None else one.end_paid
        return {
            "on": in_words(one.ended_on),
            "since": in_words(day_of(one.suspended_at)) if one.suspended_at else "",
            "sum": money(one.sum),
            "accepted": money(self.figures.accepted),
            "paid": money(paid),
        }

    @property
    def paid_since_end(self) -> Decimal:
        """What was paid, for work done before, after the contract had ended."""
        return NOTHING if self.contract.end_paid is None else self.contract.paid - self.contract.end_paid

    @property
    def term(self) -> str:
        words = {"first": in_words(self.contract.service_from), "last": in_words(self.contract.service_to)}
        return _("from %(first)s to %(last)s") % words if all(words.values()) else ""

    # --- what was agreed ---------------------------------------------------------------------------------------------

    @cached_property
    def _versions(self) -> list[ContractVersion]:
        return public.versions_of(self.contract)

    @cached_property
    def versions(self) -> list[ShownVersion]:
        """Return the versions, the one in force first."""
        befores = [None, *self._versions[:-1]]
        shown = [
            ShownVersion(version, before, version.number == self.contract.version)
            for version, before in zip(self._versions, befores, strict=True)
        ]
        return shown[::-1]

    @property
    def in_force(self) -> ContractVersion | None:
        """The version that binds, or bound to the end."""
        return next((one for one in self._versions if one.number == self.contract.version), None)

    @cached_property
    def titles(self) -> dict[int, str]:
        """Name each service by its number; one that an amendment took out keeps its name."""
        return {line.number: line.title for version in self._versions for line in version.lines.all()}

    @cached_property
    def figures(self) -> Figures:
        """All that is added up of the contract; `pending` in it is not public and nobody shows it here."""
        return figures_of(self.contract)

    @property
    def lines(self) -> list[LineOfContract]:
        return [LineOfContract(one) for one in self.figures.lines]

    @property
    def undivided(self) -> Decimal:
        """What was deducted from acts as a whole, of no service in particular."""
        return self.figures.deducted - sum((one.deducted for one in self.figures.lines), NOTHING)

    @cached_property
    def milestones(self) -> list[ShownMilestone]:
        return [ShownMilestone(one, self.today) for one in self.figures.milestones]

    # --- what was done and paid --------------------------------------------------------------------------------------

    @cached_property
    def reports(self) -> list[ShownReport]:
        return [ShownReport(one, self.titles) for one in public.reports_of(self.contract)]

    @cached_property
    def _acts(self) -> list[AcceptanceAct]:
        return public.acts_of(self.contract)

    @cached_property
    def acts(self) -> list[ShownAct]:
        lowered: dict[int, Decimal] = {}
        for one in self._acts:
            if one.corrects_id:
                lowered[one.corrects_id] = lowered.get(one.corrects_id, NOTHING) + min(balance(one), NOTHING)
        return [ShownAct(one, self.titles, self.today, lowered.get(one.pk, NOTHING)) for one in self._acts]

    @property
    def overdue_acts(self) -> list[ShownAct]:
        return [one for one in self.acts if one.is_overdue]

    @property
    def claimed(self) -> Decimal:
        """What accepted acts had claimed before deductions, corrections among them: the foot of their table."""
        return self.figures.claimed + self.figures.corrected

    @cached_property
    def picture(self) -> Picture:
        return Picture(self.contract, self._versions, self._acts, self.today)

    # --- how it is watched -------------------------------------------------------------------------------------------

    @cached_property
    def visits(self) -> list[Visit]:
        return public.visits_of(self.contract)

    @cached_property
    def findings(self) -> list[ShownFinding]:
        return [ShownFinding(one, self.today) for one in public.findings_of(self.contract)]

    @property
    def unsolved(self) -> int:
        return sum(one.finding.state in FindingState.unsolved for one in self.findings)

    @cached_property
    def notices(self) -> list[ShownNotice]:
        return [ShownNotice(one) for one in public.notices_of(self.contract)]

    @cached_property
    def risks(self) -> list[RiskLine]:
        return risk_lines(public.risks_of(self.contract))

    @cached_property
    def evaluations(self) -> list[QualityLine]:
        return [QualityLine(one) for one in public.evaluations_of(self.contract)]

    # --- its history -------------------------------------------------------------------------------------------------

    @cached_property
    def history(self) -> list[Event]:
        """Return what happened, the latest first; each leads to its entry of the decision log."""
        told = [*self._own_steps(), *self._accepted(), *self._watched()]
        return sorted(told, key=lambda one: one.at, reverse=True)

    def _own_steps(self) -> list[Event]:
        said = {
            "conclude": _("Signed by both: the contract is concluded"),
            "amend": _("Amendment signed by both"),
            "suspend": _("Suspended"),
            "resume": _("Resumed"),
            "close": _("Fulfilled and closed"),
            "terminate": _("Terminated early"),
        }
        entries = public.entries_of_steps(self.contract)
        return [Event(at, said[step], seq) for step, at, seq in entries if step in said]

    def _accepted(self) -> list[Event]:
        reports = [
            Event(one.decided_at, _("Report %(number)s accepted") % {"number": one.number}, one.log_seq)
            for one in (shown.report for shown in self.reports)
            if one.decided_at
        ]
        acts = [
            Event(
                one.accepted_at,
                _("Act %(number)s accepted, %(sum)s") % {"number": one.number, "sum": money(one.accepted)},
                one.log_seq,
            )
            for one in self._acts
            if one.accepted_at
        ]
        payments = [
            Event(
                one.payment.entered_at,
                f"{one.payment.get_kind_display()}, {money(one.payment.amount)}",
                one.payment.log_seq,
            )
            for act in self.acts
            for one in act.payments
        ]
        return [*reports, *acts, *payments]

    def _watched(self) -> list[Event]:
        visits = [
            Event(one.concluded_at, _("Visit %(number)s concluded") % {"number": one.number}, one.log_seq)
            for one in self.visits
            if one.concluded_at
        ]
        results = [
            Event(
                one.at,
                _("Finding %(number)s: %(result)s")
                % {"number": shown.finding.number, "result": one.get_outcome_display()},
                one.log_seq,
            )
            for shown in self.findings
            for one in shown.finding.results.all()
        ]
        notices = [
            Event(one.notice.sent_at, str(one.notice.get_kind_display()).capitalize(), one.notice.log_seq)
            for one in self.notices
        ]
        return [*visits, *results, *notices]
