"""Terms of a contract: what the parties agreed on, else the rule of the reference table, else "not set"."""

from __future__ import annotations

from datetime import date

from procurement.models import Contract


def report_due(contract: Contract, period_to: date) -> tuple[date | None, str]:
    """Return by when the report of a period that ends on the day is to be filed, and why; no day where nothing says so.

    The version in force is asked first (`report_days`, `report_unit`), then the rule `provider-report` of the profile.
    """
    return None, ""


def payment_due(contract: Contract, accepted_on: date) -> tuple[date | None, str]:
    """Return by when an act accepted on the day is to be paid, and why; no day where nothing says so.

    The version in force is asked first (`payment_days`, `payment_unit`), then the rule `compensation-payment`.
    """
    return None, ""
