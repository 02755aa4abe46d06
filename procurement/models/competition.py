from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import Role
from portal.kernel.models import RuleProfile, StoredDocument, VerificationCode
from portal.kernel.workflow import TransitionLog
from procurement.enums import CompetitionState, VersionKind
from procurement.models.commissioner import Commissioner
from procurement.models.law import FormVersion, RubricVersion
from procurement.models.orders import OrderDecision, ProcedureGround
from procurement.models.specification import ServiceSpecification
from registry.models import Territory

if TYPE_CHECKING:
    from portal.accounts.models import User


def within(user: User, field: str = "hromada") -> Q:
    """Return the condition that a row lies where this official answers as a commissioner; nothing for others."""
    if not user.is_authenticated or not user.is_active:
        return Q(pk__in=[])
    if user.roles & {Role.ADMINISTRATOR, Role.AUDITOR}:
        return Q()
    scope = Q(pk__in=[])
    if Role.COMMISSIONER not in user.roles:
        return scope
    for item in user.territory_scopes.select_related("territory"):
        unit = item.territory
        level = {"O": "__oblast", "K": "__oblast", "P": "__raion"}.get(unit.category, "")
        scope |= Q(**{f"{field}{level}": unit})
    return scope


class CompetitionQuerySet(models.QuerySet["Competition"]):
    def public(self) -> CompetitionQuerySet:
        return self.filter(state__in=CompetitionState.public)

    def visible_to(self, user: User) -> CompetitionQuerySet:
        """Keep those that this official works with: the own territory's, drafts included."""
        return self.filter(within(user, "hromada"))


class Competition(models.Model):
    """An open competition of providers, from its draft to the decision; changed by `procurement.domain`.

    The rule profile is taken when it is created and kept. From publication on the notice is what the last
    `CompetitionVersion` says, and no date changes without one. Whether proposals are accepted at a moment,
    `procurement.domain.calls.phases` says by the clock.
    """

    state = models.CharField(
        _("state"), max_length=12, choices=CompetitionState.choices, default=CompetitionState.DRAFT
    )
    # given at publication
    number = models.CharField(_("number"), max_length=20, unique=True, null=True, blank=True)
    procedure = models.SlugField(_("procedure"))
    profile = models.ForeignKey(RuleProfile, models.PROTECT, related_name="+", verbose_name=_("rule profile"))
    commissioner = models.ForeignKey(
        Commissioner, models.PROTECT, related_name="competitions", verbose_name=_("commissioner")
    )
    # as the commissioner's, so that lists need no join
    hromada = models.ForeignKey(Territory, models.PROTECT, related_name="competitions", verbose_name=_("hromada"))
    decision = models.ForeignKey(
        OrderDecision, models.PROTECT, null=True, blank=True, related_name="competitions", verbose_name=_("decision")
    )

    # what the notice says besides lots and dates
    title = models.CharField(_("title"), max_length=300)
    legal_ground = models.TextField(_("legal ground"), blank=True)
    requirements = models.TextField(_("requirements to participants"), blank=True)
    documents_note = models.TextField(_("documents to attach, in words"), blank=True)
    submission_note = models.TextField(_("how and where to submit"), blank=True)
    opening_place = models.CharField(_("place of the opening"), max_length=300, blank=True)
    contact_name = models.CharField(_("contact person"), max_length=200, blank=True)
    contact_phone = models.CharField(_("phone"), max_length=60, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    budget_limit = models.DecimalField(
        _("limit of the budget, UAH"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    draft_contract = models.ForeignKey(
        StoredDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("draft contract")
    )
    form = models.ForeignKey(
        FormVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("form of the proposal")
    )
    rubric = models.ForeignKey(
        RubricVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("rubric")
    )

    # the timetable: fields are named as `enums.Moment`
    order_decided_on = models.DateField(_("decision on the social order"), null=True, blank=True)
    published_at = models.DateTimeField(_("announcement"), null=True, blank=True)
    opens_at = models.DateTimeField(_("proposals are accepted from"), null=True, blank=True)
    questions_until = models.DateTimeField(_("end of questions"), null=True, blank=True)
    closes_at = models.DateTimeField(_("end of accepting proposals"), null=True, blank=True)
    hold_until = models.DateTimeField(_("latest end, if a question has no answer"), null=True, blank=True)
    opening_at = models.DateTimeField(_("opening of proposals"), null=True, blank=True)
    evaluated_on = models.DateField(_("evaluation and minutes"), null=True, blank=True)
    award_on = models.DateField(_("decision on the winner"), null=True, blank=True)
    results_on = models.DateField(_("publication of results"), null=True, blank=True)
    contract_on = models.DateField(_("conclusion of the contract"), null=True, blank=True)
    service_from = models.DateField(_("beginning of the service"), null=True, blank=True)
    service_to = models.DateField(_("end of the service"), null=True, blank=True)

    # who evaluates; members follow the commission as it is appointed (`models.commission`)
    commission = models.ForeignKey(
        "procurement.CompetitionCommission",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="competitions",
        verbose_name=_("commission"),
    )

    # the seal: proposals are encrypted for the public key; the private one is wrapped by the sealing key `sealed_by`
    public_key = models.BinaryField(max_length=32, null=True, blank=True)
    wrapped_key = models.BinaryField(max_length=512, null=True, blank=True)
    sealed_by = models.CharField(_("sealing key"), max_length=16, blank=True)

    # what happened
    version = models.PositiveSmallIntegerField(_("version of the announcement"), default=0)
    # SEQUENCE of the calendar entries: grows with every moved date
    sequence = models.PositiveIntegerField(_("sequence of dates"), default=0)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    end_ground = models.ForeignKey(
        ProcedureGround, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ground of the end")
    )
    end_reason = models.TextField(_("reason of the end"), blank=True)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("begun by")
    )
    created_at = models.DateTimeField(_("begun at"))
    saved_at = models.DateTimeField(_("saved at"))
    is_demo = models.BooleanField(_("invented for demonstration"), default=False)

    objects = CompetitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("competition")
        verbose_name_plural = _("competitions")
        ordering = ["-published_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "closes_at"], name="competition_closing"),
            models.Index(fields=["hromada", "state"], name="competition_where"),
        ]
        constraints = [
            models.CheckConstraint(
                name="competition_published_has_stamps",
                condition=Q(state=CompetitionState.DRAFT, number__isnull=True, version=0)
                | (
                    ~Q(state=CompetitionState.DRAFT)
                    & Q(
                        number__isnull=False,
                        published_at__isnull=False,
                        closes_at__isnull=False,
                        public_key__isnull=False,
                        wrapped_key__isnull=False,
                        version__gte=1,
                    )
                ),
                violation_error_message=_("An announced competition has its number, dates and keys, a draft has none."),
            ),
            models.CheckConstraint(
                name="competition_closed_has_its_moment",
                condition=Q(state__in=(CompetitionState.DRAFT, CompetitionState.PUBLISHED), closed_at__isnull=True)
                | Q(
                    state__in=(CompetitionState.CLOSED, *CompetitionState.readable, CompetitionState.VOID),
                    closed_at__isnull=False,
                )
                | Q(state=CompetitionState.CANCELLED),
                violation_error_message=_("A closed competition has the moment of its close."),
            ),
            models.CheckConstraint(
                name="competition_opened_has_its_moment",
                condition=Q(state__in=CompetitionState.readable, opened_at__isnull=False)
                | (~Q(state__in=CompetitionState.readable) & Q(opened_at__isnull=True))
                | Q(state=CompetitionState.CANCELLED),
                violation_error_message=_("An opened competition has the moment of its opening."),
            ),
            models.CheckConstraint(
                name="competition_ended_has_its_reason",
                condition=(Q(state__in=CompetitionState.ended, ended_at__isnull=False) & ~Q(end_reason=""))
                | (~Q(state__in=CompetitionState.ended) & Q(ended_at__isnull=True)),
                violation_error_message=_("A competition that ended early has the moment and the reason."),
            ),
            models.CheckConstraint(
                name="competition_hold_after_close",
                condition=Q(hold_until__isnull=True) | Q(closes_at__isnull=True) | Q(hold_until__gte=F("closes_at")),
                violation_error_message=_("The latest end is not before the end."),
            ),
            models.CheckConstraint(
                name="competition_opens_before_close",
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(opens_at__lt=F("closes_at")),
                violation_error_message=_("Accepting ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}" if self.number else self.title


class Lot(models.Model):
    """A part of a competition that has a winner of its own; `snapshot` is the specification as published."""

    competition = models.ForeignKey(Competition, models.CASCADE, related_name="lots", verbose_name=_("competition"))
    number = models.PositiveSmallIntegerField(_("number of the lot"))
    title = models.CharField(_("title"), max_length=300)
    specification = models.ForeignKey(
        ServiceSpecification,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="lots",
        verbose_name=_("specification"),
    )
    ceiling = models.DecimalField(_("price ceiling, UAH"), max_digits=14, decimal_places=2, null=True, blank=True)
    snapshot = models.JSONField(_("specification as published"), default=dict, blank=True)
    # what lists count and filter by, kept by the database itself
    service_slug = models.GeneratedField(
        expression=KT("snapshot__service_slug"), output_field=models.CharField(max_length=60), db_persist=True
    )
    group_slug = models.GeneratedField(
        expression=KT("snapshot__group_slug"), output_field=models.CharField(max_length=60), db_persist=True
    )

    class Meta:
        verbose_name = _("lot")
        verbose_name_plural = _("lots")
        ordering = ["competition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "number"], name="lot_number_once"),
        ]
        indexes = [
            models.Index(fields=["service_slug", "competition"], name="lot_service"),
            models.Index(fields=["group_slug", "competition"], name="lot_group"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class CompetitionVersion(models.Model):
    """The announcement as it was published at a moment; `content` is what page, PDF and API say, `frozen` the rules.

    Never edited. `frozen` holds the timetable's rules with the calendar (`procurement.timetable`), the policy, the
    definitions of form and rubric, so that no later edit of a row moves a running competition.
    """

    competition = models.ForeignKey(Competition, models.PROTECT, related_name="versions", verbose_name=_("competition"))
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=12, choices=VersionKind.choices)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    ground = models.ForeignKey(
        ProcedureGround, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ground")
    )
    reason = models.TextField(_("reason"), blank=True)
    content = models.JSONField(_("announcement"))
    frozen = models.JSONField(_("rules"))
    digest = models.CharField(_("digest"), max_length=64)
    # whether those who had submitted must confirm again
    unsettles = models.BooleanField(_("bidders confirm again"), default=False)
    code = models.ForeignKey(
        VerificationCode, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verification code")
    )
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)

    class Meta:
        verbose_name = _("version of an announcement")
        verbose_name_plural = _("versions of announcements")
        ordering = ["competition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["competition", "number"], name="competition_version_once"),
            models.CheckConstraint(
                name="competition_version_change_has_reason",
                condition=Q(kind=VersionKind.PUBLICATION) | ~Q(reason=""),
                violation_error_message=_("A change of the announcement has its reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.competition} {self.number}"


class CompetitionStep(TransitionLog):
    competition = models.ForeignKey(Competition, models.CASCADE, related_name="steps", verbose_name=_("competition"))
    step = models.CharField(_("step"), max_length=30)

    class Meta(TransitionLog.Meta):
        verbose_name = _("step of a competition")
        verbose_name_plural = _("steps of competitions")

    def __str__(self) -> str:
        return f"{self.competition_id} {self.step}"
