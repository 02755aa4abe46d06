from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet

from portal.kernel.languages import reader_language


@register_snippet
class HotLine(models.Model):
    """An emergency number shown above every page."""

    name_uk = models.CharField(_("name in Ukrainian"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    phone = models.CharField(_("number as people read it"), max_length=30)
    hours_uk = models.CharField(_("hours in Ukrainian"), max_length=80, blank=True)
    hours_en = models.CharField(_("hours in English"), max_length=80, blank=True)
    note_uk = models.CharField(_("note in Ukrainian"), max_length=200, blank=True)
    note_en = models.CharField(_("note in English"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    shown = models.BooleanField(_("shown"), default=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    verified_on = models.DateField(_("verified on"), null=True, blank=True)

    class Meta:
        verbose_name = _("hot line")
        verbose_name_plural = _("hot lines")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return f"{self.name} {self.phone}"

    @property
    def name(self) -> str:
        return self._told("name")

    @property
    def hours(self) -> str:
        return self._told("hours")

    @property
    def note(self) -> str:
        return self._told("note")

    def _told(self, what: str) -> str:
        return str(getattr(self, f"{what}_{reader_language()}"))

    @property
    def dial(self) -> str:
        """The number as a telephone takes it."""
        return "".join(character for character in self.phone if character.isdigit() or character == "+")
