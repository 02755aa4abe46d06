from collections import defaultdict
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.calendar import Calendar, DayKind, MarkedDay, Regime, RegimeKind
from portal.kernel.models.reference import ReferenceRow


class CalendarRegime(ReferenceRow):
    """A dated way of telling working days; when martial law ends, an administrator dates its end and opens the next."""

    kind = models.CharField(_("kind"), max_length=16, choices=RegimeKind.choices)
    valid_from = models.DateField(_("in force from"), unique=True)
    valid_to = models.DateField(_("in force until, not including"), null=True, blank=True)
    ground = models.TextField(_("ground"))

    class Meta:
        verbose_name = _("calendar regime")
        verbose_name_plural = _("calendar regimes")
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="calendar_regime_dates_in_order",
                violation_error_message=_("The end must be later than the beginning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.valid_from} – {self.valid_to or '…'}"

    def clean(self) -> None:
        """Refuse a regime that shares a day with another: a calendar of two answers answers nothing."""
        others = CalendarRegime.objects.exclude(pk=self.pk).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=self.valid_from)
        )
        if self.valid_to is not None:
            others = others.filter(valid_from__lt=self.valid_to)
        if others.exists():
            raise ValidationError(_("Another regime is in force on some of these days."))


class NonWorkingDay(models.Model):
    """An exception from Monday–Friday that the law or a government order names, with its ground."""

    regime = models.ForeignKey(CalendarRegime, models.CASCADE, related_name="days", verbose_name=_("calendar regime"))
    on = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=20, choices=DayKind.choices)
    ground = models.TextField(_("ground"))
    edited_at = models.DateTimeField(_("edited by hand at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("exceptional day")
        verbose_name_plural = _("exceptional days")
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["regime", "on"],
                name="non_working_day_once",
                violation_error_message=_("This day is already in the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.get_kind_display()}"


def load_calendar() -> Calendar:
    """Return the calendar as the reference tables have it now, in two queries."""
    marked: defaultdict[int, dict[date, MarkedDay]] = defaultdict(dict)
    for regime_id, on, kind, ground in NonWorkingDay.objects.values_list("regime_id", "on", "kind", "ground"):
        marked[regime_id][on] = MarkedDay(DayKind(kind), ground)
    return Calendar(
        Regime(RegimeKind(row.kind), row.valid_from, row.valid_to, row.ground, marked[row.pk])
        for row in CalendarRegime.objects.all()
    )
