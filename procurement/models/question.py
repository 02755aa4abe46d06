from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from procurement.enums import QuestionState
from procurement.models.competition import Competition


class Question(models.Model):
    """A question about an announcement, public with its answer; who asked is not said until proposals are opened."""

    competition = models.ForeignKey(
        Competition, models.PROTECT, related_name="questions", verbose_name=_("competition")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=10, choices=QuestionState.choices, default=QuestionState.ASKED)
    text = models.TextField(_("question"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    asked_at = models.DateTimeField(_("asked at"))
    asking_key = models.UUIDField(unique=True)
    # empty where the table of terms has no amount
    answer_due_on = models.DateField(_("answer due on"), null=True, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["competition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "number"], name="question_number_once"),
            models.CheckConstraint(
                name="question_answered_has_stamps",
                condition=Q(state=QuestionState.ASKED, answered_at__isnull=True, answer="")
                | (~Q(state=QuestionState.ASKED) & Q(answered_at__isnull=False) & ~Q(answer="")),
                violation_error_message=_("An answered question has its answer and the moment."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competition_id} {self.number}"
