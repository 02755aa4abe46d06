from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from search.enums import AskedOutcome


class AskedQuery(models.Model):
    """How often one text was asked on one day and what it met: no person, no address, no hour.

    Only `search.domain.asked.note_question` writes here, and only texts that do not look private.
    """

    day = models.DateField(_("day"))
    words = models.CharField(_("words"), max_length=200)
    outcome = models.CharField(_("what it met"), max_length=10, choices=AskedOutcome.choices)
    # blank when no place was asked for: two empty texts are equal, two NULLs are not
    place = models.CharField(_("place"), max_length=19, blank=True)
    count = models.PositiveIntegerField(_("times"), default=1)

    class Meta:
        verbose_name = _("question asked")
        verbose_name_plural = _("questions asked")
        constraints = [
            models.UniqueConstraint(
                fields=["day", "words", "outcome", "place"],
                name="asked_query_once_a_day",
                violation_error_message=_("This question of the day is counted already."),
            ),
            models.CheckConstraint(
                name="asked_query_was_asked",
                condition=Q(count__gte=1) & ~Q(words=""),
                violation_error_message=_("A question has words and was asked at least once."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words} · {self.day:%d.%m.%Y}"
