"""The reference books: services, groups, factors, territories, minimums, budget codes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.base import ViewSetGroup

from registry import rules
from registry.models import (
    AccessFeature,
    BasicServiceRow,
    BudgetCode,
    DeliveryForm,
    HardshipFactor,
    ServiceType,
    SubsistenceMinimum,
    Territory,
    VulnerableGroup,
)
from registry.queries.desk import find_places
from registry.viewsets.reference import ReferenceIndexView, ReferenceViewSet, UnverifiedColumn


class CatalogueViewSet(ReferenceViewSet):
    readers = staticmethod(rules.can_view_reference)


class TermViewSet(CatalogueViewSet):
    list_display: ClassVar[Any] = ["name_uk", "name_en", "slug"]
    form_fields: ClassVar[Any] = ["name_uk", "name_en", "slug", "order", "mark", "source"]
    search_fields: ClassVar[Any] = ["name_uk", "name_en", "slug"]


class ServiceTypeViewSet(TermViewSet):
    model = ServiceType
    name = "desk_service_types"
    url_prefix = "reference/services"
    icon = "list-ul"
    list_display: ClassVar[Any] = [
        "name_uk",
        "official_code",
        BooleanColumn("code_verified", label=_("Code checked"), sort_key="code_verified"),
        "kind",
    ]
    list_filter: ClassVar[Any] = ["kind", "code_verified"]
    form_fields: ClassVar[Any] = [
        "name_uk",
        "name_en",
        "slug",
        "official_code",
        "code_verified",
        "kind",
        "summary_uk",
        "summary_en",
        "delivery_forms",
        "groups",
        "state_standard",
        "order",
        "mark",
        "source",
    ]


class BasicServiceViewSet(CatalogueViewSet):
    model = BasicServiceRow
    name = "desk_basic_services"
    url_prefix = "reference/basic-services"
    icon = "pick"
    list_display: ClassVar[Any] = [
        "service_type",
        "valid_from",
        "valid_to",
        "act",
        "point",
        UnverifiedColumn("verified", label=_("Checked")),
    ]
    list_filter: ClassVar[Any] = ["verified"]
    form_fields: ClassVar[Any] = ["service_type", "valid_from", "valid_to", "act", "point", "verified", "note"]


class VulnerableGroupViewSet(TermViewSet):
    model = VulnerableGroup
    name = "desk_groups"
    url_prefix = "reference/groups"
    icon = "group"


class HardshipFactorViewSet(TermViewSet):
    model = HardshipFactor
    name = "desk_factors"
    url_prefix = "reference/factors"
    icon = "warning"


class DeliveryFormViewSet(TermViewSet):
    model = DeliveryForm
    name = "desk_delivery_forms"
    url_prefix = "reference/delivery-forms"
    icon = "home"


class AccessFeatureViewSet(TermViewSet):
    model = AccessFeature
    name = "desk_access_features"
    url_prefix = "reference/access-features"
    icon = "view"


class SubsistenceMinimumViewSet(CatalogueViewSet):
    model = SubsistenceMinimum
    name = "desk_minimums"
    url_prefix = "reference/minimums"
    icon = "calendar"
    list_display: ClassVar[Any] = [
        "group",
        "amount",
        "valid_from",
        "valid_to",
        "law",
        UnverifiedColumn("verified", label=_("Checked")),
    ]
    list_filter: ClassVar[Any] = ["group", "verified"]
    ordering: ClassVar[Any] = ["-valid_from", "group"]
    form_fields: ClassVar[Any] = [
        "group",
        "amount",
        "valid_from",
        "valid_to",
        "law",
        "law_on",
        "article",
        "source_url",
        "verified",
        "note",
    ]


class BudgetCodeViewSet(CatalogueViewSet):
    model = BudgetCode
    name = "desk_budget_codes"
    url_prefix = "reference/budget-codes"
    icon = "table"
    list_display: ClassVar[Any] = ["code", "name", "scheme", "mark"]
    list_filter: ClassVar[Any] = ["scheme"]
    search_fields: ClassVar[Any] = ["code", "name"]
    form_fields: ClassVar[Any] = ["scheme", "code", "name", "source", "mark"]


class TerritoryIndexView(ReferenceIndexView):
    """31,744 units: the search asks the indexed beginnings of names, not every name."""

    is_searchable = True

    def search_queryset(self, queryset: QuerySet[Territory]) -> QuerySet[Territory]:
        if not self.is_searching:
            return queryset
        return queryset.filter(pk__in=[unit.pk for unit in find_places(self.search_query, limit=300)])


def _above(unit: Territory) -> str:
    return ", ".join(other.label for other in (unit.hromada, unit.raion, unit.oblast) if other and other.pk != unit.pk)


class TerritoryViewSet(CatalogueViewSet):
    """Units of the codifier, with the facts that no package carries; names and borders are not edited here."""

    model = Territory
    name = "desk_territories"
    url_prefix = "reference/territories"
    icon = "site"
    index_view_class = TerritoryIndexView
    ordering = "code"
    list_display: ClassVar[Any] = [
        "name",
        "category",
        Column("above", label=_("Part of"), accessor=_above),
        "code",
        "population",
        "budget_code",
    ]
    list_filter: ClassVar[Any] = ["category", "in_codifier"]
    form_fields: ClassVar[Any] = [
        "population",
        "population_on",
        "area_km2",
        "budget_code",
        "budget_name",
        "latitude",
        "longitude",
        "facts_source",
    ]
    inspect_view_fields: ClassVar[Any] = [
        "name",
        "code",
        "category",
        "parent",
        "oblast",
        "raion",
        "hromada",
        "centre",
        "in_codifier",
        *form_fields,
    ]


class ReferenceGroup(ViewSetGroup):
    menu_label = _("Reference books")
    menu_name = "reference"
    menu_icon = "list-ul"
    menu_order = 300
    items = (
        ServiceTypeViewSet,
        BasicServiceViewSet,
        VulnerableGroupViewSet,
        HardshipFactorViewSet,
        DeliveryFormViewSet,
        AccessFeatureViewSet,
        TerritoryViewSet,
        SubsistenceMinimumViewSet,
        BudgetCodeViewSet,
    )
