"""What the viewsets of reference tables share: the ground of a correction, its log entry, reading without editing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import ModelForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from portal.accounts.enums import Role
from registry.domain.desk import actor_for
from registry.domain.reference_edits import CATALOGUE_TAG, log_reference_edit, reference_values
from registry.interfaces.desk_fields import DayField, GroundField
from registry.viewsets.frame import DeskIndexMixin
from registry.viewsets.menu import guarded_menu_item


class LoggedMixin:
    """Log what a saved form changed, in the transaction that saves it."""

    tag = CATALOGUE_TAG

    def save_instance(self) -> Any:
        form = self.form  # type: ignore[attr-defined]
        fresh = form._meta.model.objects.filter(pk=form.instance.pk).first()  # noqa: SLF001 the form's own model
        before = reference_values(fresh) if fresh else {}
        row = super().save_instance()  # type: ignore[misc]
        log_reference_edit(
            row,
            before=before,
            actor=actor_for(self.request.user, Role.ADMINISTRATOR),  # type: ignore[attr-defined]
            ground=form.cleaned_data["edit_ground"],
            now=timezone.now(),
            tag=self.tag,
        )
        return row


class LoggedCreateView(LoggedMixin, generic.CreateView):
    pass


class LoggedEditView(LoggedMixin, generic.EditView):
    pass


class ReferenceIndexView(DeskIndexMixin, generic.IndexView):
    """Rows with everything their texts need, in one query."""

    add_item_label = _("Add")

    def get_base_queryset(self) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_base_queryset()
        foreign = [field.name for field in queryset.model._meta.concrete_fields if field.many_to_one]  # noqa: SLF001
        return queryset.select_related(*foreign) if foreign else queryset


class UnverifiedColumn(Column):
    """The mark of a row that nobody has compared with the act in force."""

    cell_template_name = "desk/cells/verified.html"


class ReferenceForm(ModelForm):
    """A row of reference with the ground of its correction; a date is picked, an unverified row says so."""

    edit_ground = GroundField(
        label=_("Ground of the correction"), help_text=_("Name the act, its point and edition, or the source.")
    )


class ReferenceViewSet(ModelViewSet):
    """A reference table: officials read it, administrators correct it, nobody deletes from it."""

    add_view_class = LoggedCreateView
    edit_view_class = LoggedEditView
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    list_per_page = 50
    search_backend_name = None
    index_view_class = ReferenceIndexView
    edit_template_name = "desk/reference_edit.html"
    # who sees the menu item
    readers: Any = None

    @property
    def menu_item_class(self) -> Any:  # type: ignore[override]
        return guarded_menu_item(self.readers)

    def formfield_for_dbfield(self, db_field: Any, **kwargs: Any) -> Any:
        if db_field.get_internal_type() == "DateField":
            return DayField(label=db_field.verbose_name.capitalize(), required=not db_field.blank)
        if db_field.get_internal_type() == "TextField":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 3})
        if db_field.many_to_many:
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_dbfield(db_field, **kwargs)

    def get_form_class(self, for_update: bool = False) -> type[ModelForm]:
        del for_update
        return forms.modelform_factory(
            self.model,
            form=ReferenceForm,
            formfield_callback=self.formfield_for_dbfield,
            fields=self.get_form_fields(),
        )
