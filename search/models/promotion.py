from __future__ import annotations

import re
from datetime import date
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

LONGEST_PHRASE: Final = 120
# a path of this portal; two slashes at its head would lead to another one
_PATH: Final = re.compile(r"/(?![/\\])[^\s\\]*")
_ELSEWHERE: Final = URLValidator(schemes=["https"])


def check_address(value: str) -> None:
    """Accept a path of the portal or an https address."""
    if value.startswith("https://"):
        _ELSEWHERE(value)
    elif not _PATH.fullmatch(value):
        raise ValidationError(
            _("Write a path of this portal, such as /services/, or an address that begins with https://."),
            code="address",
        )


def check_phrases(value: str) -> None:
    """Accept lines, one of them at least not empty, none of them longer than a phrase may be."""
    lines = lines_of(value)
    if not lines:
        raise ValidationError(_("Write at least one phrase."), code="no_phrase")
    for line in lines:
        if len(line) > LONGEST_PHRASE:
            raise ValidationError(
                _("A phrase has at most %(limit)s characters: “%(phrase)s…”."),
                code="long_phrase",
                params={"limit": LONGEST_PHRASE, "phrase": line[:40]},
            )


def lines_of(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


class PromotionQuerySet(models.QuerySet["Promotion"]):
    def current(self, day: date) -> PromotionQuerySet:
        """Narrow to what may be shown on the day; the last day of a promotion belongs to it."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), active=True, valid_from__lte=day)


class Promotion(models.Model):
    """An answer that editors put above the results of certain questions for a time: a hot line, a payment, a page."""

    phrases = models.TextField(
        _("phrases"),
        validators=[check_phrases],
        help_text=_("One a line: what a question must say for this to be shown."),
    )
    title = models.CharField(_("title"), max_length=120)
    text = models.CharField(_("text"), max_length=400, blank=True)
    url = models.CharField(
        _("where it leads"),
        max_length=500,
        validators=[check_address],
        help_text=_("A path of this portal, such as /services/, or an address that begins with https://."),
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True, help_text=_("The last day; empty is for good."))
    active = models.BooleanField(_("in use"), default=True)

    objects = PromotionQuerySet.as_manager()

    class Meta:
        verbose_name = _("promotion")
        verbose_name_plural = _("promotions")
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(
                name="promotion_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("A period cannot end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def phrase_list(self) -> list[str]:
        """The phrases, spaces tidied, empty lines left out."""
        return lines_of(self.phrases)
