"""What settles competitions, as tables at the desk: policies, rubrics, grounds of steps, rules of the timetable."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db.models import Max
from django.forms.models import ModelForm
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic
from wagtail.admin.viewsets.base import ViewSetGroup

from procurement import ranking
from procurement.interfaces.law_forms import JsonField, PolicyForm, RiskRuleForm, RubricForm, written
from procurement.models import CompetitionPolicy, ProcedureGround, RiskRule, RubricVersion, TimetableRule
from registry.domain.reference_edits import NORMS_TAG
from registry.viewsets.law import CHECKED, NormViewSet
from registry.viewsets.reference import LoggedMixin, ReferenceForm

_SOURCE = ("act", "point", "verified", "note")


class TableInspectView(generic.InspectView):
    """A row as it stands, its structures a thing on a line."""

    def get_field_display_value(self, field_name: str, field: Any) -> Any:
        value = super().get_field_display_value(field_name, field)
        if field is not None and field.get_internal_type() == "JSONField":
            return format_html("<pre>{}</pre>", written(value))
        return value


class TableViewSet(NormViewSet):
    """A table with structured fields, written as JSON and checked by a form of its own."""

    form: ClassVar[type[ModelForm]] = ReferenceForm
    inspect_view_class = TableInspectView

    def formfield_for_dbfield(self, db_field: Any, **kwargs: Any) -> Any:
        if db_field.get_internal_type() == "JSONField":
            return JsonField(label=db_field.verbose_name.capitalize(), required=not db_field.blank)
        return super().formfield_for_dbfield(db_field, **kwargs)

    def get_form_class(self, for_update: bool = False) -> type[ModelForm]:
        return forms.modelform_factory(
            self.model,
            form=self.form,
            formfield_callback=self.formfield_for_dbfield,
            fields=self.fields_of(for_update=for_update),
        )

    def fields_of(self, *, for_update: bool) -> Any:
        """Return what the form asks; where a row is fixed once it is used, an edit asks for less."""
        del for_update
        return self.get_form_fields()


class PolicyViewSet(TableViewSet):
    model = CompetitionPolicy
    form = PolicyForm
    name = "desk_competition_policies"
    url_prefix = "competitions/policies"
    icon = "cogs"
    list_display: ClassVar[Any] = ["name", "profile", "form", "rubric", CHECKED]
    list_filter: ClassVar[Any] = ["verified", "channel"]
    form_fields: ClassVar[Any] = [
        *("profile", "name", "name_en", "channel", "needs_specification"),
        *("needs_register", "needs_service", "legal_forms", "sectors"),
        *("unanswered_holds", "change_unsettles", "form", "rubric"),
        *("commission_min", "quorum_share", "quorum_strict"),
        *("admission", "takes_clarifications", "blind_scoring", "names_members", "has_defence"),
        *("asked_path", "appeal_stops", "in_project_register"),
        *_SOURCE,
    ]


class NextVersionMixin(LoggedMixin):
    """Save as the next version of its code; say at once what still keeps competitions from being announced with it."""

    tag = NORMS_TAG

    def save_instance(self) -> Any:
        instance: RubricVersion = self.form.instance  # type: ignore[attr-defined]
        versions = RubricVersion.objects.filter(code=instance.code)
        instance.number = (versions.aggregate(last=Max("number"))["last"] or 0) + 1
        row = super().save_instance()
        for gap in ranking.gaps_of(row.definition):
            messages.warning(self.request, gap)  # type: ignore[attr-defined]
        return row


class RubricCreateView(NextVersionMixin, generic.CreateView):
    pass


class RubricCopyView(NextVersionMixin, generic.CopyView):
    """A new version that begins as the old one reads."""

    page_title = _("New version")


class RubricViewSet(TableViewSet):
    """Rubrics by version: what a competition was announced with is never edited, a new version takes its place."""

    model = RubricVersion
    form = RubricForm
    name = "desk_rubrics"
    url_prefix = "competitions/rubrics"
    icon = "list-ol"
    add_view_class = RubricCreateView
    copy_view_class = RubricCopyView
    copy_view_enabled = True
    list_display: ClassVar[Any] = ["title_uk", "code", "number", "act", CHECKED]
    list_filter: ClassVar[Any] = ["verified", "code"]
    search_fields: ClassVar[Any] = ["code", "title_uk"]
    form_fields: ClassVar[Any] = ["code", "title_uk", "title_en", "definition", *_SOURCE]

    def fields_of(self, *, for_update: bool) -> Any:
        told = self.get_form_fields()
        return [name for name in told if name not in ("code", "definition")] if for_update else told


class GroundViewSet(TableViewSet):
    model = ProcedureGround
    name = "desk_grounds"
    url_prefix = "competitions/grounds"
    icon = "tag"
    list_display: ClassVar[Any] = ["text_uk", "use", "procedure", "valid_from", "valid_to", CHECKED]
    list_filter: ClassVar[Any] = ["verified", "use", "procedure"]
    search_fields: ClassVar[Any] = ["slug", "text_uk"]
    form_fields: ClassVar[Any] = [
        *("slug", "use", "procedure", "text_uk", "text_en", "mark", "order", "valid_from", "valid_to"),
        *_SOURCE,
    ]


class TimetableViewSet(TableViewSet):
    model = TimetableRule
    name = "desk_timetable_rules"
    url_prefix = "competitions/timetable"
    icon = "date"
    list_display: ClassVar[Any] = ["profile", "code", "start", "bound", "end", "position", CHECKED]
    list_filter: ClassVar[Any] = ["verified", "profile"]
    search_fields: ClassVar[Any] = ["code"]
    form_fields: ClassVar[Any] = ["profile", "code", "start", "end", "bound", "position", "verified", "note"]


class RiskRuleViewSet(TableViewSet):
    """Risk indicators: their words and thresholds; which there are follows from the formulas."""

    model = RiskRule
    form = RiskRuleForm
    name = "desk_risk_rules"
    url_prefix = "competitions/risks"
    icon = "warning"
    list_display: ClassVar[Any] = ["text_uk", "slug", "weight", "valid_from", "valid_to", CHECKED]
    list_filter: ClassVar[Any] = ["verified"]
    search_fields: ClassVar[Any] = ["slug", "text_uk"]
    form_fields: ClassVar[Any] = [
        *("text_uk", "text_en", "formula_uk", "formula_en", "innocent_uk", "innocent_en", "parameters", "weight"),
        *("mark", "order", "valid_from", "valid_to"),
        *_SOURCE,
    ]


class CompetitionLawGroup(ViewSetGroup):
    menu_label = _("Rules of competitions")
    menu_name = "competition-law"
    menu_icon = "cogs"
    menu_order = 320
    items = (PolicyViewSet, RubricViewSet, GroundViewSet, TimetableViewSet, RiskRuleViewSet)
