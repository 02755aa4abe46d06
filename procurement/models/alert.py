from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from procurement.enums import AlertState
from procurement.models.competition import Competition
from registry.models import ServiceType, Territory, VulnerableGroup


class Alert(models.Model):
    """News of competitions by e-mail without an account: asked for, confirmed from the letter, stopped in one click."""

    # erased when it is stopped
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=5, default="uk")
    # what it is about; nothing named is everything
    hromada = models.ForeignKey(
        Territory, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    service_type = models.ForeignKey(
        ServiceType, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("service")
    )
    group = models.ForeignKey(
        VulnerableGroup, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("vulnerable group")
    )
    competition = models.ForeignKey(
        Competition, models.CASCADE, null=True, blank=True, related_name="alerts", verbose_name=_("competition")
    )
    state = models.CharField(_("state"), max_length=10, choices=AlertState.choices, default=AlertState.ASKED)
    # digests of the tokens in the letters
    confirm_digest = models.CharField(max_length=64, unique=True)
    stop_digest = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField(_("asked at"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    stopped_at = models.DateTimeField(_("stopped at"), null=True, blank=True)
    # a digest of the network it was asked from, wiped after a day
    sender = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        indexes = [
            models.Index(fields=["state", "asked_at"], name="alert_asked"),
            models.Index(fields=["email"], name="alert_email"),
        ]
        constraints = [
            models.CheckConstraint(
                name="alert_stamps",
                condition=Q(state=AlertState.ASKED, confirmed_at__isnull=True, stopped_at__isnull=True)
                | Q(state=AlertState.ACTIVE, confirmed_at__isnull=False, stopped_at__isnull=True)
                | Q(state=AlertState.STOPPED, stopped_at__isnull=False),
                violation_error_message=_("An alert has the stamps of its state."),
            ),
            models.CheckConstraint(
                name="alert_stopped_keeps_no_address",
                condition=Q(state=AlertState.STOPPED, email="") | (~Q(state=AlertState.STOPPED) & ~Q(email="")),
                violation_error_message=_("The address is erased when the alert is stopped, and only then."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
