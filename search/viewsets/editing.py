"""What editors' lists and forms share: saving and deleting by use cases, with Wagtail's own log line of who did it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log

from registry.viewsets.frame import DeskIndexMixin
from registry.viewsets.menu import guarded_menu_item
from search import rules


class SavedByUseCase:
    """Let the viewset's use case write the row, inside the view's transaction."""

    write: Callable[[Any], Model]
    log_action = ""

    def save_instance(self) -> Any:
        row = type(self).write(self.form.save(commit=False))  # type: ignore[attr-defined]
        log(instance=row, action=self.log_action, user=self.request.user, content_changed=True)  # type: ignore[attr-defined]
        return row


class UseCaseCreateView(SavedByUseCase, generic.CreateView):
    log_action = "wagtail.create"


class UseCaseEditView(SavedByUseCase, generic.EditView):
    log_action = "wagtail.edit"


class UseCaseDeleteView(generic.DeleteView):
    remove: Callable[[Any], Any]

    def get_usage_url(self) -> None:
        """Nothing refers to these rows, so there is no use of them to count."""

    def delete_action(self) -> None:
        log(instance=self.object, action="wagtail.delete", user=self.request.user, deleted=True)
        type(self).remove(self.object)


class EditorsIndexView(DeskIndexMixin, generic.IndexView):
    add_item_label = _("Add")


class EditorsViewSet(ModelViewSet):
    """A table of editors: they and administrators change it, auditors read it."""

    index_view_class = EditorsIndexView
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    list_per_page = 50
    search_backend_name = None
    menu_item_class = guarded_menu_item(rules.can_view_search)
    form_class: ClassVar[Any] = None

    def get_form_class(self, for_update: bool = False) -> Any:
        del for_update
        return self.form_class
