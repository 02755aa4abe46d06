from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class SubsistenceMinimum(models.Model):
    """The subsistence minimum of one group for one period, in UAH a month, with its law and what was checked."""

    group = models.CharField(_("group"), max_length=30)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    amount = models.DecimalField(_("amount, UAH"), max_digits=10, decimal_places=2)
    law = models.CharField(_("law"), max_length=60)
    law_on = models.DateField(_("date of the law"), null=True, blank=True)
    article = models.CharField(_("article"), max_length=60, blank=True)
    source_url = models.URLField(_("source"), max_length=500, blank=True)
    verified = models.BooleanField(_("checked against the law"), default=False)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("subsistence minimum")
        verbose_name_plural = _("subsistence minimums")
        ordering = ["valid_from", "group"]
        constraints = [
            models.UniqueConstraint(fields=["group", "valid_from"], name="minimum_once"),
            models.CheckConstraint(
                name="minimum_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("A period cannot end before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.valid_from:%d.%m.%Y}: {self.amount}"


class BudgetCode(models.Model):
    """A code of a budget or procurement classification."""

    scheme = models.CharField(_("classification"), max_length=20)
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=500)
    source = models.CharField(_("source"), max_length=300, blank=True)
    mark = models.CharField(_("how far confirmed"), max_length=20, blank=True)

    class Meta:
        verbose_name = _("budget code")
        verbose_name_plural = _("budget codes")
        ordering = ["scheme", "code"]
        constraints = [models.UniqueConstraint(fields=["scheme", "code"], name="budget_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ReferenceLoad(models.Model):
    """The digest of a reference table as last loaded, so that an unchanged one is not loaded again."""

    name = models.CharField(max_length=80, unique=True)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("loaded reference table")
        verbose_name_plural = _("loaded reference tables")

    def __str__(self) -> str:
        return self.name
