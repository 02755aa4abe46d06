import re
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet

from portal.kernel.languages import reader_language

# browsers take a backslash for a slash and leave out tabs, so that what looks like a path would be another host
_OWN_PATH: Final = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


@register_snippet
class Notice(models.Model):
    """A message above every page between two moments: a shelling, a line that does not answer, work on the portal."""

    text_uk = models.CharField(_("text in Ukrainian"), max_length=300)
    text_en = models.CharField(_("text in English"), max_length=300)
    address = models.CharField(
        _("address of more"), max_length=300, blank=True, help_text=_("A path of this portal, such as /help/.")
    )
    urgent = models.BooleanField(_("about danger"), default=False)
    since = models.DateTimeField(_("shown from"), default=timezone.now)
    until = models.DateTimeField(_("shown until"), null=True, blank=True)
    shown = models.BooleanField(_("shown"), default=True)

    class Meta:
        verbose_name = _("notice above every page")
        verbose_name_plural = _("notices above every page")
        ordering = ["-urgent", "-since", "id"]

    def __str__(self) -> str:
        return self.text_uk

    def clean(self) -> None:
        if self.until and self.since and self.until <= self.since:
            raise ValidationError({"until": _("A notice cannot end before it begins.")})
        if self.address and not _OWN_PATH.fullmatch(self.address):
            raise ValidationError({"address": _("Write a path of this portal; it begins with one slash.")})

    def is_current(self, moment: datetime) -> bool:
        return self.shown and self.since <= moment and (self.until is None or moment < self.until)

    @property
    def text(self) -> str:
        return self.text_en if reader_language() == "en" else self.text_uk
