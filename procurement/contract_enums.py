"""States and choices of contracts, their fulfilment, monitoring and quality evaluation."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContractState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("contract", "in preparation")
    OFFERED = "offered", pgettext_lazy("contract", "waits for signatures")
    IN_FORCE = "in_force", pgettext_lazy("contract", "in force")
    SUSPENDED = "suspended", pgettext_lazy("contract", "suspended")
    CLOSED = "closed", pgettext_lazy("contract", "fulfilled and closed")
    TERMINATED = "terminated", pgettext_lazy("contract", "terminated early")
    NOT_CONCLUDED = "not_concluded", pgettext_lazy("contract", "not concluded")

    # concluded: everybody reads it
    public = nonmember(("in_force", "suspended", "closed", "terminated"))
    running = nonmember(("in_force", "suspended"))
    # money for what was done before may still be due
    ended = nonmember(("closed", "terminated"))
    terminal = nonmember(("closed", "terminated", "not_concluded"))
    unsigned = nonmember(("draft", "offered"))


class ContractVersionKind(models.TextChoices):
    FIRST = "first", pgettext_lazy("contract version", "contract")
    AMENDMENT = "amendment", pgettext_lazy("contract version", "amendment")


class ContractVersionState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("contract version", "in preparation")
    OFFERED = "offered", pgettext_lazy("contract version", "waits for signatures")
    SIGNED = "signed", pgettext_lazy("contract version", "signed by both")
    WITHDRAWN = "withdrawn", pgettext_lazy("contract version", "withdrawn before both signed")

    open = nonmember(("draft", "offered"))


class Side(models.TextChoices):
    """Of the two who conclude a contract."""

    COMMISSIONER = "commissioner", pgettext_lazy("side of a contract", "commissioner")
    CONTRACTOR = "contractor", pgettext_lazy("side of a contract", "provider")


class Pricing(models.TextChoices):
    """How the sum of a line comes about."""

    UNIT = "unit", pgettext_lazy("pricing", "units × tariff")
    LUMP = "lump", pgettext_lazy("pricing", "a sum for the whole")


class ReportPeriod(models.TextChoices):
    MONTH = "month", pgettext_lazy("report period", "every month")
    QUARTER = "quarter", pgettext_lazy("report period", "every quarter")
    HALF_YEAR = "half_year", pgettext_lazy("report period", "every half-year")
    WHOLE = "whole", pgettext_lazy("report period", "once, at the end")


class DayUnit(models.TextChoices):
    """In what days the parties count a term they agreed on; the values are those of `portal.kernel.norms.Unit`."""

    CALENDAR = "calendar_days", _("calendar days")
    WORKING = "working_days", _("working days")


# --- delivery and money ----------------------------------------------------------------------------------------------


class MilestoneState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("milestone", "planned")
    MET = "met", pgettext_lazy("milestone", "met")
    MISSED = "missed", pgettext_lazy("milestone", "not met")
    WAIVED = "waived", pgettext_lazy("milestone", "no longer required")


class ReportState(models.TextChoices):
    DUE = "due", pgettext_lazy("report", "to be filed")
    FILED = "filed", pgettext_lazy("report", "filed, being checked")
    RETURNED = "returned", pgettext_lazy("report", "returned to be corrected")
    ACCEPTED = "accepted", pgettext_lazy("report", "accepted")
    WAIVED = "waived", pgettext_lazy("report", "no longer required")

    # the provider may write in it
    open = nonmember(("due", "returned"))
    terminal = nonmember(("accepted", "waived"))


class ActKind(models.TextChoices):
    RENDERED = "rendered", pgettext_lazy("act", "act of services rendered")
    CORRECTION = "correction", pgettext_lazy("act", "correction of an accepted act")


class ActState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("act", "in preparation")
    CLAIMED = "claimed", pgettext_lazy("act", "claimed, being checked")
    RETURNED = "returned", pgettext_lazy("act", "returned to be corrected")
    ACCEPTED = "accepted", pgettext_lazy("act", "accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("act", "withdrawn")

    open = nonmember(("draft", "returned"))
    terminal = nonmember(("accepted", "withdrawn"))


class PaymentKind(models.TextChoices):
    PAYMENT = "payment", pgettext_lazy("payment", "payment to the provider")
    REFUND = "refund", pgettext_lazy("payment", "returned by the provider")


# --- monitoring ------------------------------------------------------------------------------------------------------


class VisitBasis(models.TextChoices):
    TURN = "turn", pgettext_lazy("visit", "in turn")
    RISK = "risk", pgettext_lazy("visit", "by risk")
    COMPLAINT = "complaint", pgettext_lazy("visit", "after a complaint")
    FOLLOW_UP = "follow_up", pgettext_lazy("visit", "to see whether findings are eliminated")


class VisitState(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("visit", "planned")
    HELD = "held", pgettext_lazy("visit", "held, conclusion in preparation")
    CONCLUDED = "concluded", pgettext_lazy("visit", "concluded")
    CANCELLED = "cancelled", pgettext_lazy("visit", "cancelled")

    public = nonmember(("concluded",))


class CheckAnswer(models.TextChoices):
    OK = "ok", pgettext_lazy("checklist", "met")
    BREACH = "breach", pgettext_lazy("checklist", "not met")
    NOT_APPLICABLE = "not_applicable", pgettext_lazy("checklist", "does not apply")
    NOT_SEEN = "not_seen", pgettext_lazy("checklist", "could not be checked")


class Severity(models.TextChoices):
    MINOR = "minor", pgettext_lazy("severity", "minor")
    MAJOR = "major", pgettext_lazy("severity", "serious")
    CRITICAL = "critical", pgettext_lazy("severity", "danger to people")


class FindingState(models.TextChoices):
    OPEN = "open", pgettext_lazy("finding", "waits for the provider's reply")
    REPLIED = "replied", pgettext_lazy("finding", "replied, to be judged")
    CLOSED = "closed", pgettext_lazy("finding", "closed")

    unsolved = nonmember(("open", "replied"))


class FindingOutcome(models.TextChoices):
    """The result of one finding, as the monitoring of public procurement names them (features.md D3)."""

    ELIMINATED = "eliminated", pgettext_lazy("finding", "eliminated")
    PARTLY = "partly", pgettext_lazy("finding", "eliminated in part")
    NOT_ELIMINATED = "not", pgettext_lazy("finding", "not eliminated")
    NO_MECHANISM = "no_mechanism", pgettext_lazy("finding", "there is no mechanism to eliminate it")

    # after these nothing more is expected; the others get another term or are escalated
    final = nonmember(("eliminated", "no_mechanism"))


class NoticeKind(models.TextChoices):
    WARNING = "warning", pgettext_lazy("contract notice", "warning")
    TERMINATION = "termination", pgettext_lazy("contract notice", "notice before termination")


class RiskState(models.TextChoices):
    OPEN = "open", pgettext_lazy("risk", "holds")
    GONE = "gone", pgettext_lazy("risk", "no longer holds")


# --- quality ---------------------------------------------------------------------------------------------------------


class QualityKind(models.TextChoices):
    INTERNAL = "internal", pgettext_lazy("quality evaluation", "internal, by the provider")
    EXTERNAL = "external", pgettext_lazy("quality evaluation", "external, by a working group")


class QualityState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("quality evaluation", "in preparation")
    PUBLISHED = "published", pgettext_lazy("quality evaluation", "published")
    # nothing of it was published
    ABANDONED = "abandoned", pgettext_lazy("quality evaluation", "abandoned")


class RatingMethod(models.TextChoices):
    SELF = "self", pgettext_lazy("method", "self-assessment")
    DOCUMENTS = "documents", pgettext_lazy("method", "study of documents")
    VISIT = "visit", pgettext_lazy("method", "visit and observation")
    SURVEY = "survey", pgettext_lazy("method", "survey of recipients")
    INTERVIEW = "interview", pgettext_lazy("method", "interviews")


class SurveyState(models.TextChoices):
    OPEN = "open", pgettext_lazy("survey", "answers are taken")
    CLOSED = "closed", pgettext_lazy("survey", "closed")
