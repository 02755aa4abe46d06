"""The way from a page to the same thing as open data."""

from __future__ import annotations

from django import template
from django.urls import reverse

from portal.site.opendata.ocds.values import ocid_of
from procurement.models import Competition, Contract

register = template.Library()


@register.filter
def ocds_record(one: Competition | Contract) -> str:
    """Return the address of the OCDS record that has this competition, or this contract."""
    competition = one.competition if isinstance(one, Contract) else one
    return reverse("site:ocds_record", args=[ocid_of(str((competition or one).number))])
