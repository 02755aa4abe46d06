"""States and choices of the register, all of them data-safe English values with translated labels."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UnitCategory(models.TextChoices):
    """Categories of the codifier of administrative units (КАТОТТГ)."""

    OBLAST = "O", _("oblast")
    SPECIAL_CITY = "K", _("city with special status")
    RAION = "P", _("raion")
    HROMADA = "H", _("hromada")
    CITY = "M", _("city")
    SETTLEMENT = "X", _("settlement")
    VILLAGE = "C", _("village")
    CITY_DISTRICT = "B", _("city district")

    regions = nonmember(("O", "K"))
    settlements = nonmember(("K", "M", "X", "C"))


class Standing(models.TextChoices):
    INCLUDED = "included", pgettext_lazy("standing", "included")
    SUSPENDED = "suspended", pgettext_lazy("standing", "suspended")
    EXCLUDED = "excluded", pgettext_lazy("standing", "excluded")

    good = nonmember(("included",))
    active = nonmember(("included", "suspended"))


class ServiceKind(models.TextChoices):
    """Types of services by Law 2671-VIII, art. 16(2)."""

    SIMPLE = "simple", pgettext_lazy("service kind", "simple")
    COMPLEX = "complex", pgettext_lazy("service kind", "complex")
    COMPLEX_SPECIALISED = "complex_specialised", pgettext_lazy("service kind", "complex specialised")
    AUXILIARY = "auxiliary", pgettext_lazy("service kind", "auxiliary")
    UNKNOWN = "unknown", pgettext_lazy("service kind", "not stated")


class PriceMode(models.TextChoices):
    """Who pays, by Law 2671-VIII, art. 28."""

    FREE = "free", _("free of charge")
    DIFFERENTIATED = "differentiated", _("depends on income")
    TARIFF = "tariff", _("paid by tariff")
    UNKNOWN = "unknown", _("price not stated")


class PriceUnit(models.TextChoices):
    PERSON_HOUR = "person_hour", _("hour")
    SERVICE = "service", pgettext_lazy("price unit", "service")
    VISIT = "visit", _("visit")
    BED_DAY = "bed_day", _("bed-day")
    DAY = "day", _("day")
    MONTH = "month", _("month")


class AreaKind(models.TextChoices):
    HROMADAS = "hromadas", _("named hromadas")
    RAION = "raion", _("whole raions")
    OBLAST = "oblast", _("whole oblasts")
    COUNTRY = "country", _("all Ukraine")
    UNKNOWN = "unknown", pgettext_lazy("area", "not stated")


class SiteKind(models.TextChoices):
    LEGAL = "legal", _("registered address")
    SERVICE = "service", _("place of service")


class ContactKind(models.TextChoices):
    PHONE = "phone", _("phone")
    EMAIL = "email", _("e-mail")
    WEBSITE = "website", _("website")
    HEAD = "head", _("head")


class ChangeAct(models.TextChoices):
    """What happened to an entry, as its public history names it."""

    INCLUDED = "included", pgettext_lazy("history", "included in the register")
    AMENDED = "amended", pgettext_lazy("history", "data changed")
    SUSPENDED = "suspended", pgettext_lazy("history", "suspended")
    RESTORED = "restored", pgettext_lazy("history", "restored")
    EXCLUDED = "excluded", pgettext_lazy("history", "excluded from the register")
    VERIFIED = "verified", pgettext_lazy("history", "data verified")


class ImportState(models.TextChoices):
    PREVIEWED = "previewed", _("previewed")
    PROPOSED = "proposed", pgettext_lazy("import", "awaiting decision")
    APPLIED = "applied", _("applied")
    REFUSED = "refused", pgettext_lazy("import", "refused")


class ServiceStanding(models.TextChoices):
    """Whether a service of an included provider may be offered."""

    INCLUDED = "included", pgettext_lazy("service standing", "included")
    SUSPENDED = "suspended", pgettext_lazy("service standing", "suspended")


class ApplicationKind(models.TextChoices):
    INCLUSION = "inclusion", _("application for inclusion")
    AMENDMENT = "amendment", _("application for amendment")
    EXCLUSION = "exclusion", _("application for exclusion")
    INITIATIVE = "initiative", _("initiative of the registrar")


class ApplicationState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("application", "draft")
    SUBMITTED = "submitted", pgettext_lazy("application", "submitted")
    EXAMINATION = "examination", pgettext_lazy("application", "under examination")
    CORRECTION = "correction", pgettext_lazy("application", "awaiting correction")
    PROPOSED = "proposed", pgettext_lazy("application", "awaiting decision")
    DECIDED = "decided", pgettext_lazy("application", "decided")
    WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")

    # the registrar's clock runs
    pending = nonmember(("submitted", "examination", "correction", "proposed"))
    # the provider may still write
    editable = nonmember(("draft", "correction"))
    closed = nonmember(("decided", "withdrawn"))


class Outcome(models.TextChoices):
    """What a decision of the register says."""

    INCLUDE = "include", pgettext_lazy("outcome", "include in the register")
    INCLUDE_SOME = "include_some", pgettext_lazy("outcome", "include with some of the services")
    AMEND = "amend", pgettext_lazy("outcome", "enter the changes")
    RETURN = "return", pgettext_lazy("outcome", "return for revision")
    REFUSE = "refuse", pgettext_lazy("outcome", "refuse")
    EXCLUDE = "exclude", pgettext_lazy("outcome", "exclude from the register")
    SUSPEND = "suspend", pgettext_lazy("outcome", "suspend")
    RESTORE = "restore", pgettext_lazy("outcome", "restore")

    # an outcome that gives what was asked for needs no ground of its own
    granting = nonmember(("include", "amend"))


class CheckResult(models.TextChoices):
    MET = "met", pgettext_lazy("criterion", "met")
    NOT_MET = "not_met", pgettext_lazy("criterion", "not met")
    NOT_APPLICABLE = "not_applicable", pgettext_lazy("criterion", "not applicable")


class CriterionGroup(models.TextChoices):
    """Decree 185: general criteria are for all, special ones for services given round the clock, inside or urgently."""

    GENERAL = "general", pgettext_lazy("criteria", "general")
    SPECIAL = "special", pgettext_lazy("criteria", "special")


class Freshness(models.TextChoices):
    """How far the last word of a human about a card lies back; the steps are rows of `FreshnessRule`."""

    FRESH = "fresh", pgettext_lazy("freshness", "confirmed")
    DUE = "due", pgettext_lazy("freshness", "to be confirmed")
    OVERDUE = "overdue", pgettext_lazy("freshness", "not confirmed in time")
    LOWERED = "lowered", pgettext_lazy("freshness", "long unconfirmed")
    HIDDEN = "hidden", pgettext_lazy("freshness", "not confirmed, out of the search")


class VerificationMethod(models.TextChoices):
    LINK = "link", pgettext_lazy("verified by", "answer to a letter")
    CABINET = "cabinet", pgettext_lazy("verified by", "provider's cabinet")
    DECISION = "decision", pgettext_lazy("verified by", "decision of the register")
    REGISTRAR = "registrar", pgettext_lazy("verified by", "registrar")


class ReminderAnswer(models.TextChoices):
    RIGHT = "right", pgettext_lazy("reminder", "all is right")
    CHANGED = "changed", pgettext_lazy("reminder", "something has changed")
    CLOSED = "closed", pgettext_lazy("reminder", "closed for now")


class ReportState(models.TextChoices):
    NEW = "new", pgettext_lazy("report", "new")
    ANSWERED = "answered", pgettext_lazy("report", "answered")
    REJECTED = "rejected", pgettext_lazy("report", "not confirmed")


class MistakePart(models.TextChoices):
    """What of a card a reader says is wrong."""

    NAME = "name", pgettext_lazy("mistake", "the name or the legal facts")
    CONTACTS = "contacts", pgettext_lazy("mistake", "a telephone, an e-mail or another contact")
    ADDRESS = "address", pgettext_lazy("mistake", "an address or the hours")
    ACCESS = "access", pgettext_lazy("mistake", "access for people with disabilities")
    SERVICES = "services", pgettext_lazy("mistake", "the services: which, for whom, where")
    PRICE = "price", pgettext_lazy("mistake", "the price or the number of places")
    CLOSED = "closed", pgettext_lazy("mistake", "the provider works no more, or never did")
    OTHER = "other", pgettext_lazy("mistake", "something else")


class MergeState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("merging", "awaiting decision")
    MERGED = "merged", pgettext_lazy("merging", "merged")
    REFUSED = "refused", pgettext_lazy("merging", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("merging", "withdrawn")


class FeeOutcome(models.TextChoices):
    """Who pays for a service, by Law 2671-VIII, art. 28(1)."""

    FREE = "free", pgettext_lazy("payment", "free of charge")
    DIFFERENTIATED = "differentiated", pgettext_lazy("payment", "partly paid, by income")
    FULL = "full", pgettext_lazy("payment", "paid in full")


class FreeKind(models.TextChoices):
    """On what a service is free whatever the income: on who needs it, on what it is, or on how it is given."""

    PERSON = "person", pgettext_lazy("free of charge", "category of person")
    SERVICE = "service", pgettext_lazy("free of charge", "service")
    URGENT = "urgent", pgettext_lazy("free of charge", "given urgently")


class BoundSectors(models.TextChoices):
    """Which providers a rule about payment binds."""

    PUBLIC = "public", pgettext_lazy("bound providers", "state and communal")
    ANY = "any", pgettext_lazy("bound providers", "all")
    NOT_SAID = "not_said", pgettext_lazy("bound providers", "the source does not say")


class Disability(models.TextChoices):
    """Disability as a person names it when asked what help costs."""

    NONE = "none", pgettext_lazy("disability", "no disability")
    CHILD = "child", pgettext_lazy("disability", "child with disability")
    FIRST = "1", pgettext_lazy("disability", "group I")
    SECOND = "2", pgettext_lazy("disability", "group II")
    THIRD = "3", pgettext_lazy("disability", "group III")


class PaymentRule(models.TextChoices):
    """Rules about payment that are not bands or categories; each is a dated row with its clause."""

    INCOME_METHOD = "income_method", _("which income is compared with which minimum")
    DECIDES_BUDGET = "decides_budget", _("who decides where the budget pays")
    DECIDES_NON_STATE = "decides_non_state", _("who decides at a non-state provider")
    NON_STATE_TERMS = "non_state_terms", _("what a non-state provider takes")


class MinimumChoice(models.TextChoices):
    """Which subsistence minimum the income of a person is compared with."""

    OWN_GROUP = "own_group", _("of the person's own group")
    GENERAL = "general", _("the general one, per person")


class StaffRole(models.TextChoices):
    SOCIAL_MANAGER = "social_manager", _("social manager")
    SPECIALIST = "social_work_specialist", _("specialist in social work")


class Residents(models.TextChoices):
    """Which part of the population a staffing norm counts."""

    ALL = "all", pgettext_lazy("residents", "all residents")
    URBAN = "urban", pgettext_lazy("residents", "urban population")
    RURAL = "rural", pgettext_lazy("residents", "rural population")


class NormStatus(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("norm", "proposed")
    IN_FORCE = "in_force", pgettext_lazy("norm", "in force")


class PostRounding(models.TextChoices):
    UP = "up", _("a started part counts as a whole post")
    NOT_SAID = "not_said", _("the source does not say how to round")


class CaseModel(models.TextChoices):
    """Models of case management, as the source documents divide them."""

    INTENSIVE = "intensive", _("intensive intervention")
    BROKERAGE = "brokerage", _("brokerage")
    CLINICAL = "clinical", _("clinical")
    STRENGTHS = "strengths", _("based on strengths")
