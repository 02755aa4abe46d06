"""Providers and each of their services in the index, from the facts of the register that are public."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from registry.enums import AreaKind, PriceMode
from registry.interfaces.exporting.gather import Facts, Provider
from search.analysis.tokens import tokens
from search.annotation import Annotator
from search.documents.facts import Names
from search.documents.parts import (
    Whereabouts,
    access_of,
    covers_of,
    each_of,
    is_offered,
    judge,
    money,
    open_at,
    opening,
    ownership_of,
    phone_of,
    put_in_place,
    reach_of,
    sites_of,
    tokens_of_groups,
    tokens_of_name,
    tokens_of_provider,
    tokens_of_reach,
    told_of,
    wishes_of,
)
from search.documents.shape import Document, summary
from search.enums import Facet, Kind
from search.thesaurus import SERVICE


def service_document(
    provider: Provider, service: Facts, names: Names, annotator: Annotator, *, entry_id: int, position: int, today: date
) -> Document:
    """Return what the index knows of one service of a provider; `position` counts the services of the provider from 1.

    Facts are those that the register's `Gatherer` gave, so all of them are public.
    """
    entry = provider.entry
    slug, name_uk, name_en = names.services[service["service_type_id"]]
    title, content = service.get("title") or "", service.get("content") or ""
    groups = [names.groups[key] for key in service.get("groups", ()) if key in names.groups]
    forms = [names.forms[key] for key in service.get("delivery_forms", ()) if key in names.forms]
    sites = sites_of(provider, service)
    where = Whereabouts(sites or [entry], names)
    access = access_of(sites or provider.sites, names)
    reach = reach_of(sites or provider.sites, names)
    price_mode, price = service.get("price_mode") or PriceMode.UNKNOWN, money(service.get("price"))
    document = Document(f"s-{entry['number']}-{position}", Kind.SERVICE, entry_id)
    document.title = [*tokens_of_name(name_uk, names), *tokens(title)]
    # for whom a service is, is said in a field of its own and as sure as what it is
    document.needs = [*annotator.of(SERVICE, slug), *annotator.tokens(title), *(f"g:{slug}" for slug, _ in groups)]
    document.body = [
        *tokens(content),
        *tokens(service.get("conditions") or ""),
        *tokens_of_groups(groups, names, annotator),
        *annotator.tokens(content),
        *annotator.needs(title or name_uk, name_uk, content),
        *[f"p:{code}" for code in where.oblasts],
    ]
    document.provider = tokens_of_provider(entry)
    document.facets = {
        Facet.SERVICE.value: (slug,),
        Facet.GROUP.value: tuple(group for group, _name in groups),
        Facet.FORM.value: tuple(forms),
        Facet.PRICE.value: (price_mode,),
        Facet.OWNERSHIP.value: ownership_of(entry),
        Facet.URGENT.value: ("1",) if service.get("urgent") else (),
        Facet.ACCESS.value: access,
        Facet.OBLAST.value: where.oblasts,
    }
    document.body += [*wishes_of(document.facets), *tokens_of_reach(reach)]
    document.covers = covers_of(service)
    document.open = opening(service.get("hours")) or open_at(sites)
    document.cost = Decimal(0) if price_mode == PriceMode.FREE else price
    put_in_place(document, where)
    known = (price_mode != PriceMode.UNKNOWN, phone_of(provider), document.open, content, service.get("capacity"))
    judge(document, entry, known, today)
    document.data |= {
        "title_uk": name_uk,
        "title_en": name_en or name_uk,
        "title": title,
        "service": slug,
        "groups": [group for group, _name in groups],
        "forms": forms,
        "price_mode": price_mode,
        "price": None if price is None else f"{price:.2f}",
        "price_unit": service.get("price_unit") or "",
        "urgent": bool(service.get("urgent")),
        "access": list(access),
        "reach": reach,
        "covers": service.get("area_kind") or AreaKind.UNKNOWN.value,
        "availability": service.get("availability"),
        "summary": summary(content),
    }
    return told_of(document, provider, where)


def provider_document(
    provider: Provider, names: Names, annotator: Annotator, *, entry_id: int, today: date
) -> Document:
    """Return what the index knows of a provider as a whole: its names and codes, and in short everything it does."""
    entry = provider.entry
    services = [service for service in provider.services if is_offered(service)]
    kinds = {names.services[service["service_type_id"]][0]: service["service_type_id"] for service in services}
    about = f"{entry.get('about') or ''}\n{entry.get('services_note') or ''}"
    groups = [names.groups[key] for key in each_of(services, "groups") if key in names.groups]
    where = Whereabouts(provider.sites or [entry], names)
    access = access_of(provider.sites, names)
    document = Document(f"p-{entry['number']}", Kind.PROVIDER, entry_id)
    document.title = [*tokens_of_provider(entry), *tokens(entry["number"]), *tokens(entry.get("code") or "")]
    document.needs = [token for slug in kinds for token in annotator.of(SERVICE, slug)]
    document.body = [
        *tokens(about),
        *[token for key in kinds.values() for token in tokens_of_name(names.services[key][1], names)],
        *tokens_of_groups(groups, names, annotator),
        *annotator.tokens(about),
        *[f"p:{code}" for code in where.oblasts],
    ]
    document.facets = {
        Facet.SERVICE.value: tuple(kinds),
        Facet.GROUP.value: tuple(slug for slug, _name in groups),
        Facet.FORM.value: tuple(names.forms[key] for key in each_of(services, "delivery_forms") if key in names.forms),
        Facet.PRICE.value: tuple(
            dict.fromkeys(service.get("price_mode") or PriceMode.UNKNOWN.value for service in services)
        ),
        Facet.OWNERSHIP.value: ownership_of(entry),
        Facet.URGENT.value: ("1",) if any(service.get("urgent") for service in services) else (),
        Facet.ACCESS.value: access,
        Facet.OBLAST.value: where.oblasts,
    }
    document.body += wishes_of(document.facets)
    document.covers = tuple(dict.fromkeys(code for service in services for code in covers_of(service)))
    document.open = open_at(provider.sites)
    put_in_place(document, where)
    known = (services, phone_of(provider), document.open, about.strip(), provider.sites)
    judge(document, entry, known, today)
    document.data |= {
        "title_uk": entry["name"],
        "title_en": entry["name"],
        "title": entry.get("short_name") or "",
        "code": entry.get("code") or "",
        "services": list(kinds),
        "access": list(access),
        "summary": summary(about),
    }
    return told_of(document, provider, where)
