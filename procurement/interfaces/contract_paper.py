"""A version of a contract as its pages and its paper say it: the frozen content in words, signatures beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from procurement.contract_enums import ContractVersionKind, ContractVersionState, Pricing, ReportPeriod, Side
from procurement.domain.contracts.contents import content_of, term_words
from procurement.domain.contracts.signature_files import VERIFIER
from procurement.enums import Channel
from procurement.interfaces.moments import in_words, read_day, read_money
from procurement.models import ContractSignature, ContractVersion
from registry.enums import PriceUnit
from registry.templatetags.register import money

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Signed:
    """One side's signature in words; `file` says what is known of the file of a qualified one."""

    side: str
    signer: str
    at: str
    file: str
    log_seq: int | None
    row: ContractSignature


class ContractPaper:
    """What is printed of a version; of a draft, what it would say if it were offered now."""

    def __init__(self, version: ContractVersion) -> None:
        self.version, self.contract = version, version.contract

    @cached_property
    def content(self) -> Mapping[str, Any]:
        return self.version.content or content_of(self.version, self.contract)

    @property
    def title(self) -> str:
        if self.version.kind == ContractVersionKind.AMENDMENT:
            words = _("Contract № %(number)s as amended, version %(version)d")
        else:
            words = _("Contract № %(number)s")
        return words % {"number": self.contract.number or "______", "version": self.version.number}

    @property
    def standing(self) -> str:
        """Say shortly whether the version is in force, waits, was withdrawn or was replaced."""
        state, number = self.version.state, self.version.number
        if state == ContractVersionState.SIGNED:
            is_latest = number == self.contract.version
            return self.contract.state if is_latest else f"replaced{self.contract.version}"
        return str(state)

    @property
    def standing_words(self) -> str:
        """Say in a sentence what the paper is worth today; nothing where it is the text in force."""
        if self.version.state == ContractVersionState.DRAFT:
            return _("A draft: nobody has offered or signed it.")
        if self.version.state == ContractVersionState.OFFERED:
            return _("Offered for signature; it is in force once both sides have signed.")
        if self.version.state == ContractVersionState.WITHDRAWN:
            return _("Withdrawn before both sides signed: it was never in force.")
        if self.version.number != self.contract.version:
            return _("Version %(number)d of the contract has taken its place.") % {"number": self.contract.version}
        return ""

    @property
    def facts(self) -> list[Line]:
        told, ground = self.content, self.content.get("ground") or {}
        terms, parties = told.get("terms") or {}, told.get("parties") or {}
        span = (read_day(terms.get("service_from")), read_day(terms.get("service_to")))
        period = terms.get("report_period")
        pairs = [
            (_("The parties' number"), told.get("own_number") or ""),
            (_("Commissioner of social services"), _party(parties.get("commissioner"))),
            (pgettext("contract", "Provider"), _party(parties.get("contractor"))),
            (_("What it is about"), told.get("title") or ""),
            (_("How it came about"), _label(Channel, told.get("channel"))),
            (_("Ground"), ground.get("words") or ""),
            (_("Identifier in another system"), ground.get("identifier") or ""),
            (_("Services are given"), _("from %(first)s to %(last)s") % _days(*span) if all(span) else ""),
            (_("Sum"), _sum(told.get("sum"))),
            (_("Reports"), _label(ReportPeriod, period)),
            (_("Term for a report"), term_words(terms.get("report_days"), terms.get("report_unit") or "")),
            (_("Term for a payment"), term_words(terms.get("payment_days"), terms.get("payment_unit") or "")),
        ]
        return [(name, value) for name, value in pairs if value]

    @property
    def amendment(self) -> list[Line]:
        told = self.content.get("amendment") or {}
        pairs = [
            (_("Ground"), told.get("ground") or ""),
            (_("Act and point"), told.get("citation") or ""),
            (_("Reason"), told.get("reason") or ""),
            (_("In force from"), in_words(read_day(told.get("effective_on")))),
            (_("Sum before"), _sum(told.get("before_sum"))),
        ]
        return [(name, value) for name, value in pairs if value]

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [_line(one) for one in self.content.get("lines") or ()]

    @property
    def total(self) -> str:
        return _sum(self.content.get("sum"))

    @property
    def funding(self) -> list[dict[str, str]]:
        return [
            {
                "year": str(one["year"]),
                "code": " / ".join(filter(None, (one["code"], one["economic_code"]))),
                "title": one["title"],
                "sum": _sum(one["amount"]),
            }
            for one in self.content.get("funding") or ()
        ]

    @property
    def sections(self) -> list[Mapping[str, Any]]:
        return list(self.content.get("sections") or ())

    @cached_property
    def signatures(self) -> list[Signed]:
        rows = self.version.signatures.select_related("document").order_by("at")
        return [
            Signed(
                side=str(Side(one.side).label),
                signer=one.signer,
                at=in_words(one.at),
                file=file_words(one),
                log_seq=one.log_seq,
                row=one,
            )
            for one in rows
        ]

    @property
    def unsigned(self) -> list[str]:
        """Return the sides whose signature is still awaited."""
        if self.version.state != ContractVersionState.OFFERED:
            return []
        signed = {one.row.side for one in self.signatures}
        return [str(side.label) for side in Side if side.value not in signed]

    @property
    def verifier(self) -> str:
        """Return where a qualified signature is verified."""
        return VERIFIER


def file_words(signature: ContractSignature) -> str:
    """Say what the portal knows of the file of a signature, and that it did not verify it."""
    told = signature.check_result
    if signature.document_id is None:
        return _("Confirmed in the portal, without a file of a qualified signature.")
    holds = {
        True: _("The file holds this very text."),
        False: _("The file does not hold this text."),
        None: _("The file lies beside the text and does not hold it."),
    }[told.get("encloses")]
    return " ".join((holds, _("The portal did not verify the qualified signature.")))


def _label(kind: Any, value: Any) -> str:
    return str(kind(value).label) if value in kind.values else ""


def _party(told: Mapping[str, str] | None) -> str:
    if not told:
        return ""
    code = _("EDRPOU code %(code)s") % {"code": told["code"]} if told.get("code") else ""
    return ", ".join(filter(None, (told["name"], code, told.get("address"))))


def _days(first: Any, last: Any) -> dict[str, str]:
    return {"first": in_words(first), "last": in_words(last)}


def _sum(value: Any) -> str:
    found = read_money(value)
    return "" if found is None else money(found)


def _line(told: Mapping[str, Any]) -> dict[str, Any]:
    people = told["recipients"]
    few = _("fewer than %(number)s") % {"number": people[1:]} if isinstance(people, str) else people
    is_lump = told["pricing"] == Pricing.LUMP
    return {
        **told,
        "people": "" if few is None else str(few),
        "volume": read_money(told["volume"]),
        "unit": _label(PriceUnit, told["unit"]),
        "tariff": _sum(told["tariff"]),
        "is_lump": is_lump,
        "sum": _sum(told["sum"]),
    }
