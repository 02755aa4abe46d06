"""How needs and decisions on the social order are written for a reader."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from procurement.queries.orders_needs import Hidden, Shown
from registry.queries.figures import SMALLEST_GROUP
from registry.templatetags.register import amount

register = template.Library()


@register.filter
def people(number: Shown) -> str:
    """Write a number of people as everybody may read it: «12», «fewer than 5», «not known»."""
    if number.hidden == Hidden.FEW:
        return _("fewer than %(count)d") % {"count": SMALLEST_GROUP}
    if number.hidden == Hidden.TELLS:
        return pgettext("number of people", "not shown")
    if number.value is None:
        return pgettext("number of people", "not known")
    return amount(number.value)
