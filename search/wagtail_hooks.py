"""What the search adds to the Wagtail admin: its words and what they did not find."""

from __future__ import annotations

from wagtail import hooks

from search.viewsets.policies import register_policies

register_policies()

from search.viewsets.group import SearchGroup  # noqa: E402 Wagtail asks policies before views exist


@hooks.register("register_admin_viewset")
def register_search_desk() -> SearchGroup:
    return SearchGroup()
