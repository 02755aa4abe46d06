from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from procurement.models.competition import Competition


class Opening(models.Model):
    """The recorded act of opening the proposals: when, by whom, in whose presence, what was found."""

    competition = models.OneToOneField(
        Competition, models.PROTECT, related_name="opening", verbose_name=_("competition")
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    # a list of {"name", "position"}
    present = models.JSONField(_("those present"), default=list)
    # how many, their digests, those that did not open with the reason
    findings = models.JSONField(_("what was found"), default=dict)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("opening of proposals")
        verbose_name_plural = _("openings of proposals")

    def __str__(self) -> str:
        return f"{self.competition_id} {self.at:%d.%m.%Y}"


class SealingKey(models.Model):
    """A sealing key that the portal has seen: its public half and name, never the key; what lacks one cannot open."""

    key_id = models.CharField(_("name of the key"), max_length=16, unique=True)
    public_key = models.BinaryField(max_length=32)
    first_seen_at = models.DateTimeField(_("first seen at"))

    class Meta:
        verbose_name = _("sealing key")
        verbose_name_plural = _("sealing keys")

    def __str__(self) -> str:
        return self.key_id
