"""What no amendment goes below: what acts claim and accept of a line, of the sum, of what budget lines give."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from procurement.domain.contracts.contents import funding_of
from procurement.domain.delivery.sums import Taken, taken_by_acts, taken_by_line
from procurement.domain.wording import sum_words
from procurement.models import Contract, ContractLine, ContractVersion


def line_fault(line: ContractLine, taken: Taken | None) -> str:
    """Return what keeps a line from standing so beside what acts take of it; empty where nothing does."""
    if taken is None:
        return ""
    words = {"number": line.number, "units": taken.units, "amount": sum_words(taken.amount)}
    if line.sum < taken.amount:
        return _("Service %(number)d: acts claim or accept UAH %(amount)s of it already, it cannot have less.") % words
    if line.volume is not None and line.volume < taken.units:
        return _("Service %(number)d: acts claim or accept %(units)s units already, it cannot have less.") % words
    return ""


def line_faults(contract: Contract, version: ContractVersion) -> list[tuple[int, str]]:
    """Return the lines of a version that are below what acts take, those left out among them."""
    taken = taken_by_line(contract)
    lines = {line.number: line for line in version.lines.all()}
    found = [(number, line_fault(line, taken.get(number))) for number, line in sorted(lines.items())]
    found += [
        (number, _("Service %(number)d has acts and cannot be left out.") % {"number": number})
        for number in sorted(taken.keys() - lines.keys())
    ]
    return [(number, fault) for number, fault in found if fault]


def sum_fault(contract: Contract, version: ContractVersion) -> str:
    """Return whether the sum, or what budget lines give of it, is below what acts take; empty where it is not."""
    taken = taken_by_acts(contract)
    if version.sum < taken:
        return _("Acts claim or accept UAH %(sum)s already: the contract cannot have less.") % {"sum": sum_words(taken)}
    if sum(funding_of(version).values(), Decimal(0)) < contract.accepted:
        words = {"sum": sum_words(contract.accepted)}
        return _("Acts of UAH %(sum)s are accepted: budget lines cannot give less.") % words
    return ""
