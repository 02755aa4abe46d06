"""Kinds of what can be found, and the questions beside a list of results."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    SERVICE = "service", _("services")
    PROVIDER = "provider", _("providers")
    PAGE = "page", _("pages")
    COMPETITION = "competition", _("competitions")


class Sort(models.TextChoices):
    RELEVANCE = "relevance", pgettext_lazy("sorting", "best match first")
    NEAR = "near", pgettext_lazy("sorting", "nearest first")
    FRESH = "fresh", pgettext_lazy("sorting", "recently checked first")
    PRICE = "price", pgettext_lazy("sorting", "cheapest first")


class Facet(models.TextChoices):
    """The multi-select questions; each is a field of the index with the values of the register's own lists."""

    SERVICE = "service", _("Service")
    GROUP = "group", _("For whom")
    FORM = "form", _("How it is given")
    PRICE = "price", pgettext_lazy("facet", "Payment")
    OWNERSHIP = "ownership", _("Ownership form")
    URGENT = "urgent", _("Urgency")
    ACCESS = "access", _("Accessibility")
    OBLAST = "oblast", _("Oblast")

    # what narrows a list by ticking; oblasts are chosen as a place
    ticked = nonmember(("service", "group", "form", "price", "ownership", "urgent", "access"))


class SynonymKind(models.TextChoices):
    """What a phrase leads to: a service or a group of the catalogue by its slug, or other words."""

    SERVICE = "service", pgettext_lazy("synonym", "service")
    GROUP = "group", pgettext_lazy("synonym", "group of people")
    WORDS = "words", pgettext_lazy("synonym", "words")

    # these lead to rows of the catalogue
    catalogued = nonmember(("service", "group"))


class SynonymLanguage(models.TextChoices):
    UKRAINIAN = "uk", pgettext_lazy("synonym", "Ukrainian")
    RUSSIAN = "ru", pgettext_lazy("synonym", "Russian")
    SURZHYK = "surzhyk", pgettext_lazy("synonym", "surzhyk")
    ABBREVIATION = "abbr", pgettext_lazy("synonym", "abbreviation")


class AskedOutcome(models.TextChoices):
    """What a question met: nothing at all, something after a concept was dropped, or what was asked for."""

    NOTHING = "nothing", pgettext_lazy("question", "nothing was found")
    RELAXED = "relaxed", pgettext_lazy("question", "found only after leaving words out")
    FOUND = "found", pgettext_lazy("question", "found")

    unmet = nonmember(("nothing", "relaxed"))
