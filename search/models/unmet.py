from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class UnmetNeed(models.Model):
    """How often people told on one day that a hromada or an oblast has no such service; nobody is named."""

    day = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=19)
    service = models.CharField(_("service"), max_length=60, blank=True)
    words = models.CharField(_("words"), max_length=200, blank=True)
    count = models.PositiveIntegerField(_("times"), default=1)

    class Meta:
        verbose_name = _("unmet need")
        verbose_name_plural = _("unmet needs")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "place", "service", "words"],
                name="unmet_need_once_a_day",
                violation_error_message=_("This need of the day is counted already."),
            ),
            models.CheckConstraint(
                name="unmet_need_was_told",
                condition=Q(count__gte=1) & ~Q(place=""),
                violation_error_message=_("A need has a place and was told at least once."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service or self.words} · {self.place}"
