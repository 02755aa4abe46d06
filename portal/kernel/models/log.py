from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

DIGEST_LENGTH = 64
MOMENT_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


def moment_text(moment: datetime) -> str:
    """Write an aware moment in the one form that the log knows: UTC, to the microsecond."""
    if moment.tzinfo is None:
        raise ValueError("the log keeps aware moments only")
    return moment.astimezone(UTC).strftime(MOMENT_FORMAT)


class MomentField(models.CharField):
    """An aware moment kept as text, so that every database keeps the very characters that were hashed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 27
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_args: Any) -> datetime | None:
        return None if value is None else self.to_python(value)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            return datetime.strptime(value, MOMENT_FORMAT).replace(tzinfo=UTC)
        return value

    def get_prep_value(self, value: Any) -> Any:
        return moment_text(value) if isinstance(value, datetime) else value


class LogEntry(models.Model):
    """One entry of the decision log: what was decided, in which role and by what clause, chained to the entry before.

    Nobody changes an entry. `portal.kernel.audit.append` writes it; the database refuses the rest.
    """

    seq = models.PositiveBigIntegerField(_("number"), primary_key=True)
    at = MomentField(_("moment"))
    actor_role = models.CharField(_("in the role of"), max_length=60)
    tag = models.CharField(_("kind of decision"), max_length=80)
    subject = models.CharField(_("subject"), max_length=120)
    clause = models.CharField(_("clause"), max_length=120, blank=True)
    payload = models.TextField(_("content"))
    payload_digest = models.CharField(_("digest of the content"), max_length=DIGEST_LENGTH)
    prev_digest = models.CharField(_("digest of the entry before"), max_length=DIGEST_LENGTH, blank=True)
    digest = models.CharField(_("digest"), max_length=DIGEST_LENGTH)

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("decision log")
        ordering = ["seq"]
        # by name and not by db_index, which on PostgreSQL would add three more for LIKE
        indexes = [
            models.Index(fields=["subject"], name="log_entry_subject"),
            models.Index(fields=["tag"], name="log_entry_tag"),
            models.Index(fields=["at"], name="log_entry_at"),
        ]
        constraints = [models.CheckConstraint(condition=Q(seq__gte=1), name="log_entry_counts_from_one")]

    def __str__(self) -> str:
        return f"{self.seq} {self.tag} {self.subject}"


class LogHead(models.Model):
    """Where the log ends: its one row is locked by whoever appends and shows a tail that was cut off."""

    seq = models.PositiveBigIntegerField(_("number"), default=0)
    digest = models.CharField(_("digest"), max_length=DIGEST_LENGTH, blank=True)

    class Meta:
        verbose_name = _("head of the log")
        verbose_name_plural = _("head of the log")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="log_head_single")]


class PersonalSalt(models.Model):
    """What ties the digests of one person's data to that person; erasing it leaves digests of nobody."""

    key = models.CharField(_("key"), max_length=DIGEST_LENGTH, primary_key=True)
    salt = models.BinaryField(_("salt"), max_length=32)

    class Meta:
        verbose_name = _("salt of personal digests")
        verbose_name_plural = _("salts of personal digests")
