"""Small things of comparisons and of what machines read on cards."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from portal.site.together.json_ld import as_script, card_graph
from registry.queries.card import Card

register = template.Library()


@register.filter
def name_of(columns: list[tuple[Any, str]], place: int) -> str:
    """Return the provider of a column in short: on a phone every cell says whose it is."""
    organisation = columns[place][0].entry.organisation
    return str(organisation.short_name or organisation.name)


@register.simple_tag
def json_ld(card: Card) -> SafeString:
    """Return the card as a block of data for machines; no browser runs it, so no policy forbids it."""
    graph = card_graph(card)
    if graph is None:
        return SafeString("")
    return mark_safe(f'<script type="application/ld+json">{as_script(graph)}</script>')
