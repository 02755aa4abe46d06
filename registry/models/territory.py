from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kernel.constraints import together
from registry.enums import UnitCategory


class TerritoryQuerySet(models.QuerySet["Territory"]):
    def oblasts(self) -> TerritoryQuerySet:
        """Oblasts, Crimea and the two cities with special status, by name."""
        return self.filter(category__in=UnitCategory.regions).order_by("name")

    def hromadas(self) -> TerritoryQuerySet:
        return self.filter(category=UnitCategory.HROMADA).order_by("name")


class Territory(models.Model):
    """A unit of the official codifier (КАТОТТГ, order 290 of 26.11.2020); loaded by `load_reference`.

    Facts that no package carries (population, area, budget code) come by `import_territory_facts`; unknown is null.
    `oblast`, `raion` and `hromada` are the unit's own ancestors, itself included, so a filter needs no recursion.
    """

    code = models.CharField(_("KATOTTG"), max_length=19, unique=True)
    category = models.CharField(_("category"), max_length=1, choices=UnitCategory.choices)
    name = models.CharField(_("name"), max_length=120)
    name_latin = models.CharField(_("name in Latin letters"), max_length=160, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    oblast = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("oblast")
    )
    raion = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("raion"))
    hromada = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hromada")
    )
    centre = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("centre")
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_on = models.DateField(_("population as of"), null=True, blank=True)
    area_km2 = models.DecimalField(_("area, km²"), max_digits=10, decimal_places=2, null=True, blank=True)
    budget_code = models.CharField(_("budget code"), max_length=11, blank=True)
    budget_name = models.CharField(_("budget"), max_length=200, blank=True)
    facts_source = models.CharField(_("source of facts"), max_length=300, blank=True)
    in_codifier = models.BooleanField(_("in the codifier now"), default=True)

    objects = TerritoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("territorial unit")
        verbose_name_plural = _("territorial units")
        ordering = ["code"]
        indexes = [
            models.Index(fields=["category", "name"], name="territory_category_name"),
            models.Index(fields=["name"], name="territory_name"),
        ]
        constraints = [
            models.CheckConstraint(
                name="territory_population_has_its_date",
                condition=together("population", "population_on"),
                violation_error_message=_("Population and its date go together."),
            ),
            models.CheckConstraint(
                name="territory_coordinates_come_in_pairs",
                condition=together("latitude", "longitude"),
                violation_error_message=_("Latitude and longitude go together."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The unit's name as people say it: «Полтавська область», «Диканська громада», «Полтава»."""
        suffix = {
            UnitCategory.RAION: " район",
            UnitCategory.HROMADA: " громада",
            UnitCategory.CITY_DISTRICT: " район міста",
        }.get(self.category, "")  # type: ignore[call-overload]
        if self.category == UnitCategory.OBLAST:
            suffix = " область" if self.name.endswith("ька") else ""
        return f"{self.name}{suffix}"


class TerritoryScope(models.Model):
    """The territory a registrar or approver answers for; everything below the unit is included."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="territory_scopes", verbose_name=_("user")
    )
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="+", verbose_name=_("territory"))

    class Meta:
        verbose_name = _("territory of an official")
        verbose_name_plural = _("territories of officials")
        constraints = [models.UniqueConstraint(fields=["user", "territory"], name="territory_scope_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.territory}"
