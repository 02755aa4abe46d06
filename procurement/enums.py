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
    CANCELLED = "cancelled", pgettext_lazy("competition", "cancelled")
    VOID = "void", pgettext_lazy("competition", "not held")

    public = nonmember(("published", "closed", "opened", "cancelled", "void"))
    ended = nonmember(("cancelled", "void"))


class Phase(models.TextChoices):
    """Where a competition stands at a moment, as people are told."""

    DRAFT = "draft", pgettext_lazy("phase", "in preparation")
    ANNOUNCED = "announced", pgettext_lazy("phase", "announced, proposals not accepted yet")
    ACCEPTING = "accepting", pgettext_lazy("phase", "proposals are accepted")
    HELD = "held", pgettext_lazy("phase", "proposals are accepted: a question waits for its answer")
    CLOSED = "closed", pgettext_lazy("phase", "closed, waits for opening")
    OPENED = "opened", pgettext_lazy("phase", "opened, being evaluated")
    CANCELLED = "cancelled", pgettext_lazy("phase", "cancelled")
    VOID = "void", pgettext_lazy("phase", "not held")

    accepting = nonmember(("accepting", "held"))


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


class AlertState(models.TextChoices):
    ASKED = "asked", pgettext_lazy("alert", "waits for confirmation")
    ACTIVE = "active", pgettext_lazy("alert", "active")
    STOPPED = "stopped", pgettext_lazy("alert", "stopped")
