from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import ClaimState, MandateScope, PersonType
from portal.accounts.models.organisation import Organisation
from portal.kernel.models import StoredDocument


class ClaimQuerySet(models.QuerySet["Claim"]):
    def pending(self) -> Self:
        """Return what waits for a decision, the longest waiting first."""
        return self.filter(state=ClaimState.PENDING).order_by("at", "pk")


class Claim(models.Model):
    """A person's word of speaking for an organisation, with a proof; an official turns it into a mandate or refuses.

    A claim gives no right over what is known of the organisation already. `made_organisation` says that nobody knew
    the organisation before: then the claimant may prepare its application while the claim waits.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="claims", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="claims", verbose_name=_("organisation")
    )
    scope = models.CharField(_("scope"), max_length=20, choices=MandateScope.choices)
    statement = models.TextField(_("by what right"))
    evidence = models.ForeignKey(
        StoredDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proof")
    )
    made_organisation = models.BooleanField(_("the organisation was not known before"), default=False)
    at = models.DateTimeField(_("claimed at"))

    # the official, or the person who takes the word back
    state = models.CharField(_("state"), max_length=10, choices=ClaimState.choices, default=ClaimState.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    ground = models.TextField(_("ground"), blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim of an organisation")
        verbose_name_plural = _("claims of organisations")
        constraints = [
            models.CheckConstraint(
                name="claim_decided_has_stamps",
                condition=Q(state=ClaimState.PENDING, decided_by__isnull=True, decided_at__isnull=True, ground="")
                | (~Q(state=ClaimState.PENDING) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                violation_error_message=_("A decided claim has the person and the moment, a waiting one has neither."),
            ),
            models.CheckConstraint(
                name="claim_refused_has_ground",
                condition=~Q(state=ClaimState.REFUSED, ground=""),
                violation_error_message=_("A refusal names its ground."),
            ),
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(state=ClaimState.PENDING),
                name="claim_waits_once",
                violation_error_message=_("The person has claimed this organisation already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.organisation}"

    @property
    def told(self) -> str:
        """What the claimant reads for the organisation: a number is no way to learn whose number it is."""
        of_person = self.organisation.person_type != PersonType.LEGAL_ENTITY
        if of_person and not self.made_organisation and self.state != ClaimState.CONFIRMED:
            return _now("the sole proprietor whose number you gave")
        return str(self.organisation)
