from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import StoredDocument
from procurement.models.competition import Competition


class CompetitionDocument(models.Model):
    """A file that belongs to the announcement and is given to everybody."""

    competition = models.ForeignKey(
        Competition, models.PROTECT, related_name="documents", verbose_name=_("competition")
    )
    document = models.ForeignKey(StoredDocument, models.PROTECT, related_name="+", verbose_name=_("document"))
    title = models.CharField(_("title"), max_length=200)
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("document of a competition")
        verbose_name_plural = _("documents of competitions")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title
