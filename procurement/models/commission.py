from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import StoredDocument
from procurement.enums import CommissionState, InterestKind, MemberRole
from procurement.models.commissioner import Commissioner
from registry.models import Territory

if TYPE_CHECKING:
    from portal.accounts.models import User


class CompetitionCommission(models.Model):
    """Those who evaluate proposals, by an act that names them; the act and the members are public once appointed.

    A change of the composition is a new member row, or an end of one (`CommissionMember.until`), by an act of its own.
    """

    commissioner = models.ForeignKey(
        Commissioner, models.PROTECT, related_name="commissions", verbose_name=_("commissioner")
    )
    # as the commissioner's, so that lists need no join
    hromada = models.ForeignKey(Territory, models.PROTECT, related_name="commissions", verbose_name=_("hromada"))
    title = models.CharField(_("name of the commission"), max_length=300)
    state = models.CharField(_("state"), max_length=12, choices=CommissionState.choices, default=CommissionState.DRAFT)
    act_number = models.CharField(_("number of the appointing act"), max_length=60, blank=True)
    act_on = models.DateField(_("date of the appointing act"), null=True, blank=True)
    act_body = models.CharField(_("who appointed"), max_length=300, blank=True)
    act_url = models.URLField(_("address of the appointing act"), max_length=500, blank=True)
    act_document = models.ForeignKey(
        StoredDocument, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file of the act")
    )
    appointed_at = models.DateTimeField(_("appointed at"), null=True, blank=True)
    dissolved_at = models.DateTimeField(_("dissolved at"), null=True, blank=True)
    end_reason = models.TextField(_("why dissolved"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("begun by")
    )
    created_at = models.DateTimeField(_("begun at"))
    log_seq = models.PositiveBigIntegerField(_("entry of the decision log"), null=True, blank=True)
    is_demo = models.BooleanField(_("invented for demonstration"), default=False)

    class Meta:
        verbose_name = _("competition commission")
        verbose_name_plural = _("competition commissions")
        ordering = ["-appointed_at", "-pk"]
        indexes = [models.Index(fields=["hromada", "state"], name="commission_where")]
        constraints = [
            models.CheckConstraint(
                name="commission_appointed_has_its_act",
                condition=Q(state=CommissionState.DRAFT)
                | (Q(appointed_at__isnull=False, act_on__isnull=False) & ~Q(act_number="")),
                violation_error_message=_("An appointed commission has the number and the date of its act."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class MemberQuerySet(models.QuerySet["CommissionMember"]):
    def active(self) -> MemberQuerySet:
        """Keep those who are members now: nobody has ended their membership."""
        return self.filter(until__isnull=True)

    def of(self, user: User) -> MemberQuerySet:
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(user=user)


class CommissionMember(models.Model):
    """A person named by the act, with role and body; works through an account of the same person."""

    commission = models.ForeignKey(
        CompetitionCommission, models.CASCADE, related_name="members", verbose_name=_("commission")
    )
    # empty until the person has an account: the invitation goes to `email`
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commission_memberships",
        verbose_name=_("account"),
    )
    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("full name"), max_length=200)
    position = models.CharField(_("position"), max_length=300, blank=True)
    body = models.CharField(_("body or organisation"), max_length=300, blank=True)
    # of the employer, for matching with applicants
    body_code = models.CharField(_("EDRPOU code of the body"), max_length=10, blank=True)
    role = models.CharField(_("role in the commission"), max_length=10, choices=MemberRole.choices)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    since = models.DateField(_("member since"))
    until = models.DateField(_("member until"), null=True, blank=True)
    # of an invitation that waits to be accepted: only the digest of its token
    invitation_digest = models.CharField(max_length=64, blank=True)
    invited_at = models.DateTimeField(_("invited at"), null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a commission")
        verbose_name_plural = _("members of commissions")
        ordering = ["commission", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["commission", "user"],
                condition=Q(until__isnull=True, user__isnull=False),
                name="commission_member_once",
                violation_error_message=_("This person is a member already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class MemberInterest(models.Model):
    """A tie of a member to an organisation, told by the member once for all competitions; never public."""

    member = models.ForeignKey(CommissionMember, models.CASCADE, related_name="interests", verbose_name=_("member"))
    kind = models.CharField(_("tie"), max_length=12, choices=InterestKind.choices)
    name = models.CharField(_("organisation"), max_length=300)
    code = models.CharField(_("EDRPOU code"), max_length=10, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    told_at = models.DateTimeField(_("told at"))
    ended_at = models.DateTimeField(_("taken back at"), null=True, blank=True)

    class Meta:
        verbose_name = _("interest of a member")
        verbose_name_plural = _("interests of members")
        ordering = ["member", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"
