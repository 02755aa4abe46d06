from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import MandateScope
from portal.accounts.models.organisation import Organisation


class MandateQuerySet(models.QuerySet["Mandate"]):
    def active(self, on: date) -> Self:
        """Return the mandates by which a person may act on the day; a revoked one gives no right any more."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on, revoked_at__isnull=True)

    def standing(self, on: date) -> Self:
        """Return the mandates that are active on the day or will be later."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), revoked_at__isnull=True)


class Mandate(models.Model):
    """A dated right of a person to act for an organisation; revoked, never deleted.

    `portal.accounts.mandates` alone gives and revokes one: by a confirmed claim or an accepted invitation.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="mandates", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="mandates", verbose_name=_("organisation")
    )
    scope = models.CharField(_("scope"), max_length=20, choices=MandateScope.choices)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("given by"),
    )

    # whoever ends it before its time
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )
    ground = models.TextField(_("ground of the revocation"), blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            models.CheckConstraint(
                name="mandate_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("A mandate cannot end before it begins."),
            ),
            models.CheckConstraint(
                name="mandate_revoked_has_ground",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, ground="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(ground="")),
                violation_error_message=_("A revoked mandate has the moment, the person and the ground."),
            ),
            # what has an end may come again after it: those are kept apart by the lock of the organisation
            models.UniqueConstraint(
                fields=["person", "organisation", "scope"],
                condition=Q(revoked_at__isnull=True, valid_to__isnull=True),
                name="mandate_once_per_scope",
                violation_error_message=_("The person has such a mandate already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} — {self.organisation}"
