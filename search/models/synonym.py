from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from search.enums import SynonymKind, SynonymLanguage

LEAST_WEIGHT = Decimal("0.01")


class SynonymQuerySet(models.QuerySet["Synonym"]):
    def active(self) -> SynonymQuerySet:
        return self.filter(active=True)


class Synonym(models.Model):
    """A citizen's word and what it leads to, one way only: from the phrase to a service, a group or other words.

    Shipped rows come from `search/reference/synonyms.csv`; `shipped_as` keeps which row of the file this one was, so
    that a reload finds it whatever an editor made of it. A row with `edited_at` belongs to people.
    """

    phrase = models.CharField(_("what people say"), max_length=120)
    kind = models.CharField(_("what it leads to"), max_length=10, choices=SynonymKind.choices)
    target = models.CharField(_("target"), max_length=120)
    weight = models.DecimalField(
        _("weight"),
        max_digits=3,
        decimal_places=2,
        default=Decimal("0.8"),
        validators=[MinValueValidator(LEAST_WEIGHT), MaxValueValidator(1)],
        help_text=_("From 0.01 to 1: 1 is the same thing, 0.8 nearly always, 0.4 now and then."),
    )
    language = models.CharField(
        _("language"), max_length=10, choices=SynonymLanguage.choices, default=SynonymLanguage.UKRAINIAN
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    active = models.BooleanField(_("in use"), default=True)

    # where it came from
    shipped_as = models.CharField(max_length=260, blank=True, editable=False)
    edited_at = models.DateTimeField(_("edited by people at"), null=True, blank=True, editable=False)

    objects = SynonymQuerySet.as_manager()

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["phrase", "kind", "target"]
        constraints = [
            models.UniqueConstraint(
                fields=["phrase", "kind", "target"],
                name="synonym_once",
                violation_error_message=_("This phrase leads there already."),
            ),
            models.UniqueConstraint(fields=["shipped_as"], condition=~Q(shipped_as=""), name="synonym_shipped_once"),
            models.CheckConstraint(
                name="synonym_weight_is_above_zero_up_to_one",
                condition=Q(weight__gt=0, weight__lte=1),
                violation_error_message=_("A weight is above 0 and at most 1."),
            ),
            models.CheckConstraint(
                name="synonym_leads_from_something_to_something",
                condition=~Q(phrase="") & ~Q(target=""),
                violation_error_message=_("A synonym has a phrase and a target."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.phrase} → {self.target}"

    @property
    def is_shipped(self) -> bool:
        return bool(self.shipped_as)
