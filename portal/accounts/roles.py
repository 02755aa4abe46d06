"""The desk's roles as auth groups, with what Wagtail itself asks of them; everything else is asked of `rules`.

An editor keeps pages, pictures, files and the emergency numbers. An administrator does that too, and keeps accounts.
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
)
ACCOUNTS: Final = (
    "accounts.add_user",
    "accounts.change_user",
    "accounts.view_user",
    "wagtailredirects.add_redirect",
    "wagtailredirects.change_redirect",
    "wagtailredirects.delete_redirect",
)
GRANTS: Final = {
    Role.ADMINISTRATOR: (*ENTER, *CONTENT, *ACCOUNTS),
    Role.REGISTRAR: ENTER,
    Role.APPROVER: ENTER,
    Role.EDITOR: (*ENTER, *CONTENT),
    Role.AUDITOR: ENTER,
    Role.COMMISSIONER: ENTER,
}
KEEPERS_OF_PAGES: Final = (Role.ADMINISTRATOR, Role.EDITOR)
PAGE_ACTIONS: Final = ("add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page")
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
        if role in KEEPERS_OF_PAGES:
            _give_content(group)
        groups.append(group)
    return groups


def _permissions(names: tuple[str, ...]) -> list[Permission]:
    found = []
    for name in names:
        app, codename = name.split(".")
        found.append(Permission.objects.get(content_type__app_label=app, codename=codename))
    return found


def _give_content(group: Group) -> None:
    root = Page.get_first_root_node()
    pages = Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=PAGE_ACTIONS)
    for permission in pages:
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
    collection = Collection.get_first_root_node()
    for permission in _permissions(COLLECTION_ACTIONS):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)
