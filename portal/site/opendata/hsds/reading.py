"""Reading for HSDS: public objects of providers, and what they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Max
from django.utils import translation

from portal.kernel.pieces import pieces
from portal.site.opendata.hsds.offers import Known, service_of
from portal.site.opendata.hsds.parts import Told
from portal.site.opendata.hsds.vocabulary import LANGUAGE, Terms
from portal.site.opendata.objects.providers import read_providers
from portal.site.opendata.objects.services import provider_of
from registry.enums import Standing
from registry.models import EntryChange, Territory

CHUNK = 200


def read_known(numbers: Sequence[str], terms: Terms, today: date) -> Known:
    """Read the providers with these numbers that were not excluded; as many queries for many as for one."""
    found = {number: one for number, one in read_providers(numbers).items() if one["standing"] in Standing.active}
    codes = {code for one in found.values() for given in one["services"] for code in given["areas"]}
    units = Territory.objects.filter(code__in=codes).only("code", "name", "category")
    changes = EntryChange.objects.filter(entry__number__in=found).order_by().values_list("entry__number")
    return Known(
        terms=terms,
        providers=found,
        areas={unit.code: unit.label for unit in units},
        changed=dict(changes.annotate(Max("at"))),
        today=today,
    )


def given_by_key(known: Known) -> dict[str, tuple[Told, Told]]:
    """Return providers with one of their services by its key."""
    return {given["id"]: (one, given) for one in known.providers.values() for given in one["services"]}


def read_services(keys: Sequence[str], terms: Terms, today: date) -> Iterator[Told]:
    """Yield the public ones among the services with these keys, fully nested, in the order given."""
    for some in pieces(keys, CHUNK):
        known = read_known(list(dict.fromkeys(map(provider_of, some))), terms, today)
        there = given_by_key(known)
        for key in some:
            if key in there:
                with translation.override(LANGUAGE):
                    told = service_of(*there[key], known)
                yield told
