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
    APPLIED = "applied", _("applied")
    REFUSED = "refused", pgettext_lazy("import", "refused")
