from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from registry.enums import ChangeAct, ImportState
from registry.models.entry import RegisterEntry


class RegisterRevision(models.Model):
    """The number of the register's last change: one row, locked by every writer, so numbers follow commits."""

    value = models.PositiveBigIntegerField(default=0)
    # readers that know less than this read everything anew: entries were removed, not only changed
    rebuild_from = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("revision of the register")
        verbose_name_plural = _("revisions of the register")

    def __str__(self) -> str:
        return str(self.value)


class NumberSequence(models.Model):
    """The last register number given out under a prefix; numbers are never given twice."""

    prefix = models.CharField(max_length=4, unique=True)
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("sequence of register numbers")
        verbose_name_plural = _("sequences of register numbers")

    def __str__(self) -> str:
        return f"{self.prefix}{self.last}"


class EntryChange(models.Model):
    """One line of an entry's public history: who changed what, when and on which ground, from which value to which.

    A private value is never stored here: `masked` says that it changed, `old` and `new` stay null. `obj` and `ref`
    name the part that changed (`entry`, `organisation`, `site`, `contact`, `service`) and which of them; a created
    or removed part has its public fields in one row with an empty `field`.
    """

    entry = models.ForeignKey(RegisterEntry, models.CASCADE, related_name="changes", verbose_name=_("register entry"))
    revision = models.PositiveBigIntegerField(_("revision of the register"))
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    actor_role = models.CharField(_("in the role of"), max_length=30)
    act = models.CharField(_("act"), max_length=12, choices=ChangeAct.choices)
    ground = models.CharField(_("ground"), max_length=500, blank=True)
    obj = models.CharField(_("part"), max_length=20, default="entry")
    ref = models.CharField(_("which"), max_length=40, blank=True)
    field = models.CharField(_("field"), max_length=40, blank=True)
    old = models.JSONField(_("old value"), null=True, blank=True)
    new = models.JSONField(_("new value"), null=True, blank=True)
    masked = models.BooleanField(_("private value"), default=False)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("change of an entry")
        verbose_name_plural = _("changes of entries")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.act} {self.field}"


class PrivateView(models.Model):
    """An official opened what the public does not see of an entry: who, when, in which role, and what it was."""

    entry = models.ForeignKey(
        RegisterEntry, models.CASCADE, related_name="private_views", verbose_name=_("register entry")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    actor_role = models.CharField(_("in the role of"), max_length=30)
    what = models.CharField(_("what was shown"), max_length=200)

    class Meta:
        verbose_name = _("view of private data")
        verbose_name_plural = _("views of private data")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.by_id} {self.what}"


class ImportRun(models.Model):
    """A file of providers brought to the register: first previewed, then applied or refused."""

    document = models.ForeignKey(
        "kernel.StoredDocument", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file")
    )
    file_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(_("digest"), max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=10, choices=ImportState.choices)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    created = models.PositiveIntegerField(_("new"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    faulty = models.PositiveIntegerField(_("faulty"), default=0)
    report = models.JSONField(_("report"), default=list, blank=True)

    class Meta:
        verbose_name = _("import of providers")
        verbose_name_plural = _("imports of providers")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name
