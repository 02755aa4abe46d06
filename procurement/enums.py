"""States and choices of the social order, all of them data-safe English values with translated labels."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class AssessmentState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("assessment", "in preparation")
    PUBLISHED = "published", pgettext_lazy("assessment", "published")


class CountedOver(models.TextChoices):
    """What a number of the annex to order 130-Н counts."""

    ON_DAY = "on_day", _("as of 1 January")
    OVER_YEAR = "over_year", _("over the year before")


class BudgetActKind(models.TextChoices):
    ADOPTED = "adopted", pgettext_lazy("budget", "adopted")
    AMENDED = "amended", pgettext_lazy("budget", "amended")


class DecisionState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("order decision", "in preparation")
    TAKEN = "taken", pgettext_lazy("order decision", "taken")


class OrderOutcome(models.TextChoices):
    ORDER = "order", _("to order services")
    NOT_ORDER = "not_order", _("not to order services")


class Channel(models.TextChoices):
    """By what way a hromada has a service given."""

    SOCIAL_ORDER = "social_order", _("social order")
    PROJECT_COMPETITION = "project_competition", _("competition of social projects")
    PROCUREMENT = "procurement", _("public procurement")
    PARTNERSHIP = "partnership", _("public-private partnership")
    OWN_PROVIDER = "own_provider", _("own communal provider")


class CompetitionState(models.TextChoices):
    """What is written down; what a competition is at this moment, `domain.calls.phases` says by the clock."""

    DRAFT = "draft", pgettext_lazy("competition", "in preparation")
    PUBLISHED = "published", pgettext_lazy("competition", "announced")
    CLOSED = "closed", pgettext_lazy("competition", "closed, not opened yet")
    OPENED = "opened", pgettext_lazy("competition", "proposals opened")
    AWARDED = "awarded", pgettext_lazy("competition", "winner decided")
    UNAWARDED = "unawarded", pgettext_lazy("competition", "decided without a winner")
    CANCELLED = "cancelled", pgettext_lazy("competition", "cancelled")
    VOID = "void", pgettext_lazy("competition", "not held")

    public = nonmember(("published", "closed", "opened", "awarded", "unawarded", "cancelled", "void"))
    ended = nonmember(("cancelled", "void"))
    decided = nonmember(("awarded", "unawarded"))
    # what the proposals say lies in the clear
    readable = nonmember(("opened", "awarded", "unawarded"))


class Phase(models.TextChoices):
    """Where a competition stands at a moment, as people are told."""

    DRAFT = "draft", pgettext_lazy("phase", "in preparation")
    ANNOUNCED = "announced", pgettext_lazy("phase", "announced, proposals not accepted yet")
    ACCEPTING = "accepting", pgettext_lazy("phase", "proposals are accepted")
    HELD = "held", pgettext_lazy("phase", "proposals are accepted: a question waits for its answer")
    CLOSED = "closed", pgettext_lazy("phase", "closed, waits for opening")
    OPENED = "opened", pgettext_lazy("phase", "opened, being evaluated")
    AWARDED = "awarded", pgettext_lazy("phase", "winner decided")
    UNAWARDED = "unawarded", pgettext_lazy("phase", "decided without a winner")
    CANCELLED = "cancelled", pgettext_lazy("phase", "cancelled")
    VOID = "void", pgettext_lazy("phase", "not held")

    accepting = nonmember(("accepting", "held"))
    decided = nonmember(("awarded", "unawarded"))


class Moment(models.TextChoices):
    """The points of a competition's timetable, in their order; the value is the name of the competition's field."""

    ORDER_DECIDED_ON = "order_decided_on", _("decision on the social order")
    PUBLISHED_AT = "published_at", _("announcement")
    OPENS_AT = "opens_at", _("proposals are accepted from")
    QUESTIONS_UNTIL = "questions_until", _("end of questions")
    CLOSES_AT = "closes_at", _("end of accepting proposals")
    HOLD_UNTIL = "hold_until", _("latest end, if a question has no answer")
    OPENING_AT = "opening_at", _("opening of proposals")
    EVALUATED_ON = "evaluated_on", _("evaluation and minutes")
    AWARD_ON = "award_on", _("decision on the winner")
    RESULTS_ON = "results_on", _("publication of results")
    CONTRACT_ON = "contract_on", _("conclusion of the contract")
    SERVICE_FROM = "service_from", _("beginning of the service")
    SERVICE_TO = "service_to", _("end of the service")

    # those that are moments; the others are days
    moments = nonmember(("published_at", "opens_at", "questions_until", "closes_at", "hold_until", "opening_at"))


class Bound(models.TextChoices):
    """How a rule binds the later of its two points."""

    NOT_BEFORE = "not_before", _("not before")
    NOT_AFTER = "not_after", _("not later than")


class VersionKind(models.TextChoices):
    """Why a competition has one more version."""

    PUBLICATION = "publication", pgettext_lazy("version", "announcement")
    CHANGE = "change", pgettext_lazy("version", "change of the announcement")
    EXTENSION = "extension", pgettext_lazy("version", "extension")


class QuestionState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("question", "waits for an answer")
    ANSWERED = "answered", pgettext_lazy("question", "answered")
    DECLINED = "declined", pgettext_lazy("question", "not about this competition")


class ProposalState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("proposal", "draft")
    SUBMITTED = "submitted", pgettext_lazy("proposal", "submitted")
    UNCONFIRMED = "unconfirmed", pgettext_lazy("proposal", "to be confirmed again")
    WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "withdrawn")
    LAPSED = "lapsed", pgettext_lazy("proposal", "not submitted in time")
    OPENED = "opened", pgettext_lazy("proposal", "opened")

    editable = nonmember(("draft", "submitted", "unconfirmed", "withdrawn"))
    ended = nonmember(("lapsed", "opened"))


class CoApplicantState(models.TextChoices):
    INVITED = "invited", pgettext_lazy("co-applicant", "invited")
    ACCEPTED = "accepted", pgettext_lazy("co-applicant", "agreed")
    DECLINED = "declined", pgettext_lazy("co-applicant", "declined")


class GroundUse(models.TextChoices):
    """For what step a ground is given."""

    CHANGE = "change", _("change of the announcement")
    EXTENSION = "extension", _("extension")
    CANCELLATION = "cancellation", _("cancellation")
    VOID = "void", _("competition not held")
    NOT_ORDER = "not_order", _("decision not to order")
    REJECTION = "rejection", _("proposal not admitted")
    NO_AWARD = "no_award", _("decision without a winner")
    SUPERSEDING = "superseding", _("decision in place of an earlier one")
    LEAVING = "leaving", _("appeal left without consideration")
    FAILURE = "failure", _("contract not concluded")
    AMENDMENT = "amendment", _("amendment of a contract")
    SUSPENSION = "suspension", _("suspension of a contract")
    TERMINATION = "termination", _("early end of a contract")
    DEDUCTION = "deduction", _("deduction from a claim")
    VIOLATION = "violation", _("type of violation")
    NOTICE = "notice", _("notice to a provider")


class AlertState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("alert", "waits for confirmation")
    ACTIVE = "active", pgettext_lazy("alert", "active")
    STOPPED = "stopped", pgettext_lazy("alert", "stopped")


# --- the commission and its work -------------------------------------------------------------------------------------


class CommissionState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("commission", "in preparation")
    APPOINTED = "appointed", pgettext_lazy("commission", "appointed")
    DISSOLVED = "dissolved", pgettext_lazy("commission", "dissolved")


class MemberRole(models.TextChoices):
    CHAIR = "chair", pgettext_lazy("commission", "chair")
    DEPUTY = "deputy", pgettext_lazy("commission", "deputy chair")
    SECRETARY = "secretary", pgettext_lazy("commission", "secretary")
    MEMBER = "member", pgettext_lazy("commission", "member")

    presiding = nonmember(("chair", "deputy"))


class InterestKind(models.TextChoices):
    """How a person is tied to an organisation."""

    EMPLOYER = "employer", pgettext_lazy("interest", "works or worked there")
    FOUNDER = "founder", pgettext_lazy("interest", "founder or member")
    GOVERNANCE = "governance", pgettext_lazy("interest", "sits in its governing or supervisory body")
    CONTRACT = "contract", pgettext_lazy("interest", "has or had a contract with it")
    RELATIVE = "relative", pgettext_lazy("interest", "a close person works there or owns it")
    OTHER = "other", pgettext_lazy("interest", "another tie")


class RecusalState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("recusal", "proposed")
    CONFIRMED = "confirmed", pgettext_lazy("recusal", "recused")
    DISMISSED = "dismissed", pgettext_lazy("recusal", "not confirmed")

    # while one of these stands, the member gets nothing of the competition's proposals
    barring = nonmember(("proposed", "confirmed"))


class RecusalSource(models.TextChoices):
    DECLARED = "declared", pgettext_lazy("recusal", "declared by the member")
    MATCH = "match", pgettext_lazy("recusal", "found by the portal")
    RAISED = "raised", pgettext_lazy("recusal", "raised by somebody else")


class RoundState(models.TextChoices):
    """How far the commission's work in a competition has come."""

    DECLARATIONS = "declarations", pgettext_lazy("round", "declarations of interest")
    ADMISSION = "admission", pgettext_lazy("round", "admission of proposals")
    SCORING = "scoring", pgettext_lazy("round", "scoring")
    DISCUSSION = "discussion", pgettext_lazy("round", "discussion of scores")
    MINUTED = "minuted", pgettext_lazy("round", "minutes signed")
    DECIDED = "decided", pgettext_lazy("round", "decision taken")
    ANNULLED = "annulled", pgettext_lazy("round", "annulled, evaluated anew")
    # with a cancelled competition, or by an appeal that was upheld before a decision
    ENDED = "ended", pgettext_lazy("round", "ended without a decision")

    running = nonmember(("declarations", "admission", "scoring", "discussion", "minuted"))
    # from here on members see one another's scores
    compared = nonmember(("discussion", "minuted", "decided", "annulled"))
    # after which another round may begin
    undone = nonmember(("annulled", "ended"))


class AdmissionState(models.TextChoices):
    PENDING = "pending", pgettext_lazy("admission", "being checked")
    CLARIFYING = "clarifying", pgettext_lazy("admission", "waits for a clarification")
    ADMITTED = "admitted", pgettext_lazy("admission", "admitted")
    REJECTED = "rejected", pgettext_lazy("admission", "not admitted")


class CheckResult(models.TextChoices):
    MET = "met", pgettext_lazy("check", "met")
    NOT_MET = "not_met", pgettext_lazy("check", "not met")
    UNCLEAR = "unclear", pgettext_lazy("check", "to be clarified")


class ClarificationState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("clarification", "waits for an answer")
    ANSWERED = "answered", pgettext_lazy("clarification", "answered")
    LAPSED = "lapsed", pgettext_lazy("clarification", "not answered in time")


class DefenceState(models.TextChoices):
    SCHEDULED = "scheduled", pgettext_lazy("defence", "appointed")
    HELD = "held", pgettext_lazy("defence", "held")
    ABSENT = "absent", pgettext_lazy("defence", "the applicant did not come")


class SheetState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("score sheet", "being filled in")
    FILED = "filed", pgettext_lazy("score sheet", "filed")
    LAPSED = "lapsed", pgettext_lazy("score sheet", "not filed")


class TieKind(models.TextChoices):
    CASTING = "casting", pgettext_lazy("tie", "casting vote of the chair")
    DRAW = "draw", pgettext_lazy("tie", "drawing of lots")


class RankOutcome(models.TextChoices):
    """What the ranking makes of a proposal, as `procurement.ranking` and the published script write it."""

    WINNER = "winner", pgettext_lazy("ranking", "winner")
    RESERVE = "reserve", pgettext_lazy("ranking", "next in turn")
    BELOW_THRESHOLD = "below_threshold", pgettext_lazy("ranking", "below the threshold")
    OVER_BUDGET = "over_budget", pgettext_lazy("ranking", "beyond the budget")
    UNDECIDED = "undecided", pgettext_lazy("ranking", "equal, not decided")
    REFUSED = "refused", pgettext_lazy("ranking", "won and refused")
    LAPSED = "lapsed", pgettext_lazy("ranking", "won and did not sign in time")
    EXCLUDED = "excluded", pgettext_lazy("ranking", "excluded")

    @classmethod
    def words(cls, outcome: str) -> str:
        """Say an outcome of a file; one that this edition does not know stands as it is written."""
        return str(cls(outcome).label) if outcome in cls.values else outcome


class MinutesState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("minutes", "to be signed")
    SIGNED = "signed", pgettext_lazy("minutes", "signed")
    WITHDRAWN = "withdrawn", pgettext_lazy("minutes", "withdrawn before they were signed by all")


class AwardOutcome(models.TextChoices):
    AWARD = "award", pgettext_lazy("award decision", "winners named")
    NO_AWARD = "no_award", pgettext_lazy("award decision", "no winner")


class AwardState(models.TextChoices):
    OFFERED = "offered", pgettext_lazy("award", "waits for the winner's answer")
    ACCEPTED = "accepted", pgettext_lazy("award", "accepted by the winner")
    REFUSED = "refused", pgettext_lazy("award", "refused by the winner")
    LAPSED = "lapsed", pgettext_lazy("award", "contract not signed in time")
    SUPERSEDED = "superseded", pgettext_lazy("award", "superseded by another decision")

    standing = nonmember(("offered", "accepted"))
    failed = nonmember(("refused", "lapsed"))


class AppealScope(models.TextChoices):
    ANNOUNCEMENT = "announcement", pgettext_lazy("appeal", "the announcement")
    ADMISSION = "admission", pgettext_lazy("appeal", "the admission of proposals")
    SCORING = "scoring", pgettext_lazy("appeal", "the scoring")
    DECISION = "decision", pgettext_lazy("appeal", "the decision")


class AppealState(models.TextChoices):
    FILED = "filed", pgettext_lazy("appeal", "filed")
    CONSIDERED = "considered", pgettext_lazy("appeal", "under consideration")
    LEFT = "left", pgettext_lazy("appeal", "left without consideration")
    UPHELD = "upheld", pgettext_lazy("appeal", "upheld")
    DISMISSED = "dismissed", pgettext_lazy("appeal", "dismissed")
    WITHDRAWN = "withdrawn", pgettext_lazy("appeal", "withdrawn")

    open = nonmember(("filed", "considered"))


class AppealRemedy(models.TextChoices):
    """What an upheld appeal leads to."""

    ANEW = "anew", pgettext_lazy("appeal", "admission and scoring anew")
    CORRECT = "correct", pgettext_lazy("appeal", "another decision on the same scores")
    NONE = "none", pgettext_lazy("appeal", "the breach is stated, the decision stays")
