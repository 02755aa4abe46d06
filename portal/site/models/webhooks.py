from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.models import Organisation
from registry.models import Territory


class WebhookState(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("webhook", "works")
    DISABLED = "disabled", pgettext_lazy("webhook", "switched off after failures")


class Webhook(models.Model):
    """An address that is told of public changes, registered by a person for an organisation or a hromada.

    `position` is the place in the feed up to which everything is delivered, so that nothing is lost and nothing comes
    out of order. `failures` counts since the last success. The secret lies here encrypted.
    """

    url = models.URLField(_("address"), max_length=500)
    kinds = models.JSONField(_("kinds of objects"), default=list)
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="webhooks", verbose_name=_("organisation")
    )
    hromada = models.ForeignKey(
        Territory, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("hromada")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made at"))
    state = models.CharField(_("state"), max_length=10, choices=WebhookState.choices, default=WebhookState.ACTIVE)
    secret = models.BinaryField(_("secret, encrypted"), max_length=200)
    position = models.PositiveBigIntegerField(_("delivered up to"), default=0)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    busy_until = models.DateTimeField(_("being delivered until"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="webhook_has_one_owner",
                condition=Q(organisation__isnull=False, hromada__isnull=True)
                | Q(organisation__isnull=True, hromada__isnull=False),
                violation_error_message=_("A webhook belongs to an organisation or to a hromada."),
            ),
        ]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(models.Model):
    """One attempt to deliver: what was told and what came back, without the answer's text."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", verbose_name=_("webhook"))
    at = models.DateTimeField(_("at"))
    is_test = models.BooleanField(_("test"), default=False)
    changes = models.PositiveIntegerField(_("changes"), default=0)
    last_position = models.PositiveBigIntegerField(_("up to position"), default=0)
    status = models.PositiveSmallIntegerField(_("status of the answer"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=200, blank=True)
    milliseconds = models.PositiveIntegerField(_("took, ms"), default=0)

    class Meta:
        verbose_name = _("delivery to a webhook")
        verbose_name_plural = _("deliveries to webhooks")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.webhook_id} {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_delivered(self) -> bool:
        return not self.error
