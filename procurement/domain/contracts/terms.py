"""Terms of a contract: what the parties agreed on, else the rule of the reference table, else "not set"."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.kernel import norms
from portal.kernel.calendar import Calendar, CountUnit, UnknownDay, day_of
from portal.kernel.models.calendar import load_calendar
from procurement.contract_enums import DayUnit
from procurement.domain.calls.freezing import live_rules, rules_of
from procurement.domain.contracts.steps import version_in_force
from procurement.models import Contract, ContractVersion
from procurement.timetable import FrozenRule

REPORT: Final = "provider-report"
PAYMENT: Final = "compensation-payment"
CONCLUSION: Final = "contract-conclusion"

Dated = tuple[date | None, str]


class Terms:
    """The terms of one contract, its version and its rules read once: for who asks about many periods or acts."""

    def __init__(self, contract: Contract, version: ContractVersion | None) -> None:
        self.contract, self.version = contract, version
        self._found: dict[str, tuple[FrozenRule | None, Calendar]] = {}

    @classmethod
    def of(cls, contract: Contract) -> Terms:
        return cls(contract, version_in_force(contract))

    def report_due(self, period_to: date) -> Dated:
        """As the function of this name."""
        agreed = self.version and self._agreed(self.version.report_days, self.version.report_unit, period_to)
        return agreed or self._ruled(REPORT, period_to)

    def payment_due(self, accepted_on: date) -> Dated:
        """As the function of this name."""
        agreed = self.version and self._agreed(self.version.payment_days, self.version.payment_unit, accepted_on)
        return agreed or self._ruled(PAYMENT, accepted_on)

    @cached_property
    def _calendar(self) -> Calendar:
        return load_calendar()

    def _agreed(self, days: int | None, unit: str, since: date) -> Dated | None:
        """Count a term of the contract itself; nothing where the version has none."""
        if days is None or not unit or self.version is None:
            return None
        counted = CountUnit.WORKING if unit == DayUnit.WORKING else CountUnit.CALENDAR
        number, on = self.version.number, date_format(since, norms.DAY_FORMAT)

        def told() -> Dated:
            words = _("A term of the contract, version %(number)d: %(length)s, counted from the day after %(day)s.")
            why = words % {"number": number, "length": length_words(days, unit), "day": on}
            return self._calendar.add(since, days, counted), why

        return _in_first_language(told)

    def _ruled(self, code: str, since: date | datetime) -> Dated:
        if code not in self._found:
            self._found[code] = rule_for(self.contract, code)
        rule, calendar = self._found[code]
        return counted_by(rule, calendar, since)


def report_due(contract: Contract, period_to: date) -> Dated:
    """Return by when the report of a period that ends on the day is to be filed, and why; no day where nothing says so.

    The version in force is asked first (`report_days`, `report_unit`), then the rule `provider-report` of the profile.
    """
    return Terms.of(contract).report_due(period_to)


def payment_due(contract: Contract, accepted_on: date) -> Dated:
    """Return by when an act accepted on the day is to be paid, and why; no day where nothing says so.

    The version in force is asked first (`payment_days`, `payment_unit`), then the rule `compensation-payment`.
    """
    return Terms.of(contract).payment_due(accepted_on)


def signing_due(contract: Contract, since: date | datetime | None) -> Dated:
    """Return by when the contract is to be signed: the announced day, else the rule counted from the results."""
    competition = contract.competition
    if competition is not None and (day := competition.contract_on) is not None:
        return _in_first_language(lambda: (day, _("The day was announced with the competition.")))
    if since is None:
        return None, ""
    rule, calendar = rule_for(contract, CONCLUSION)
    return counted_by(rule, calendar, since)


def rule_for(contract: Contract, code: str) -> tuple[FrozenRule | None, Calendar]:
    """Return the rule as the competition froze it, else as the contract's profile has it on the day it was made."""
    if contract.competition is not None:
        rules = rules_of(contract.competition)
        return rules.term(code), rules.calendar
    if contract.profile is not None:
        rules = live_rules(contract.profile, day_of(contract.created_at))
        return rules.term(code), rules.calendar
    return None, load_calendar()


def counted_by(rule: FrozenRule | None, calendar: Calendar, since: date | datetime) -> Dated:
    """Return the end of the rule's term and why, as it is kept; a term that is not set is said to be so."""

    def told() -> Dated:
        if rule is None:
            return None, _("The term is not set in the reference table.")
        due = norms.due(rule, since, calendar)
        return due.on, " ".join(due.explanation)

    return _in_first_language(told)


def length_words(days: int, unit: str) -> str:
    """Say a term of a contract: “10 working days”."""
    if unit == DayUnit.WORKING:
        return ngettext("%(count)d working day", "%(count)d working days", days) % {"count": days}
    return ngettext("%(count)d calendar day", "%(count)d calendar days", days) % {"count": days}


def _in_first_language(told: Callable[[], Dated]) -> Dated:
    with translation.override(settings.LANGUAGE_CODE):
        try:
            return told()
        except UnknownDay:
            return None, _("The calendar does not reach so far, so no day follows.")
