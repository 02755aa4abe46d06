"""Who pays for a service, how many specialists a hromada needs: rows of law and of proposals, each with its clause."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from registry.enums import (
    BoundSectors,
    CaseModel,
    Disability,
    FeeOutcome,
    FreeKind,
    MinimumChoice,
    NormStatus,
    PaymentRule,
    PostRounding,
    Residents,
    StaffRole,
)
from registry.models.catalogue import ServiceType, VulnerableGroup
from registry.models.criteria import CitedRow


class SourcedRow(CitedRow):
    """A cited row with the document it was taken from, in force from a day up to, not including, another."""

    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        abstract = True
        ordering = ["order", "slug"]
        constraints = [
            models.CheckConstraint(
                name="%(class)s_ends_after_it_begins",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("A period cannot end before it begins."),
            ),
        ]


class FreeOfCharge(SourcedRow):
    """On what ground a service is free whatever the income (art. 28(2)).

    A category of person is known by a group, by a disability, or by either. An item whose words nobody could read
    stands as `is_unread`: it frees nobody by itself, and the answer says that it is there.
    """

    kind = models.CharField(pgettext_lazy("free of charge", "by what"), max_length=10, choices=FreeKind.choices)
    sectors = models.CharField(_("binds which providers"), max_length=10, choices=BoundSectors.choices)
    group = models.ForeignKey(
        VulnerableGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("vulnerable group")
    )
    disability = models.CharField(_("disability"), max_length=10, choices=Disability.choices, blank=True)
    age_below = models.PositiveSmallIntegerField(_("younger than, years"), null=True, blank=True)
    service_type = models.ForeignKey(
        ServiceType, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("service type")
    )
    is_unread = models.BooleanField(_("its words were not read"), default=False)

    class Meta(SourcedRow.Meta):
        verbose_name = _("ground of free service")
        verbose_name_plural = _("grounds of free service")
        constraints = [
            *SourcedRow.Meta.constraints,
            models.CheckConstraint(
                name="freeofcharge_names_what_its_kind_needs",
                condition=Q(is_unread=True)
                | Q(kind=FreeKind.PERSON, service_type__isnull=True) & (Q(group__isnull=False) | ~Q(disability=""))
                | Q(kind=FreeKind.SERVICE, service_type__isnull=False, group__isnull=True, disability="")
                | Q(kind=FreeKind.URGENT, service_type__isnull=True, group__isnull=True, disability=""),
                violation_error_message=_(
                    "A category of person names a group or a disability, a service its type, an urgent one neither."
                ),
            ),
        ]


class IncomeBand(SourcedRow):
    """What follows from income between two numbers of subsistence minimums, for state and communal providers."""

    outcome = models.CharField(_("payment"), max_length=15, choices=FeeOutcome.choices)
    from_minimums = models.DecimalField(
        _("from, subsistence minimums"), max_digits=6, decimal_places=2, validators=[MinValueValidator(0)]
    )
    from_included = models.BooleanField(_("its lower edge belongs to it"), default=True)
    to_minimums = models.DecimalField(
        _("up to, subsistence minimums"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    to_included = models.BooleanField(_("its upper edge belongs to it"), default=True)

    class Meta(SourcedRow.Meta):
        verbose_name = _("income band")
        verbose_name_plural = _("income bands")
        constraints = [
            *SourcedRow.Meta.constraints,
            models.CheckConstraint(
                name="incomeband_edges_in_order",
                condition=Q(from_minimums__gte=0)
                & (Q(to_minimums__isnull=True) | Q(to_minimums__gt=F("from_minimums"))),
                violation_error_message=_("A band ends above where it begins."),
            ),
        ]


class FeeRule(SourcedRow):
    """The differentiated fee (decree 429 of 01.06.2020); nobody is told a fee by a row that is not verified."""

    share_of_tariff = models.DecimalField(
        _("share of the tariff, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    cap_share_of_income = models.DecimalField(
        _("at most this share of income, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    from_minimums = models.DecimalField(
        _("from, subsistence minimums"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    to_minimums = models.DecimalField(
        _("up to, subsistence minimums"), max_digits=6, decimal_places=2, null=True, blank=True
    )

    class Meta(SourcedRow.Meta):
        verbose_name = _("rule of the differentiated fee")
        verbose_name_plural = _("rules of the differentiated fee")
        constraints = [
            *SourcedRow.Meta.constraints,
            models.CheckConstraint(
                name="feerule_shares_are_percent",
                condition=(Q(share_of_tariff__isnull=True) | Q(share_of_tariff__gte=0, share_of_tariff__lte=100))
                & (Q(cap_share_of_income__isnull=True) | Q(cap_share_of_income__gte=0, cap_share_of_income__lte=100)),
                violation_error_message=_("A share is between 0 and 100 per cent."),
            ),
        ]


class PaymentTerm(SourcedRow):
    """A rule about payment that is neither a category nor a band; `minimum` is for the method of income alone."""

    rule = models.CharField(pgettext_lazy("payment", "rule"), max_length=20, choices=PaymentRule.choices)
    minimum = models.CharField(_("subsistence minimum"), max_length=10, choices=MinimumChoice.choices, blank=True)

    class Meta(SourcedRow.Meta):
        verbose_name = _("term of payment")
        verbose_name_plural = _("terms of payment")
        constraints = [
            *SourcedRow.Meta.constraints,
            models.CheckConstraint(
                name="paymentterm_method_names_its_minimum",
                condition=Q(rule=PaymentRule.INCOME_METHOD) & ~Q(minimum="")
                | ~Q(rule=PaymentRule.INCOME_METHOD) & Q(minimum=""),
                violation_error_message=_("The method of income, and it alone, names a minimum."),
            ),
        ]


class StaffingNorm(SourcedRow):
    """One post for so many residents of a hromada of a certain size; without a number the norm is not known."""

    role = models.CharField(_("post"), max_length=30, choices=StaffRole.choices)
    status = models.CharField(_("status"), max_length=10, choices=NormStatus.choices)
    residents = models.CharField(pgettext_lazy("norm", "counts"), max_length=10, choices=Residents.choices)
    per_residents = models.PositiveIntegerField(_("one post for so many residents"), null=True, blank=True)
    size_from = models.PositiveIntegerField(_("size of the hromada from"), default=0)
    size_from_included = models.BooleanField(_("its lower edge belongs to it"), default=True)
    size_to = models.PositiveIntegerField(_("size of the hromada up to"), null=True, blank=True)
    size_to_included = models.BooleanField(_("its upper edge belongs to it"), default=True)
    rounding = models.CharField(_("rounding"), max_length=10, choices=PostRounding.choices)

    class Meta(SourcedRow.Meta):
        verbose_name = _("staffing norm")
        verbose_name_plural = _("staffing norms")
        constraints = [
            *SourcedRow.Meta.constraints,
            models.CheckConstraint(
                name="staffingnorm_makes_sense",
                condition=(Q(per_residents__isnull=True) | Q(per_residents__gt=0))
                & (Q(size_to__isnull=True) | Q(size_to__gt=F("size_from"))),
                violation_error_message=_("A band ends above where it begins."),
            ),
        ]


class CaseLoadNorm(SourcedRow):
    """How many cases one case manager may lead at once in a model; without a number the source does not state it."""

    model = models.CharField(_("model of case management"), max_length=15, choices=CaseModel.choices)
    cases_at_most = models.PositiveSmallIntegerField(
        _("cases at once, at most"), null=True, blank=True, validators=[MinValueValidator(1)]
    )

    class Meta(SourcedRow.Meta):
        verbose_name = _("norm of case load")
        verbose_name_plural = _("norms of case load")
        constraints = [
            *SourcedRow.Meta.constraints,
            models.CheckConstraint(
                name="caseloadnorm_is_positive",
                condition=Q(cases_at_most__isnull=True) | Q(cases_at_most__gt=0),
                violation_error_message=_("A case manager leads at least one case."),
            ),
        ]
