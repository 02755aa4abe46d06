from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FeedHead(models.Model):
    """How far the feed of public changes has come: one row, held by whoever moves it.

    `revision` and `log_seq` say up to which change of the register and which entry of the decision log everything is
    in the feed. `epoch` is the feed's own name: positions of another one mean nothing here.
    """

    epoch = models.CharField(_("name of the feed"), max_length=12)
    position = models.PositiveBigIntegerField(_("position"), default=0)
    revision = models.PositiveBigIntegerField(_("revision of the register"), default=0)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), default=0)
    reconciled_at = models.DateTimeField(_("compared with everything at"), null=True, blank=True)

    class Meta:
        verbose_name = _("head of the feed")
        verbose_name_plural = _("head of the feed")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="feed_head_single")]

    def __str__(self) -> str:
        return f"{self.epoch} {self.position}"


class FeedObject(models.Model):
    """A public object as the feed last told it: the position of its last change and the digest of what it was.

    One row for each object: a later change moves it to the end. What is public no more stays as a tombstone. `of` is
    the provider's number of a service, so that those of one provider are found without a search.
    """

    kind = models.CharField(_("kind"), max_length=12)
    key = models.CharField(_("key"), max_length=40)
    of = models.CharField(_("of which provider"), max_length=12, blank=True)
    position = models.PositiveBigIntegerField(_("position"), unique=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    is_removed = models.BooleanField(_("public no more"), default=False)
    at = models.DateTimeField(_("noticed at"))

    class Meta:
        verbose_name = _("object of the feed")
        verbose_name_plural = _("objects of the feed")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="feed_object_once"),
            models.CheckConstraint(
                name="feed_tombstone_has_no_digest",
                condition=Q(is_removed=True, digest="") | (Q(is_removed=False) & ~Q(digest="")),
            ),
        ]
        indexes = [models.Index(fields=["of"], name="feed_object_of", condition=~Q(of=""))]

    def __str__(self) -> str:
        return f"{self.position} {self.kind} {self.key}"
