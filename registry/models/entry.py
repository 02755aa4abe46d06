from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import PersonType, Role
from portal.accounts.models import Organisation
from portal.kernel.constraints import together
from registry.enums import ContactKind, Freshness, SiteKind, Standing
from registry.models.catalogue import AccessFeature
from registry.models.territory import Territory

if TYPE_CHECKING:
    from portal.accounts.models import User


class RegisterEntryQuerySet(models.QuerySet["RegisterEntry"]):
    def open(self) -> RegisterEntryQuerySet:
        """Entries whose cards the public sees: every kind but natural persons (decree 99, section 2 is closed)."""
        return self.filter(is_open=True)

    def in_good_standing(self) -> RegisterEntryQuerySet:
        return self.filter(standing__in=Standing.good)

    def within(self, territory: Territory) -> RegisterEntryQuerySet:
        """Entries seated in the unit or below it."""
        field = {"O": "oblast", "K": "oblast", "P": "hromada__raion", "H": "hromada"}.get(
            territory.category, "territory"
        )
        return self.filter(**{field: territory})

    def visible_to(self, user: User) -> RegisterEntryQuerySet:
        """Entries this official may read at the desk with private fields: all of them, or the own territory's."""
        if not user.is_authenticated:
            return self.none()
        if user.roles & {Role.ADMINISTRATOR, Role.AUDITOR}:
            return self
        if not user.roles & {Role.REGISTRAR, Role.APPROVER}:
            return self.none()
        scope = Q(pk__in=[])
        for item in user.territory_scopes.select_related("territory"):  # type: ignore[attr-defined]
            unit = item.territory
            field = {"O": "oblast", "K": "oblast", "P": "hromada__raion", "H": "hromada"}.get(
                unit.category, "territory"
            )
            scope |= Q(**{field: unit})
        return self.filter(scope)


class RegisterEntry(models.Model):
    """A provider's place in the open register (Law 2671-VIII, art. 15; decree 99), changed by `registry.domain` alone.

    `revision` is the number of the register's last change that touched the entry; `version` guards against two
    editors. `verified_on` is the day a human confirmed the data and is never a by-product of saving.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="entries", verbose_name=_("organisation")
    )
    number = models.CharField(_("register number"), max_length=12, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="branches", verbose_name=_("head organisation")
    )
    # where this number leads since the card became part of another one
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", verbose_name=_("merged into")
    )
    standing = models.CharField(_("standing"), max_length=12, choices=Standing.choices, default=Standing.INCLUDED)
    included_on = models.DateField(_("included on"))
    suspended_until = models.DateField(_("suspended until"), null=True, blank=True)
    excluded_on = models.DateField(_("excluded on"), null=True, blank=True)
    about = models.TextField(_("about the provider"), blank=True)
    services_note = models.TextField(_("services, as the source names them"), blank=True)

    # where it is seated; a confidential seat is kept at the hromada
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("settlement")
    )
    hromada = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hromada")
    )
    oblast = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("oblast")
    )

    # where the data come from
    source = models.CharField(_("source"), max_length=300, blank=True)
    source_url = models.URLField(_("link to the source"), max_length=1000, blank=True)
    source_on = models.DateField(_("source dated"), null=True, blank=True)
    verified_on = models.DateField(_("verified on"), null=True, blank=True)
    # as `run_due` last saw it; pages compute it from the clock
    freshness = models.CharField(
        _("freshness"), max_length=8, choices=Freshness.choices, default=Freshness.FRESH, db_index=True
    )
    is_open = models.BooleanField(_("public card"), default=True)
    is_demo = models.BooleanField(_("invented for demonstration"), default=False)

    # bookkeeping
    sort_key = models.CharField(max_length=120, blank=True, editable=False)
    revision = models.PositiveBigIntegerField(_("revision of the register"), default=0, db_index=True)
    version = models.PositiveIntegerField(_("version"), default=1)

    objects = RegisterEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("register entry")
        verbose_name_plural = _("register entries")
        ordering = ["number"]
        indexes = [
            models.Index(fields=["hromada", "standing"], name="entry_hromada_standing"),
            models.Index(fields=["is_open", "sort_key"], name="entry_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=~Q(standing=Standing.EXCLUDED),
                name="entry_one_active_per_organisation",
                violation_error_message=_("This organisation already has an active entry."),
            ),
            models.CheckConstraint(
                name="entry_excluded_has_its_date",
                condition=Q(standing=Standing.EXCLUDED, excluded_on__isnull=False)
                | (~Q(standing=Standing.EXCLUDED) & Q(excluded_on__isnull=True)),
                violation_error_message=_("Exclusion and its date go together."),
            ),
            models.CheckConstraint(
                name="entry_suspension_has_its_end",
                condition=Q(standing=Standing.SUSPENDED) | Q(suspended_until__isnull=True),
                violation_error_message=_("Only a suspended entry has an end of suspension."),
            ),
            models.CheckConstraint(
                name="entry_leaves_after_it_enters",
                condition=Q(excluded_on__isnull=True) | Q(excluded_on__gte=F("included_on")),
                violation_error_message=_("An entry cannot be excluded before it was included."),
            ),
            models.CheckConstraint(
                name="entry_is_not_its_own_branch",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message=_("An organisation cannot be its own branch."),
            ),
            models.CheckConstraint(
                name="entry_merged_is_excluded",
                condition=Q(merged_into__isnull=True) | (Q(standing=Standing.EXCLUDED) & ~Q(merged_into=F("id"))),
                violation_error_message=_("Only an excluded entry leads to another one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.organisation}"

    def get_absolute_url(self) -> str:
        return reverse("registry:entry", args=[self.number])

    @property
    def is_carer(self) -> bool:
        """A natural person giving care (decrees 1040 of 2021 and 859 of 2020): only counts are public."""
        return self.organisation.person_type == PersonType.NATURAL_PERSON


class Site(models.Model):
    """An address of a provider. A confidential one (shelters) never leaves the desk: the public sees the hromada."""

    entry = models.ForeignKey(RegisterEntry, models.CASCADE, related_name="sites", verbose_name=_("register entry"))
    kind = models.CharField(_("kind of address"), max_length=10, choices=SiteKind.choices, default=SiteKind.SERVICE)
    label = models.CharField(_("name of the place"), max_length=200, blank=True)
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("settlement")
    )
    hromada = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hromada")
    )
    oblast = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("oblast")
    )
    postal_index = models.CharField(_("postal index"), max_length=5, blank=True)
    street = models.CharField(_("street"), max_length=200, blank=True)
    building = models.CharField(_("building"), max_length=60, blank=True)
    room = models.CharField(_("room"), max_length=60, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    hours = models.JSONField(_("hours"), default=dict, blank=True)
    confidential = models.BooleanField(_("the address is confidential"), default=False)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="site_coordinates_come_in_pairs",
                condition=together("latitude", "longitude"),
                violation_error_message=_("Latitude and longitude go together."),
            ),
            models.CheckConstraint(
                name="site_coordinates_are_on_earth",
                condition=Q(latitude__isnull=True)
                | (Q(latitude__gte=-90, latitude__lte=90) & Q(longitude__gte=-180, longitude__lte=180)),
                violation_error_message=_("There is no such place on Earth."),
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display() if self.confidential else self.label or self.get_kind_display()


class SiteAccess(models.Model):
    """What is known of one access feature at one address; no row, or null, means unknown, never "no"."""

    site = models.ForeignKey(Site, models.CASCADE, related_name="access", verbose_name=_("address"))
    feature = models.ForeignKey(AccessFeature, models.PROTECT, related_name="+", verbose_name=_("access feature"))
    available = models.BooleanField(_("available"), null=True, blank=True)
    checked_on = models.DateField(_("checked on"), null=True, blank=True)

    class Meta:
        verbose_name = _("access feature of an address")
        verbose_name_plural = _("access features of an address")
        constraints = [models.UniqueConstraint(fields=["site", "feature"], name="site_access_once")]

    def __str__(self) -> str:
        return f"{self.feature}"


class Contact(models.Model):
    entry = models.ForeignKey(RegisterEntry, models.CASCADE, related_name="contacts", verbose_name=_("register entry"))
    kind = models.CharField(_("kind of contact"), max_length=10, choices=ContactKind.choices)
    value = models.CharField(_("contact"), max_length=500)
    note = models.CharField(_("note"), max_length=200, blank=True)
    private = models.BooleanField(_("not for the public"), default=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.get_kind_display()
