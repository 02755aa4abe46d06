from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class VerificationCode(models.Model):
    """A code printed on a document by which anyone learns whether the paper in hand is what the portal issued.

    A code is never deleted. A newer document supersedes it, or it is revoked with a reason; both are shown for ever.
    """

    code = models.CharField(_("code"), max_length=12, unique=True)
    kind = models.SlugField(_("kind"))
    subject = models.CharField(_("subject"), max_length=120, db_index=True)
    title = models.TextField(_("title"))
    document_digest = models.CharField(_("digest of the document"), max_length=64, blank=True)
    issued_at = models.DateTimeField(_("issued at"))
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="supersedes", verbose_name=_("superseded by")
    )
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_reason = models.TextField(_("reason of the revocation"), blank=True)

    class Meta:
        verbose_name = _("verification code")
        verbose_name_plural = _("verification codes")
        constraints = [
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True, superseded_at__isnull=True)
                | Q(superseded_by__isnull=False, superseded_at__isnull=False),
                name="verification_superseded_has_stamp",
                violation_error_message=_("A superseded code names its successor and the moment."),
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_reason="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_reason="")),
                name="verification_revoked_has_reason",
                violation_error_message=_("A revoked code has the moment and the reason."),
            ),
        ]

    def __str__(self) -> str:
        return self.grouped

    @property
    def grouped(self) -> str:
        """The code as people read it: three groups of four."""
        return "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))

    @property
    def is_valid(self) -> bool:
        return self.superseded_at is None and self.revoked_at is None
