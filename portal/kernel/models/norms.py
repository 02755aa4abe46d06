from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models.reference import ReferenceRow, in_force_on, in_language
from portal.kernel.norms import Mark, Unit

LEAP_YEAR = 2024


class ActKind(models.TextChoices):
    LAW = "law", _("law")
    CODE = "code", _("code of laws")
    PRESIDENTIAL_DECREE = "presidential_decree", _("presidential decree")
    GOVERNMENT_RESOLUTION = "government_resolution", _("resolution of the Cabinet of Ministers")
    MINISTERIAL_ORDER = "ministerial_order", _("order of the ministry")
    LOCAL_DECISION = "local_decision", _("decision of a local council or its executive committee")


class Act(ReferenceRow):
    """A legal act that rules are cited from; its text lives at the Rada's site, here is only what names it."""

    code = models.SlugField(_("code"), unique=True)
    kind = models.CharField(_("kind"), max_length=24, choices=ActKind.choices)
    number = models.CharField(_("number"), max_length=40)
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    title = models.TextField(_("title"))
    issuer = models.CharField(_("issuer"), max_length=200)
    url = models.URLField(_("address of the text"), blank=True)

    class Meta:
        verbose_name = _("legal act")
        verbose_name_plural = _("legal acts")
        ordering = ["code"]

    def __str__(self) -> str:
        adopted = f"{self.adopted_on:%d.%m.%Y} " if self.adopted_on else ""
        return f"{self.issuer}, {adopted}№ {self.number}"


class Edition(ReferenceRow):
    """A wording of an act between two changes; one not in force yet has its first day in the future."""

    act = models.ForeignKey(Act, models.PROTECT, related_name="editions", verbose_name=_("legal act"))
    in_force_from = models.DateField(_("in force from"))
    in_force_to = models.DateField(_("in force until, not including"), null=True, blank=True)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["act", "in_force_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["act", "in_force_from"],
                name="edition_once",
                violation_error_message=_("This edition is already in the list."),
            ),
            models.CheckConstraint(
                condition=Q(in_force_to__isnull=True) | Q(in_force_to__gt=F("in_force_from")),
                name="edition_dates_in_order",
                violation_error_message=_("The end must be later than the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} ({self.in_force_from})"


class RuleProfileQuerySet(models.QuerySet["RuleProfile"]):
    def in_force(self, procedure: str, on: date, authority: str = "") -> "RuleProfile":
        """Return the profile that governs the procedure on the day: the authority's own, else the national one.

        Raises `RuleProfile.DoesNotExist` when neither is in the table.
        """
        rows = self.filter(in_force_on(on, "valid_from", "valid_to"), procedure=procedure)
        found = rows.filter(authority__in={authority, ""}).order_by("-authority", "-valid_from").first()
        if found is None:
            raise RuleProfile.DoesNotExist(f"no rule profile of {procedure!r} is in force on {on.isoformat()}")
        return found


class RuleProfile(ReferenceRow):
    """The set of rules by which a procedure goes; a procedure takes its profile when it is created and keeps it.

    A change of the law is a new profile with a later `valid_from`, so it moves only later procedures. A hromada that
    has rules of its own carries its code (КАТОТТГ or ЄДРПОУ) in `authority`; the national profile leaves it empty.
    """

    procedure = models.SlugField(_("procedure"))
    authority = models.CharField(_("authority, empty for the national rules"), max_length=20, blank=True)
    valid_from = models.DateField(_("in force from"))
    valid_to = models.DateField(_("in force until, not including"), null=True, blank=True)
    title = models.TextField(_("title"))
    title_en = models.TextField(_("title in English"), blank=True)

    objects = RuleProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule profile")
        verbose_name_plural = _("rule profiles")
        ordering = ["procedure", "authority", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "authority", "valid_from"],
                name="rule_profile_once",
                violation_error_message=_("A profile of this procedure already begins on this day."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="rule_profile_dates_in_order",
                violation_error_message=_("The end must be later than the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.title, self.title_en)

    def rule(self, code: str, on: date | None = None) -> "DeadlineRule":
        """Return the rule of this profile in force on the day, by default on the profile's own first day.

        Raises `DeadlineRule.DoesNotExist`.
        """
        return self.rules.select_related("act").in_force(on or self.valid_from).get(code=code)


class DeadlineRuleQuerySet(models.QuerySet["DeadlineRule"]):
    def in_force(self, on: date) -> Self:
        return self.filter(in_force_on(on, "effective_from", "effective_to"))


class DeadlineRule(ReferenceRow):
    """One statutory term: the event that starts it, its length or its place in the year, and where that is written.

    An unknown amount or unit stays empty, and the portal says so instead of guessing.
    """

    # what it governs
    profile = models.ForeignKey(RuleProfile, models.PROTECT, related_name="rules", verbose_name=_("rule profile"))
    code = models.SlugField(_("code"), max_length=60)
    anchor = models.TextField(_("event"))
    anchor_en = models.TextField(_("event in English"), blank=True)
    action = models.TextField(_("what must be done"))
    action_en = models.TextField(_("what must be done, in English"), blank=True)

    # the term
    amount = models.PositiveIntegerField(_("amount"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=16, choices=Unit.choices, blank=True)
    direction = models.SmallIntegerField(
        _("direction"), choices=[(1, _("after the event")), (-1, _("before the event"))], default=1
    )
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True)
    day = models.PositiveSmallIntegerField(_("day of the month"), null=True, blank=True)
    end_month = models.PositiveSmallIntegerField(_("month of the end"), null=True, blank=True)
    end_day = models.PositiveSmallIntegerField(_("day of the end"), null=True, blank=True)
    year_offset = models.SmallIntegerField(_("years from the year of the event"), default=0)
    roll_forward = models.BooleanField(_("a non-working last day moves on"), default=False)

    # where it is written
    act = models.ForeignKey(
        Act, models.PROTECT, null=True, blank=True, related_name="rules", verbose_name=_("legal act")
    )
    point = models.CharField(_("article or point"), max_length=120, blank=True)
    effective_from = models.DateField(_("in force from"))
    effective_to = models.DateField(_("in force until, not including"), null=True, blank=True)
    mark = models.CharField(_("origin"), max_length=12, choices=Mark.choices, default=Mark.UNCONFIRMED)

    objects = DeadlineRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline rule")
        verbose_name_plural = _("deadline rules")
        ordering = ["profile", "code", "effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "code", "effective_from"],
                name="deadline_rule_once",
                violation_error_message=_("A rule with this code already begins on this day."),
            ),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gt=F("effective_from")),
                name="deadline_rule_dates_in_order",
                violation_error_message=_("The end must be later than the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(direction__in=(1, -1)),
                name="deadline_rule_direction",
                violation_error_message=_("A term runs after its event or before it."),
            ),
            models.CheckConstraint(
                # a comparison with NULL would pass, so presence is asked for by name
                condition=~Q(unit__in=Unit.places)
                | Q(
                    month__isnull=False,
                    month__range=(1, 12),
                    day__isnull=False,
                    day__range=(1, 31),
                    amount__isnull=True,
                ),
                name="deadline_rule_date_has_day",
                violation_error_message=_("A fixed date needs a month and a day and has no amount."),
            ),
            models.CheckConstraint(
                condition=Q(unit__in=Unit.places) | Q(month__isnull=True, day__isnull=True, year_offset=0),
                name="deadline_rule_length_has_no_day",
                violation_error_message=_("Only a fixed date has a month and a day."),
            ),
            models.CheckConstraint(
                condition=Q(
                    unit=Unit.DAY_RANGE,
                    end_month__isnull=False,
                    end_month__range=(1, 12),
                    end_day__isnull=False,
                    end_day__range=(1, 31),
                )
                | (~Q(unit=Unit.DAY_RANGE) & Q(end_month__isnull=True, end_day__isnull=True)),
                name="deadline_rule_range_has_end",
                violation_error_message=_("A range of dates, and nothing else, needs the month and day of its end."),
            ),
            models.CheckConstraint(
                condition=Q(end_month__isnull=True)
                | Q(end_month__gt=F("month"))
                | Q(end_month=F("month"), end_day__gte=F("day")),
                name="deadline_rule_range_in_order",
                violation_error_message=_("A range of dates ends in the year in which it begins, and later."),
            ),
            models.CheckConstraint(
                condition=Q(roll_forward=False)
                | Q(unit="", direction=1)
                | Q(unit__in=(Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, Unit.MONTHS, Unit.YEARS), direction=1),
                name="deadline_rule_rolls_only_periods",
                violation_error_message=_("Only a period of days, months or years after the event moves on."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.action_label}"

    @property
    def anchor_label(self) -> str:
        return in_language(self.anchor, self.anchor_en)

    @property
    def action_label(self) -> str:
        return in_language(self.action, self.action_en)

    @property
    def mark_label(self) -> str:
        return str(Mark(self.mark).label)

    @property
    def citation(self) -> str:
        return ", ".join(filter(None, (str(self.act) if self.act else "", self.point)))

    def clean(self) -> None:
        """Refuse days that no year has, such as 31 April."""
        for month, day in ((self.month, self.day), (self.end_month, self.end_day)):
            if month and day:
                try:
                    date(LEAP_YEAR, month, day)
                except ValueError as error:
                    raise ValidationError(_("There is no such day in the calendar.")) from error
