"""Synonyms at the desk: found, filtered, edited, brought in a file, taken out as one."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.widgets.boolean_radio_select import BooleanRadioSelect
from wagtail.admin.widgets.button import Button, HeaderButton

from registry.viewsets.log import MomentColumn
from search import rules
from search.domain.synonyms import remove_synonym, save_synonym
from search.enums import SynonymKind, SynonymLanguage
from search.interfaces.synonym_forms import SynonymForm
from search.models import Synonym
from search.queries.synonyms import find_synonyms
from search.queries.targets import Targets, open_targets
from search.viewsets import synonym_pages
from search.viewsets.editing import (
    EditorsIndexView,
    EditorsViewSet,
    UseCaseCreateView,
    UseCaseDeleteView,
    UseCaseEditView,
)


def weight_of(row: Synonym) -> str:
    return str(number_format(row.weight.normalize()))


class SynonymFilterSet(WagtailFilterSet):
    kind = django_filters.ChoiceFilter(choices=SynonymKind.choices, label=_("What it leads to"))
    language = django_filters.ChoiceFilter(choices=SynonymLanguage.choices, label=_("Language"))
    active = django_filters.BooleanFilter(label=_("In use"), widget=BooleanRadioSelect)
    edited = django_filters.BooleanFilter(
        field_name="edited_at",
        lookup_expr="isnull",
        exclude=True,
        label=_("Edited by people"),
        widget=BooleanRadioSelect,
    )

    class Meta:
        model = Synonym
        fields: list[str] = []


class EditedColumn(MomentColumn):
    """When people edited the row; nothing for one that is as shipped."""

    cell_template_name = "desk/cells/edited.html"


class SynonymIndexView(EditorsIndexView):
    is_searchable = True
    filterset_class = SynonymFilterSet
    default_ordering = ("phrase", "kind", "target")

    @cached_property
    def targets(self) -> Targets:
        return open_targets()

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column("phrase"),
            Column("kind", label=_("What it leads to"), accessor="get_kind_display", sort_key="kind"),
            Column("target", label=_("Target"), accessor=self.target_of, sort_key="target"),
            Column("weight", label=_("Weight"), accessor=weight_of, sort_key="weight"),
            Column("language", label=_("Language"), accessor="get_language_display", sort_key="language"),
            BooleanColumn("active", label=_("In use"), sort_key="active"),
            EditedColumn("edited_at", label=_("Edited by people"), sort_key="edited_at"),
        ]

    def target_of(self, row: Synonym) -> str:
        return self.targets.name(row.kind, row.target)

    def search_queryset(self, queryset: QuerySet[Synonym]) -> QuerySet[Synonym]:
        return find_synonyms(queryset, self.search_query, self.targets) if self.is_searching else queryset

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        buttons = list(super().header_buttons)
        if rules.can_edit_search(self.request.user):
            buttons.append(HeaderButton(_("Import a file"), url=reverse("desk_synonyms:import"), icon_name="upload"))
        return buttons

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        files = [
            Button(label, url=reverse("desk_synonyms:export", args=[form]), icon_name="download", priority=priority)
            for priority, (form, label) in enumerate([("csv", _("All as CSV")), ("xlsx", _("All as XLSX"))], 50)
        ]
        return [*super().header_more_buttons, *files]


class SynonymCreateView(UseCaseCreateView):
    """A new direction; a report hands the phrase over in the address."""

    def get_initial(self) -> dict[str, Any]:
        return {"phrase": self.request.GET.get("phrase", "")[:120]}

    @staticmethod
    def write(row: Synonym) -> Synonym:
        return save_synonym(row, now=timezone.now())


class SynonymEditView(UseCaseEditView):
    @staticmethod
    def write(row: Synonym) -> Synonym:
        return save_synonym(row, now=timezone.now())


class SynonymDeleteView(UseCaseDeleteView):
    """A row of people's own goes; a shipped one is switched off, and the page says so before."""

    @staticmethod
    def remove(row: Synonym) -> None:
        remove_synonym(row, now=timezone.now())

    @property
    def confirmation_message(self) -> str:
        if self.object.is_shipped:
            return str(_("This synonym came with the portal. It will be taken out of use and stay so after an update."))
        return str(super().confirmation_message)

    def get_success_message(self) -> str:
        if self.object.is_shipped:
            return str(_("The synonym “%(row)s” is out of use.") % {"row": self.object})
        return str(super().get_success_message())


class SynonymViewSet(EditorsViewSet):
    model = Synonym
    name = "desk_synonyms"
    url_prefix = "search/synonyms"
    icon = "link"
    index_view_class = SynonymIndexView
    add_view_class = SynonymCreateView
    edit_view_class = SynonymEditView
    delete_view_class = SynonymDeleteView
    form_class = SynonymForm
    inspect_view_fields: ClassVar[Any] = [
        "phrase",
        "kind",
        "target",
        "weight",
        "language",
        "active",
        "note",
        "edited_at",
    ]

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("import/", synonym_pages.bring_file, name="import"),
            path("import/<uuid:pk>/", synonym_pages.preview_file, name="preview"),
            path("export/<str:form>/", synonym_pages.export_file, name="export"),
        ]
