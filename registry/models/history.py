from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.enums import ChangeAct, ImportState
from registry.models.entry import RegisterEntry
from registry.models.territory import Territory


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
    """A file of providers brought to the register: previewed, proposed by who brought it, decided by another person.

    A run of the command `import_providers` is applied at once and has no proposal. `places` are the hromadas (or the
    oblasts, where no hromada is known) of the entries that the preview would touch: who decides answers for them all.
    """

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

    # the proposal
    ground = models.CharField(_("ground"), max_length=500, blank=True)
    partial = models.BooleanField(_("the faultless rows only"), default=False)
    places = models.ManyToManyField(Territory, blank=True, related_name="+", verbose_name=_("territories"))
    proposed_at = models.DateTimeField(_("proposed at"), null=True, blank=True)

    # the decision of another person
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_number = models.CharField(_("number of the decision"), max_length=20, blank=True)
    reason = models.TextField(_("reasons"), blank=True)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("import of providers")
        verbose_name_plural = _("imports of providers")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="import_by_two_people",
                condition=Q(decided_by__isnull=True) | Q(by__isnull=True) | ~Q(by=models.F("decided_by")),
                violation_error_message=_("Who proposed an outcome does not decide it."),
            ),
            models.CheckConstraint(
                name="import_decision_is_whole",
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, decision_number="")
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decision_number="")),
                violation_error_message=_("A decision has its number, its moment and its person."),
            ),
            models.CheckConstraint(
                name="import_proposed_has_its_moment",
                condition=~Q(state=ImportState.PROPOSED) | Q(proposed_at__isnull=False),
                violation_error_message=_("A proposal has its moment."),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
