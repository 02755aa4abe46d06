"""Promotions at the desk: what stands above the results of certain questions, and until when."""

from __future__ import annotations

from typing import Any, ClassVar

from wagtail.admin.ui.tables import BooleanColumn

from search.domain.promotions import remove_promotion, save_promotion
from search.interfaces.synonym_forms import PromotionForm
from search.models import Promotion
from search.viewsets.editing import EditorsViewSet, UseCaseCreateView, UseCaseDeleteView, UseCaseEditView


class PromotionCreateView(UseCaseCreateView):
    write = staticmethod(save_promotion)


class PromotionEditView(UseCaseEditView):
    write = staticmethod(save_promotion)


class PromotionDeleteView(UseCaseDeleteView):
    remove = staticmethod(remove_promotion)


class PromotionViewSet(EditorsViewSet):
    model = Promotion
    name = "desk_promotions"
    url_prefix = "search/promotions"
    icon = "pick"
    add_view_class = PromotionCreateView
    edit_view_class = PromotionEditView
    delete_view_class = PromotionDeleteView
    form_class = PromotionForm
    search_fields: ClassVar[Any] = ["title", "phrases", "url"]
    list_display: ClassVar[Any] = ["title", "url", "valid_from", "valid_to", BooleanColumn("active", sort_key="active")]
    list_filter: ClassVar[Any] = ["active"]
    inspect_view_fields: ClassVar[Any] = ["title", "text", "phrases", "url", "valid_from", "valid_to", "active"]
