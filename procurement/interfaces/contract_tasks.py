"""One contract as a list of what is to be done: parts of a draft, signatures, delivery, monitoring, ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from procurement.contract_enums import (
    ActState,
    ContractState,
    ContractVersionKind,
    ContractVersionState,
    FindingState,
    MilestoneState,
    ReportState,
    Side,
    VisitState,
)
from procurement.domain.calls.gaps import Gap
from procurement.domain.contracts.offering import gaps_before_offer
from procurement.models import Contract, ContractVersion

# part of a draft → its page, what it is called, what it is about
PARTS: Final = {
    "why": ("amend", _("Why it is amended"), _("Ground, act and point, reason.")),
    "terms": ("draft", _("Terms"), _("Title, days, reports, terms of reports and payments.")),
    "lines": ("lines", _("Services"), _("Content, volume, tariff and sum of each; recipients, quality, standard.")),
    "funding": ("funding", _("Funding"), _("Which budget lines pay, and how much.")),
    "text": ("text", _("Text of the contract"), _("The words of the contract, from a template.")),
}
# where a gap of the closing is mended
_PAGES: Final = {**{code: part[0] for code, part in PARTS.items()}, "state": "contract"}
_OF_CONTRACT: Final = {
    "contract",
    "draft",
    "lines",
    "funding",
    "text",
    "amend",
    "reports",
    "acts",
    "payments",
    "milestones",
    "visits",
    "findings",
    "notices",
}


@dataclass(frozen=True, slots=True)
class GapLine:
    """Something missing, with the address of the page where it is mended."""

    text: str | Promise
    url: str


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the list; `colour` and `state` say how it stands."""

    code: str
    label: Any
    hint: Any
    url: str
    state: Any = ""
    colour: str = ""
    gaps: tuple[Gap, ...] = field(default_factory=tuple)


def page_url(name: str, contract: Contract) -> str:
    """Return the address of a page about the whole contract."""
    return reverse(f"contracting:{name}", args=[contract.pk])


def gap_lines(contract: Contract, gaps: Iterable[Gap]) -> list[GapLine]:
    """Return gaps with their pages; an unnamed page is the contract's own."""
    names = [(gap, _PAGES.get(gap.task, gap.task)) for gap in gaps]
    return [GapLine(gap.text, page_url(name if name in _OF_CONTRACT else "contract", contract)) for gap, name in names]


def draft_tasks(contract: Contract, version: ContractVersion) -> list[Task]:
    """Return the parts of a version in preparation, each with what it still lacks."""
    gaps: dict[str, list[Gap]] = {code: [] for code in PARTS}
    for gap in gaps_before_offer(contract, version):
        gaps[gap.task].append(gap)
    is_first = version.kind == ContractVersionKind.FIRST
    tasks = [
        Task(code, label, hint, page_url(name, contract), *_done(gaps[code]), tuple(gaps[code]))
        for code, (name, label, hint) in PARTS.items()
        if not (is_first and code == "why")
    ]
    ready = not any(gaps.values())
    words = pgettext_lazy("task", "ready") if ready else pgettext_lazy("task", "not yet")
    look = _("The whole text as both sides will sign it.")
    url = page_url("offer", contract)
    return [*tasks, Task("offer", _("Check and offer"), look, url, words, "blue" if ready else "")]


def _done(gaps: Sequence[Gap]) -> tuple[Any, str]:
    return (pgettext_lazy("task", "to be done"), "") if gaps else (pgettext_lazy("task", "done"), "ok")


def signature_tasks(version: ContractVersion, side: Side, url: str) -> list[Task]:
    """Return the signatures of an offered version: one's own to be given, the other's to be waited for."""
    signed = {one.side: one for one in version.signatures.all()}
    tasks = []
    for each in (Side.CONTRACTOR, Side.COMMISSIONER):
        is_own = each == side
        label = _("Signature of the provider") if each == Side.CONTRACTOR else _("Signature of the commissioner")
        state, colour = (_("signed"), "ok") if each in signed else (_("awaited"), "warn")
        hint = signed[each].signer if each in signed else ""
        tasks.append(Task(f"sign-{each}", label, hint, url if is_own and each not in signed else "", state, colour))
    return tasks


def running_tasks(contract: Contract) -> list[Task]:
    """Return the pages of delivery, money and monitoring with what waits on each."""
    filed = contract.reports.filter(state=ReportState.FILED).count()
    claimed = contract.acts.filter(state=ActState.CLAIMED).count()
    planned = contract.milestones.filter(state=MilestoneState.PLANNED).count()
    visits = contract.visits.filter(state__in=(VisitState.PLANNED, VisitState.HELD)).count()
    findings = contract.findings.filter(state__in=FindingState.unsolved).count()
    unpaid = contract.accepted - contract.paid
    told = [
        ("reports", _("Reports"), _("Filed by the provider; accepted or returned here."), filed),
        ("acts", _("Acts"), _("What is claimed; accepted, with deductions where they are due."), claimed),
        ("payments", _("Payments"), _("What was paid, what is due."), 1 if unpaid > 0 else 0),
        ("milestones", _("Milestones"), _("What is to be reached and when."), planned),
        ("visits", _("Visits"), _("Planned, held, concluded."), visits),
        ("findings", _("Findings"), _("What visits found, until it is eliminated."), findings),
        ("notices", _("Notices"), _("Warnings, and the notice before a termination."), 0),
    ]
    return [
        Task(code, label, hint, page_url(code, contract), waiting_words(count), "warn" if count else "")
        for code, label, hint, count in told
    ]


def waiting_words(count: int) -> str:
    """Say how much waits; nothing where nothing does."""
    return ngettext("%(count)d waits", "%(count)d wait", count) % {"count": count} if count else ""


def step_links(contract: Contract, version: ContractVersion | None) -> list[tuple[str, Any]]:
    """Return the further steps that are lawful now: the name of the page and what is done there."""
    if contract.state in ContractState.unsigned:
        return [("fail", _("The contract will not be concluded"))]
    if contract.state not in ContractState.running:
        return []
    words = _("Amendment in work") if version else _("Amend")
    is_suspended = contract.state == ContractState.SUSPENDED
    pause = ("resume", _("Resume")) if is_suspended else ("suspend", _("Suspend"))
    return [("amend", words), pause, ("close", _("Close")), ("terminate", _("Terminate early"))]


def versions_of(contract: Contract) -> list[ContractVersion]:
    """Return every version, the newest first, with what is read of each beside its papers."""
    rows = list(contract.versions.select_related("ground").order_by("-number"))
    for row in rows:
        row.contract = contract
    return rows


def in_force(version: ContractVersion) -> bool:
    """Say whether this version binds the parties now."""
    return version.state == ContractVersionState.SIGNED and version.number == version.contract.version
