"""Accounts at the desk: Wagtail's own pages, with our roles, territories, and a log line when either changes."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.widgets.boolean_radio_select import BooleanRadioSelect
from wagtail.users.views import users as wagtail_users
from wagtail.users.views.groups import GroupViewSet

from portal.accounts.enums import Role
from portal.accounts.models import User
from portal.kernel import audit
from registry.domain.desk import actor_for
from registry.interfaces.user_forms import OfficialCreationForm, OfficialEditForm
from registry.viewsets.frame import DeskIndexMixin

ROLES_TAG = "accounts:user:roles"


class OfficialFilterSet(WagtailFilterSet):
    role = django_filters.ChoiceFilter(field_name="groups__name", choices=Role.choices, label=_("Role"))
    is_active = django_filters.BooleanFilter(label=_("Active"), widget=BooleanRadioSelect)

    class Meta:
        model = User
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("is_searching", None)
        super().__init__(*args, **kwargs)


def roles_of(user: User) -> str:
    names = {group.name for group in user.groups.all()}
    return ", ".join(str(role.label) for role in Role if role.value in names)


def territories_of(user: Any) -> str:
    return ", ".join(scope.territory.label for scope in user.territory_scopes.all())


class OfficialIndexView(DeskIndexMixin, wagtail_users.IndexView):
    template_name = "wagtailadmin/generic/index.html"
    results_template_name = "wagtailadmin/generic/index_results.html"

    @cached_property
    def columns(self) -> list[Column]:
        title = self._get_title_column_class(TitleColumn)
        return [
            title("name", label=_("Person"), accessor=str, get_url=self.get_edit_url),
            Column("email", label=_("E-mail"), sort_key="email"),
            Column("roles", label=_("Roles"), accessor=roles_of),
            Column("territories", label=_("Territories"), accessor=territories_of),
            BooleanColumn("is_active", label=_("Active"), sort_key="is_active"),
            DateColumn("last_login", label=_("Last login"), sort_key="last_login"),
        ]

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().prefetch_related("groups", "territory_scopes__territory")


def _standing(user: User) -> dict[str, list[str]]:
    """Return what an account may do, for the log: no name, no address."""
    fresh = User.objects.get(pk=user.pk)
    return {
        "roles": sorted(role.value for role in fresh.roles),
        "territories": sorted(fresh.territory_scopes.values_list("territory__code", flat=True)),  # type: ignore[attr-defined]
        "active": [str(fresh.is_active).lower()],
    }


class LoggedMixin:
    """Log a change of roles, territories or activity, in the transaction that makes it."""

    def save_instance(self) -> Any:
        with transaction.atomic():
            known = getattr(self, "object", None)
            before = _standing(known) if known is not None else {}
            user = super().save_instance()  # type: ignore[misc]
            after = _standing(user)
            if before != after:
                audit.append(
                    tag=ROLES_TAG,
                    subject=f"accounts.user:{user.pk}",
                    payload={"before": before, "after": after},
                    actor_role=actor_for(self.request.user, Role.ADMINISTRATOR).role,  # type: ignore[attr-defined]
                    at=timezone.now(),
                )
        return user


class OfficialCreateView(LoggedMixin, wagtail_users.CreateView):
    pass


class OfficialEditView(LoggedMixin, wagtail_users.EditView):
    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep a superuser's account from those who are none: its password would make them one."""
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class OfficialViewSet(wagtail_users.UserViewSet):
    index_view_class = OfficialIndexView
    add_view_class = OfficialCreateView
    edit_view_class = OfficialEditView
    filterset_class = OfficialFilterSet
    create_template_name = "desk/user_create.html"
    edit_template_name = "desk/user_edit.html"

    def get_form_class(self, for_update: bool = False) -> Any:
        return OfficialEditForm if for_update else OfficialCreationForm


class RoleViewSet(GroupViewSet):
    """Groups are roles and roles are code (`ensure_roles`): the pages stay for superusers, the menu leaves them out."""

    add_to_settings_menu = False


def forbid_bulk_roles(request: Any, action_type: str, objects: Any, action_class_instance: Any) -> Any:
    """Refuse Wagtail's bulk changes of accounts, which would pass the log by."""
    del request, action_type, objects
    if issubclass(action_class_instance.model, User):
        raise PermissionDenied
