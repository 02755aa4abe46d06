"""Rules about payment and norms of staffing at the desk: read by officials, corrected with a ground, never deleted."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from registry.models import CaseLoadNorm, FeeRule, FreeOfCharge, IncomeBand, PaymentTerm, StaffingNorm
from registry.viewsets.catalogue import CatalogueViewSet
from registry.viewsets.reference import UnverifiedColumn

_CITED = ("act", "point", "source", "mark", "valid_from", "valid_to", "verified", "note", "order")


class PaymentViewSet(CatalogueViewSet):
    """A dated row with its clause; `own` are the fields of its table."""

    own: ClassVar[tuple[str, ...]] = ()
    list_filter: ClassVar[Any] = ["verified"]
    ordering: ClassVar[Any] = ["order", "slug"]

    @property
    def list_display(self) -> list[Any]:
        return ["text_uk", *self.own[:2], "valid_from", "valid_to", UnverifiedColumn("verified", label=_("Checked"))]

    @property
    def form_fields(self) -> list[str]:
        return ["slug", "text_uk", "text_en", *self.own, *_CITED]


class FreeOfChargeViewSet(PaymentViewSet):
    model = FreeOfCharge
    name = "desk_free_of_charge"
    url_prefix = "payment/free"
    icon = "pick"
    own = ("kind", "sectors", "group", "disability", "age_below", "service_type", "is_unread")


class IncomeBandViewSet(PaymentViewSet):
    model = IncomeBand
    name = "desk_income_bands"
    url_prefix = "payment/bands"
    icon = "list-ol"
    own = ("outcome", "from_minimums", "from_included", "to_minimums", "to_included")


class FeeRuleViewSet(PaymentViewSet):
    model = FeeRule
    name = "desk_fee_rules"
    url_prefix = "payment/fees"
    icon = "decimal"
    own = ("share_of_tariff", "cap_share_of_income", "from_minimums", "to_minimums")


class PaymentTermViewSet(PaymentViewSet):
    model = PaymentTerm
    name = "desk_payment_terms"
    url_prefix = "payment/terms"
    icon = "doc-full"
    own = ("rule", "minimum")


class StaffingNormViewSet(PaymentViewSet):
    model = StaffingNorm
    name = "desk_staffing_norms"
    url_prefix = "payment/staffing"
    icon = "group"
    own = (
        "role",
        "status",
        "residents",
        "per_residents",
        "size_from",
        "size_from_included",
        "size_to",
        "size_to_included",
        "rounding",
    )


class CaseLoadViewSet(PaymentViewSet):
    model = CaseLoadNorm
    name = "desk_case_loads"
    url_prefix = "payment/case-loads"
    icon = "folder-open-1"
    own = ("model", "cases_at_most")


class PaymentGroup(ViewSetGroup):
    menu_label = _("Payment and staffing")
    menu_name = "payment"
    menu_icon = "decimal"
    menu_order = 310
    items = (
        FreeOfChargeViewSet,
        IncomeBandViewSet,
        FeeRuleViewSet,
        PaymentTermViewSet,
        StaffingNormViewSet,
        CaseLoadViewSet,
    )
