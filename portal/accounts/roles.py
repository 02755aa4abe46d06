"""The desk's roles as auth groups, with what Wagtail itself asks of them; everything else is asked of `rules`.

An editor writes pages and sends them to moderation, keeps pictures, files, the emergency numbers and notices. An
administrator does that too, approves and publishes pages, and keeps accounts.
The other roles only enter the admin: what they may do there, `registry.rules` says.
"""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from portal.accounts.enums import Role

ENTER: Final = ("wagtailadmin.access_admin",)
CONTENT: Final = (
    "portal_site.add_hotline",
    "portal_site.change_hotline",
    "portal_site.delete_hotline",
    "portal_site.view_hotline",
    "portal_site.add_notice",
    "portal_site.change_notice",
    "portal_site.delete_notice",
    "portal_site.view_notice",
)
ACCOUNTS: Final = (
    "accounts.add_user",
    "accounts.change_user",
    "accounts.view_user",
    "wagtailredirects.add_redirect",
    "wagtailredirects.change_redirect",
    "wagtailredirects.delete_redirect",
    *(f"wagtailcore.{action}_{what}" for what in ("workflow", "task") for action in ("add", "change", "delete")),
)
GRANTS: Final = {
    Role.ADMINISTRATOR: (*ENTER, *CONTENT, *ACCOUNTS),
    Role.REGISTRAR: ENTER,
    Role.APPROVER: ENTER,
    Role.EDITOR: (*ENTER, *CONTENT),
    Role.AUDITOR: ENTER,
    Role.COMMISSIONER: ENTER,
}
# an editor writes and submits; what is published, an administrator has read
PAGE_ACTIONS: Final = {
    Role.ADMINISTRATOR: ("add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page"),
    Role.EDITOR: ("add_page", "change_page"),
}
COLLECTION_ACTIONS: Final = (
    "wagtailimages.add_image",
    "wagtailimages.change_image",
    "wagtailimages.choose_image",
    "wagtaildocs.add_document",
    "wagtaildocs.change_document",
    "wagtaildocs.choose_document",
)


@transaction.atomic
def ensure_roles() -> list[Group]:
    """Create the groups that are missing and give each exactly its permissions; safe to run at every start."""
    groups = []
    for role in Role:
        group, _created = Group.objects.get_or_create(name=role.value)
        group.permissions.set(_permissions(GRANTS[role]))
        if role in PAGE_ACTIONS:
            _give_content(group, PAGE_ACTIONS[role])
        groups.append(group)
    return groups


def _permissions(names: tuple[str, ...]) -> list[Permission]:
    found = []
    for name in names:
        app, codename = name.split(".")
        found.append(Permission.objects.get(content_type__app_label=app, codename=codename))
    return found


def _give_content(group: Group, actions: tuple[str, ...]) -> None:
    root = Page.get_first_root_node()
    pages = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=actions)
    GroupPagePermission.objects.filter(group=group, page=root).exclude(permission__in=pages).delete()
    for permission in pages:
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    collection = Collection.get_first_root_node()
    for permission in _permissions(COLLECTION_ACTIONS):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
