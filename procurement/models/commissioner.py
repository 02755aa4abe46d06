from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from registry.models import Territory


class Commissioner(models.Model):
    """The body of a hromada that orders services (замовник), with how it is reached."""

    organisation = models.OneToOneField(
        Organisation, models.PROTECT, related_name="commissioner", verbose_name=_("organisation")
    )
    hromada = models.ForeignKey(Territory, models.PROTECT, related_name="commissioners", verbose_name=_("hromada"))
    address = models.CharField(_("address"), max_length=300, blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("commissioner of services")
        verbose_name_plural = _("commissioners of services")
        ordering = ["organisation__name"]

    def __str__(self) -> str:
        return str(self.organisation)
