"""What a version of a contract says, from rows to plain values: both sides sign its digest; page and PDF read it alone.

`ContractVersion.content` holds

    number, own_number, version, kind, title, channel
    parties     {commissioner: {name, code, address, hromada, hromada_code}, contractor: {name, code}}
    ground      {words, competition, lot, decision, decision_on, minutes_on, identifier, identifier_url}
    terms       {service_from, service_to, report_period, report_days, report_unit, payment_days, payment_unit, sign_by}
    lines       [{number, title, service, service_slug, group, group_slug, categories, content, quality, standard,
                  recipients, pricing, volume, unit, tariff, tariff_act, sum}]
    sum         of the lines
    funding     [{line, year, code, economic_code, title, amount}]
    sections    [{heading, paragraphs}]     the words, with their places filled in
    template    {code, number, digest} or null
    amendment   {ground, ground_slug, citation, reason, effective_on, before, before_digest, before_sum} or null

A number of people below the smallest group that is published is written "<5": the content is public.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from portal.kernel import audit
from portal.kernel.norms import DAY_FORMAT
from procurement.contract_enums import ContractVersionKind
from procurement.domain.contracts.steps import version_in_force
from procurement.domain.contracts.templates import filled
from procurement.domain.contracts.terms import length_words
from procurement.models import Award, BudgetLine, Contract, ContractLine, ContractVersion
from procurement.queries.contracts.public import contractor_name
from registry.queries.figures import SMALLEST_GROUP

_COPIED: Final = ("number", "title", "categories", "content", "quality", "standard", "pricing", "unit", "tariff_act")
FEW: Final = f"<{SMALLEST_GROUP}"


def content_of(version: ContractVersion, contract: Contract) -> dict[str, Any]:
    """Write down the whole contract as the rows of a version have it."""
    lines = version.lines.select_related("service_type", "group").order_by("number")
    ground = ground_of(contract)
    return {
        "number": contract.number,
        "own_number": contract.own_number,
        "version": version.number,
        "kind": version.kind,
        "title": version.title,
        "channel": contract.channel,
        "parties": _parties(contract),
        "ground": ground,
        "terms": _terms(version, contract),
        "lines": [_line(one) for one in lines],
        "sum": str(version.sum),
        "funding": _funding(version),
        "sections": filled(version.sections, places_of(version, contract, ground)),
        "template": _template(version),
        "amendment": _amendment(version, contract),
    }


def ground_of(contract: Contract) -> dict[str, str]:
    """Return on what the contract rests: order and minutes of the competition, or what another channel named."""
    award: Award | None = contract.award
    told = {"identifier": contract.identifier, "identifier_url": contract.identifier_url}
    if award is None:
        return {"words": contract.ground_text, **told}
    decision, minutes = award.decision, award.decision.minutes
    numbers = {
        "act": decision.act_number,
        "on": _day(decision.act_on),
        "minutes": minutes.number,
        "signed": _day(minutes.signed_at.date()) if minutes.signed_at else "",
        "competition": decision.competition.number or "",
    }
    with translation.override(settings.LANGUAGE_CODE):
        words = _(
            "order № %(act)s of %(on)s, minutes № %(minutes)s of the commission of %(signed)s, competition "
            "№ %(competition)s"
        )
    return {
        "words": words % numbers,
        "competition": decision.competition.number or "",
        "lot": str(award.lot.number),
        "decision": decision.act_number,
        "decision_on": decision.act_on.isoformat(),
        "minutes_on": minutes.signed_at.date().isoformat() if minutes.signed_at else "",
        **told,
    }


def places_of(version: ContractVersion, contract: Contract, ground: Mapping[str, str]) -> dict[str, str]:
    """Return what fills the places of the words (`templates.PLACES`), in the language of the contract."""
    with translation.override(settings.LANGUAGE_CODE):
        parties = _parties(contract)
        body, provider = parties["commissioner"], parties["contractor"]
        return {
            "number": contract.number or "",
            "own_number": contract.own_number or contract.number or "",
            "title": version.title,
            "commissioner": body["name"],
            "commissioner_code": body["code"],
            "commissioner_address": body["address"],
            "contractor": provider["name"],
            "contractor_code": provider["code"],
            "ground": ground["words"],
            "service_from": _day(version.service_from),
            "service_to": _day(version.service_to),
            "sum": number_format(version.sum, 2, use_l10n=True, force_grouping=True),
            "report_period": str(version.get_report_period_display()).lower() if version.report_period else "",
            "report_term": term_words(version.report_days, version.report_unit),
            "payment_term": term_words(version.payment_days, version.payment_unit),
        }


def term_words(days: int | None, unit: str) -> str:
    """Say a term of the contract, or that there is none."""
    return length_words(days, unit) if days is not None and unit else _("not set by the contract")


def people(number: int | None) -> int | str | None:
    """Return a number of people as everybody may read it."""
    return FEW if number is not None and 0 < number < SMALLEST_GROUP else number


def _day(on: date | None) -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return date_format(on, DAY_FORMAT) if on else ""


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None


def _parties(contract: Contract) -> dict[str, dict[str, str]]:
    body, provider = contract.commissioner, contract.contractor
    return {
        "commissioner": {
            "name": body.organisation.name,
            "code": body.organisation.code or "",
            "address": body.address,
            "hromada": contract.hromada.name,
            "hromada_code": contract.hromada.code,
        },
        # a natural person is not named in what is public, and a person's number is nobody's to read
        "contractor": {"name": contractor_name(contract), "code": provider.code or ""},
    }


def _terms(version: ContractVersion, contract: Contract) -> dict[str, Any]:
    return {
        "service_from": _iso(version.service_from),
        "service_to": _iso(version.service_to),
        "report_period": version.report_period,
        "report_days": version.report_days,
        "report_unit": version.report_unit,
        "payment_days": version.payment_days,
        "payment_unit": version.payment_unit,
        "sign_by": _iso(contract.sign_by),
    }


def _line(line: ContractLine) -> dict[str, Any]:
    service, group = line.service_type, line.group
    return {
        **{name: getattr(line, name) for name in _COPIED},
        "service": service.name_uk if service else "",
        "service_slug": service.slug if service else "",
        "group": group.name_uk if group else "",
        "group_slug": group.slug if group else "",
        "recipients": people(line.recipients),
        "volume": _text(line.volume),
        "tariff": _text(line.tariff),
        "sum": str(line.sum),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _funding(version: ContractVersion) -> list[dict[str, Any]]:
    sums = funding_of(version)
    rows = BudgetLine.objects.filter(pk__in=sums).order_by("year", "code", "pk")
    return [
        {
            "line": row.pk,
            "year": row.year,
            "code": row.code,
            "economic_code": row.economic_code,
            "title": row.title,
            "amount": str(sums[row.pk]),
        }
        for row in rows
    ]


def funding_of(version: ContractVersion) -> dict[int, Decimal]:
    """Return the agreed sums by budget line, as the version has them."""
    return {int(row["line"]): Decimal(row["amount"]) for row in version.funding}


def _template(version: ContractVersion) -> dict[str, Any] | None:
    used = version.template
    if used is None:
        return None
    return {"code": used.code, "number": used.number, "digest": audit.digest_of(used.definition)}


def _amendment(version: ContractVersion, contract: Contract) -> dict[str, Any] | None:
    if version.kind != ContractVersionKind.AMENDMENT:
        return None
    ground, before = version.ground, version_in_force(contract)
    return {
        "ground": ground.text_uk if ground else "",
        "ground_slug": ground.slug if ground else "",
        "citation": version.citation,
        "reason": version.reason,
        "effective_on": _iso(version.effective_on),
        "before": before.number if before else None,
        "before_digest": before.digest if before else "",
        "before_sum": str(before.sum) if before else "",
    }
