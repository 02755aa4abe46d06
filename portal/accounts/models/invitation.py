from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import MandateScope
from portal.accounts.models.organisation import Organisation
from portal.kernel.constraints import together


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> Self:
        """Return the invitations that may still be accepted."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)


class Invitation(models.Model):
    """A representative's offer of a mandate to whoever owns an e-mail address; works once, for that address alone.

    The key stands in the letter and nowhere else: here is its digest.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="invitations", verbose_name=_("organisation")
    )
    email = models.EmailField(_("e-mail"))
    scope = models.CharField(_("scope"), max_length=20, choices=MandateScope.choices)
    valid_to = models.DateField(_("the mandate ends on"), null=True, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    at = models.DateTimeField(_("invited at"))
    expires_at = models.DateTimeField(_("works until"))
    token_digest = models.CharField(_("digest of the key"), max_length=64, unique=True)

    # the person invited
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)

    # those who invited
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                name="invitation_ends_after_it_begins",
                condition=Q(expires_at__gt=F("at")),
                violation_error_message=_("An invitation works for some time."),
            ),
            models.CheckConstraint(
                name="invitation_accepted_has_stamps",
                condition=together("accepted_by", "accepted_at"),
                violation_error_message=_("An accepted invitation has the person and the moment."),
            ),
            models.CheckConstraint(
                name="invitation_accepted_or_revoked",
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                violation_error_message=_("An invitation is accepted or revoked, not both."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.organisation}"
