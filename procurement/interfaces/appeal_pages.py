"""Appeals and awards as their pages show them: to the bidder's own people, to the officials of the hromada."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.forms import Form
from django.http import Http404, HttpRequest

from procurement import rules
from procurement.domain.evaluation.decided import decision_in_force
from procurement.enums import AppealState, AwardState, CompetitionState
from procurement.models import Appeal, Award, Competition, Proposal
from registry.interfaces.application_reading import read_number

if TYPE_CHECKING:
    from portal.accounts.models import User

APPEAL_TONES: Final = {
    AppealState.FILED: "warn",
    AppealState.CONSIDERED: "warn",
    AppealState.UPHELD: "ok",
    AppealState.DISMISSED: "bad",
}
AWARD_TONES: Final = {AwardState.OFFERED: "warn", AwardState.ACCEPTED: "ok", AwardState.REFUSED: "bad"}


@dataclass(frozen=True, slots=True)
class AppealLine:
    """An appeal with the colour of its state and whether it is still open."""

    row: Appeal

    @property
    def tone(self) -> str:
        return APPEAL_TONES.get(AppealState(self.row.state), "")

    @property
    def is_open(self) -> bool:
        return self.row.state in AppealState.open


@dataclass(frozen=True, slots=True)
class AwardLine:
    """An award with what may be done with it now: only those of the decision in force are answered."""

    row: Award
    in_force: bool

    @property
    def tone(self) -> str:
        return AWARD_TONES.get(AwardState(self.row.state), "")

    @property
    def is_offered(self) -> bool:
        return self.in_force and self.row.state == AwardState.OFFERED

    @property
    def may_be_refused(self) -> bool:
        return self.in_force and self.row.state in AwardState.standing


def own_appeals(proposal: Proposal) -> list[AppealLine]:
    """Return what the applicant has filed in the competition, the newest first."""
    rows = Appeal.objects.filter(competition=proposal.competition_id, organisation=proposal.organisation_id)
    return [AppealLine(row) for row in rows.select_related("document", "ground").order_by("-number")]


def appeals_of(competition: Competition) -> list[AppealLine]:
    """Return all appeals of a competition, those that wait first."""
    rows = list(competition.appeals.select_related("organisation", "ground").order_by("number"))
    rows.sort(key=lambda row: row.state not in AppealState.open)
    return [AppealLine(row) for row in rows]


def why_not_judge(user: User, appeal: Appeal) -> bool:
    """Say whether this official runs the competition and yet may not decide the appeal."""
    return bool(rules.can_run_competition(user, appeal.competition)) and not rules.can_decide_appeal(user, appeal)


def own_awards(proposal: Proposal) -> list[AwardLine]:
    """Return what the decisions gave to the proposal, that of the decision in force first."""
    return _lines(proposal.competition, proposal.awards.all())


def awards_of(competition: Competition) -> list[AwardLine]:
    """Return all awards of a competition, those of the decision in force first."""
    return _lines(competition, Award.objects.filter(decision__competition=competition))


def _lines(competition: Competition, rows: Any) -> list[AwardLine]:
    last = decision_in_force(competition) if competition.state == CompetitionState.AWARDED else None
    found: Iterable[Award] = rows.select_related("decision", "lot", "proposal__organisation").order_by(
        "-decision__number", "lot__number", "place"
    )
    return [AwardLine(row, last is not None and row.decision_id == last.pk) for row in found]


def chosen_award(request: HttpRequest, lines: Iterable[AwardLine]) -> Award | None:
    """Return the award that a sent form is about; one that is not among the lines is not found."""
    if request.method != "POST":
        return None
    number = read_number(request.POST.get("award"))
    found = next((line.row for line in lines if line.row.pk == number), None)
    if found is None:
        raise Http404
    return found


def field_ids(row: Award) -> str:
    """Return how the fields of the form of one award are named on a page with several."""
    return f"award-{row.pk}-%s"


def with_forms(
    lines: Iterable[AwardLine], kind: type[Form], chosen: Award | None, wrong: Form | None
) -> list[tuple[AwardLine, Form]]:
    """Return each award with its own form, the one that was not taken as it was sent."""
    kept = chosen.pk if chosen is not None and wrong is not None else None
    return [
        (line, wrong if wrong is not None and line.row.pk == kept else kind(auto_id=field_ids(line.row)))
        for line in lines
    ]
