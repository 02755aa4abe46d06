"""Wagtail's app of users, with our pages for accounts in place of its own."""

from wagtail.users.apps import WagtailUsersAppConfig


class PortalUsersConfig(WagtailUsersAppConfig):
    user_viewset = "registry.viewsets.users.OfficialViewSet"
    group_viewset = "registry.viewsets.users.RoleViewSet"
