import uuid
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kernel.visibility import Audience


class StoredDocument(models.Model):
    """A file somebody gave to the portal: kept by its digest outside the web server's reach, given to its readers only.

    `portal.kernel.documents.store` alone creates one, after looking into the content; nobody changes it afterwards.
    """

    id = models.UUIDField(_("identifier"), primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(_("digest"), max_length=64, db_index=True)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    content_type = models.CharField(_("content type"), max_length=100)
    name = models.CharField(_("file name"), max_length=150)
    kind = models.SlugField(_("kind"))
    subject = models.CharField(_("subject"), max_length=120, db_index=True)
    audience = models.PositiveSmallIntegerField(_("readers"), choices=Audience.choices, default=Audience.OFFICIAL)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        return Path(settings.PRIVATE_ROOT) / "documents" / self.sha256[:2] / self.sha256
