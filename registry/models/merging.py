from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.enums import MergeState
from registry.models.entry import RegisterEntry


class EntryMerge(models.Model):
    """Two cards of one organisation are to become one: which stays and what it takes over, proposed and decided.

    `taken` names what the surviving entry takes: keys of sites, contacts and services of the other one, and names of
    single values. Versions are those that the proposer saw; a card that has changed since is proposed again.
    """

    number = models.CharField(_("number of the decision"), max_length=20, blank=True)
    kept = models.ForeignKey(RegisterEntry, models.PROTECT, related_name="merges", verbose_name=_("entry that stays"))
    given_up = models.ForeignKey(
        RegisterEntry, models.PROTECT, related_name="merges_away", verbose_name=_("entry that is given up")
    )
    kept_version = models.PositiveIntegerField(_("version of the entry that stays"))
    given_up_version = models.PositiveIntegerField(_("version of the entry that is given up"))
    taken = models.JSONField(_("what is taken over"), default=dict, blank=True)
    ground = models.CharField(_("ground"), max_length=500)
    state = models.CharField(_("state"), max_length=10, choices=MergeState.choices, default=MergeState.PROPOSED)

    # two people
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    closed_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.TextField(_("reasons"), blank=True)
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("merging of entries")
        verbose_name_plural = _("mergings of entries")
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="merge_is_of_two_entries",
                condition=~Q(kept=F("given_up")),
                violation_error_message=_("An entry cannot be merged with itself."),
            ),
            models.CheckConstraint(
                name="merge_by_two_people",
                condition=~Q(state=MergeState.MERGED) | ~Q(proposed_by=F("closed_by")),
                violation_error_message=_("Who proposed an outcome does not decide it."),
            ),
            models.CheckConstraint(
                name="merge_closed_has_stamps",
                condition=Q(state=MergeState.PROPOSED, closed_at__isnull=True, closed_by__isnull=True)
                | (~Q(state=MergeState.PROPOSED) & Q(closed_at__isnull=False, closed_by__isnull=False)),
                violation_error_message=_("A closed proposal has its moment and its person."),
            ),
            models.CheckConstraint(
                name="merge_decided_has_its_number",
                condition=~Q(state=MergeState.MERGED) | ~Q(number=""),
                violation_error_message=_("A decision has its number."),
            ),
            models.UniqueConstraint(
                fields=["given_up"],
                condition=Q(state=MergeState.PROPOSED),
                name="merge_waiting_once",
                violation_error_message=_("A merging of this entry waits for a decision already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_up_id} → {self.kept_id}"
