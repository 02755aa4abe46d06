from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

MAX_ATTEMPTS = 12


class OutboxMessageQuerySet(models.QuerySet["OutboxMessage"]):
    def due(self, now: datetime) -> Self:
        """Return what may be delivered now: not sent, not waiting, not in another worker's hands, not given up."""
        free = Q(locked_until__isnull=True) | Q(locked_until__lte=now)
        return self.filter(free, sent_at__isnull=True, available_at__lte=now, attempts__lt=MAX_ATTEMPTS)

    def stuck(self) -> Self:
        """Return what failed so often that only a person can help."""
        return self.filter(sent_at__isnull=True, attempts__gte=MAX_ATTEMPTS)


class OutboxMessage(models.Model):
    """News written in the transaction of a decision and carried out after it; `key` makes the same news one message."""

    kind = models.SlugField(_("kind"))
    key = models.CharField(_("key"), max_length=200, unique=True)
    payload = models.JSONField(_("content"))
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    available_at = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    locked_until = models.DateTimeField(_("in work until"), null=True, blank=True)

    objects = OutboxMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["available_at"], condition=Q(sent_at__isnull=True), name="outbox_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
