from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.kernel.models import VerificationCode
from portal.kernel.workflow import TransitionLog
from procurement.enums import CoApplicantState, ProposalState
from procurement.models.competition import Competition, CompetitionVersion, Lot


class Proposal(models.Model):
    """A provider's proposal in a competition; nothing of what it says stands here in the clear before opening.

    `draft` is the working copy, encrypted with a key of its own (`draft_key`, itself encrypted by the key of drafts);
    at the close the key is destroyed. What was submitted are the revisions. `content` is filled by the opening act.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    competition = models.ForeignKey(
        Competition, models.PROTECT, related_name="proposals", verbose_name=_("competition")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="proposals", verbose_name=_("organisation")
    )
    state = models.CharField(_("state"), max_length=12, choices=ProposalState.choices, default=ProposalState.DRAFT)

    # the working copy
    draft = models.BinaryField(null=True, blank=True)
    draft_key = models.BinaryField(max_length=256, null=True, blank=True)
    draft_version = models.PositiveIntegerField(_("version of the draft"), default=1)
    # the announcement that the bidder has read
    competition_version = models.ForeignKey(
        CompetitionVersion, models.PROTECT, related_name="+", verbose_name=_("version of the announcement")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("begun by")
    )
    created_at = models.DateTimeField(_("begun at"))
    saved_at = models.DateTimeField(_("saved at"))

    # the submission
    number = models.PositiveSmallIntegerField(_("number in the competition"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    # after opening
    content = models.JSONField(_("content"), null=True, blank=True)
    fault = models.TextField(_("why it did not open"), blank=True)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["competition", "organisation"],
                name="proposal_one_of_an_organisation",
                violation_error_message=_("The organisation already has a proposal in this competition."),
            ),
            models.UniqueConstraint(
                fields=["competition", "number"], name="proposal_number_once", condition=Q(number__isnull=False)
            ),
            models.CheckConstraint(
                name="proposal_submitted_has_stamps",
                condition=Q(state__in=(ProposalState.DRAFT, ProposalState.LAPSED, ProposalState.WITHDRAWN))
                | Q(number__isnull=False, submitted_at__isnull=False),
                violation_error_message=_("A submitted proposal has its number and moment."),
            ),
            models.CheckConstraint(
                name="proposal_content_only_when_opened",
                condition=Q(content__isnull=True) | Q(state=ProposalState.OPENED),
                violation_error_message=_("Nothing is readable before opening."),
            ),
            models.CheckConstraint(
                name="proposal_ended_keeps_no_working_copy",
                condition=~Q(state__in=ProposalState.ended) | Q(draft_key__isnull=True),
                violation_error_message=_("After the close no working copy is kept."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competition_id} {self.organisation}"


class ProposalRevision(models.Model):
    """One submission: the sealed content, the digest that the public log has, the receipt; never edited.

    `commitment` is the digest of the salted canonical content; the salt lies inside the seal and on the receipt, so the
    digest tells nobody anything and proves everything later.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="revisions", verbose_name=_("proposal"))
    number = models.PositiveSmallIntegerField(_("number"))
    competition_version = models.ForeignKey(
        CompetitionVersion, models.PROTECT, related_name="+", verbose_name=_("version of the announcement")
    )
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    # one press of the button: a second one with the same key is the same submission
    key = models.UUIDField(unique=True)
    sealed = models.BinaryField()
    commitment = models.CharField(_("digest"), max_length=64, unique=True)
    receipt = models.ForeignKey(
        VerificationCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("receipt")
    )
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("submission of a proposal")
        verbose_name_plural = _("submissions of proposals")
        ordering = ["proposal", "number"]
        constraints = [models.UniqueConstraint(fields=["proposal", "number"], name="proposal_revision_once")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.number}"


class SealedFile(models.Model):
    """A file of a proposal, encrypted before it reached the disk; its name, kind and key lie in the proposal alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="files", verbose_name=_("proposal"))
    # of the encrypted bytes, by which the file is kept
    sha256 = models.CharField(_("digest of the encrypted bytes"), max_length=64)
    size = models.PositiveBigIntegerField(_("size of the encrypted bytes"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("file of a proposal")
        verbose_name_plural = _("files of proposals")

    def __str__(self) -> str:
        return str(self.pk)


class ProposalStep(TransitionLog):
    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="steps", verbose_name=_("proposal"))
    step = models.CharField(_("step"), max_length=30)

    class Meta(TransitionLog.Meta):
        verbose_name = _("step of a proposal")
        verbose_name_plural = _("steps of proposals")

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.step}"


class ProposalLot(models.Model):
    """A lot that a proposal is for; told in the clear only to its own people and after opening."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="lots", verbose_name=_("proposal"))
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+", verbose_name=_("lot"))

    class Meta:
        verbose_name = _("lot of a proposal")
        verbose_name_plural = _("lots of proposals")
        constraints = [models.UniqueConstraint(fields=["proposal", "lot"], name="proposal_lot_once")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.lot_id}"


class CoApplicant(models.Model):
    """Another provider that gives the service together with the applicant; it agrees itself, or is none."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="co_applicants", verbose_name=_("proposal"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    state = models.CharField(
        _("state"), max_length=10, choices=CoApplicantState.choices, default=CoApplicantState.INVITED
    )
    may_edit = models.BooleanField(_("may write in the proposal"), default=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    invited_at = models.DateTimeField(_("invited at"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("co-applicant")
        verbose_name_plural = _("co-applicants")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["proposal", "organisation"], name="co_applicant_once")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.organisation}"
