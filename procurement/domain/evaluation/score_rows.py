"""What counts of a round as scores.csv has it: whose sheets, which proposals, what sums, what points."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db.models import Prefetch
from django.utils import translation
from django.utils.translation import gettext as _

from procurement import rules
from procurement.domain.evaluation.contents import asked_sums
from procurement.domain.evaluation.scale import points_text
from procurement.domain.evaluation.steps import policy_of, rubric_of
from procurement.domain.proposals.saving import form_and_facts
from procurement.enums import AdmissionState, ClarificationState, ProposalState, SheetState
from procurement.models import Clarification, Competition, EvaluationRound, Lot, Proposal, Score, ScoreSheet

# (number of the lot, number of the proposal)
Place = tuple[int, int]
# by lot, proposal, member's key, criterion; none is not applicable
Points = Mapping[tuple[int, int, int, str], Decimal | None]
_MOMENT: Final = "%Y-%m-%dT%H:%M:%S.%fZ"


def rows_of(round_: EvaluationRound) -> list[dict[str, Any]]:
    """Return the rows of scores.csv in their order; `standing` and `casting` are for others to fill."""
    labels, points = member_labels(round_), points_of(round_)
    asked, codes = asked_of(round_.competition), codes_of(round_.competition)
    rows = []
    for lot, proposal in admitted_of(round_):
        place = (lot.number, proposal.number or 0)
        about = {
            "lot": lot.number,
            "proposal": proposal.number,
            "asked": amount_text(asked.get(place)) or "",
            "submitted_at": _moment(proposal.submitted_at),
            "standing": "",
            "casting": "",
        }
        for member, label in labels.items():
            for code in codes:
                given = points.get((*place, member, code))
                told = "" if given is None else points_text(given)
                rows.append({**about, "member": label, "criterion": code, "points": told})
    return rows


def codes_of(competition: Competition) -> list[str]:
    """Return the codes of the frozen rubric's criteria in their order."""
    return [one["code"] for one in rubric_of(competition).get("criteria", ())]


def member_labels(round_: EvaluationRound) -> dict[int, str]:
    """Return by key those whose sheets count, filed and not recused, as scores.csv calls them; no two alike.

    Where the policy does not name them, their order is that of the digests of their sheets, not the commission's.
    """
    barred = rules.barred_members(round_.competition)
    sheets = round_.sheets.filter(state=SheetState.FILED).exclude(member__in=barred).select_related("member")
    if policy_of(round_.competition)["names_members"]:
        return _unlike(list(sheets.order_by("member__order", "member")))
    with translation.override(settings.LANGUAGE_CODE):
        found = enumerate(sheets.order_by("digest", "pk"), 1)
        return {sheet.member_id: _("Member %(number)d") % {"number": number} for number, sheet in found}


def asked_of(competition: Competition) -> Mapping[Place, Decimal]:
    """Return the sum asked for by (lot, proposal number), read from the opened contents at the policy's `asked_path`.

    An answered clarification counts (`contents.content_of`); what is not known is not there.
    """
    path = policy_of(competition)["asked_path"]
    answered = Clarification.objects.filter(state=ClarificationState.ANSWERED).order_by("pk")
    rows = competition.proposals.filter(state=ProposalState.OPENED).select_related("competition_version")
    rows = rows.prefetch_related(Prefetch("admissions__clarification", queryset=answered))
    forms: dict[int, Any] = {}
    sums: dict[Place, Decimal] = {}
    for proposal in rows.order_by("number"):
        version = proposal.competition_version
        if version.pk not in forms:
            forms[version.pk] = form_and_facts(version)
        form, facts = forms[version.pk]
        found = asked_sums(form, _content(proposal), facts, path)
        sums |= {(int(lot), proposal.number or 0): amount for lot, amount in found.items() if amount is not None}
    return sums


def admitted_of(round_: EvaluationRound) -> list[tuple[Lot, Proposal]]:
    """Return each admitted proposal in each of its lots, by lot and number; contents are not read."""
    admitted = Proposal.objects.filter(admissions__round=round_, admissions__state=AdmissionState.ADMITTED)
    found = [
        (row.lot, proposal)
        for proposal in admitted.defer("content", "draft").prefetch_related("lots__lot")
        for row in proposal.lots.all()
    ]
    return sorted(found, key=lambda pair: (pair[0].number, pair[1].number or 0))


def points_of(round_: EvaluationRound) -> Points:
    """Return all points of the sheets that are filed, whether they count or not."""
    rows = Score.objects.filter(sheet__round=round_, sheet__state=SheetState.FILED)
    told = rows.values_list("lot__number", "proposal__number", "sheet__member", "criterion", "points").order_by("pk")
    return {(lot, number or 0, member, code): points for lot, number, member, code, points in told}


def _content(proposal: Proposal) -> dict[str, Any]:
    """Return the answers as `contents.content_of` does, of rows that came with their clarifications."""
    content = dict((proposal.content or {}).get("content") or {})
    for admission in proposal.admissions.all():
        clarification = getattr(admission, "clarification", None)
        if clarification is not None and clarification.state == ClarificationState.ANSWERED:
            content |= {path: one["after"] for path, one in clarification.answers.items()}
    return {path: value for path, value in content.items() if value is not None}


def _unlike(sheets: Sequence[ScoreSheet]) -> dict[int, str]:
    # the file opens in a spreadsheet: no name may begin as a formula does
    names = {sheet.member_id: " ".join(sheet.member.name.split()).lstrip("=+-@") for sheet in sheets}
    twice = {name for name, count in Counter(names.values()).items() if count > 1}
    seen: defaultdict[str, int] = defaultdict(int)
    for member, name in names.items():
        seen[name] += 1
        names[member] = f"{name} ({seen[name]})" if name in twice else name
    return names


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime(_MOMENT) if at else ""


def amount_text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
