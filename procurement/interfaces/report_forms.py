"""The sheet of a report: for each service of the contract, people and units by group; what was done, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from procurement.contract_enums import Pricing
from procurement.domain.delivery.reports import TEXTS, Remark, ReportFacts, RowFacts
from procurement.interfaces.form_parts import words_field
from procurement.interfaces.order_forms import people
from procurement.interfaces.private_words import PrivateWordsMixin
from procurement.interfaces.specification_forms import sum_field
from procurement.models import ContractLine, ReportRow, ServiceReport
from registry.models import VulnerableGroup

NO_GROUP: Final = "0"
# an empty place for a further group below those that are filled in; saving gives another
SPARE: Final = 1


@dataclass(frozen=True, slots=True)
class Slot:
    """The three fields of one group at one service."""

    group: forms.BoundField
    recipients: forms.BoundField
    units: forms.BoundField


@dataclass(frozen=True, slots=True)
class LineSlots:
    line: ContractLine
    slots: list[Slot]
    remark: str

    @property
    def name(self) -> str:
        return f"line-{self.line.number}"


class ReportForm(PrivateWordsMixin):
    """Everything a report says; `version` is that which was read, so that nobody writes over another."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    done = words_field(
        gettext_lazy("What was done"),
        gettext_lazy("Everybody reads it once the report is accepted. No names of recipients, numbers alone."),
        rows=6,
        required=False,
    )
    difficulties = words_field(gettext_lazy("Difficulties"), rows=3, required=False)
    changes = words_field(gettext_lazy("Why it differs from the plan"), rows=3, required=False)

    def __init__(self, data: Any = None, *, report: ServiceReport, lines: Sequence[ContractLine]) -> None:
        kept: dict[int, list[ReportRow]] = {}
        for row in report.rows.all():
            kept.setdefault(row.line, []).append(row)
        initial = {"version": report.version, **{name: getattr(report, name) for name in TEXTS}}
        super().__init__(data, initial=initial)
        self.report, self.lines = report, lines
        groups = [(NO_GROUP, _("all together")), *((str(one.pk), one.name) for one in VulnerableGroup.objects.all())]
        for line in lines:
            self._add(line, kept.get(line.number, []), groups)

    def _add(self, line: ContractLine, rows: list[ReportRow], groups: list[tuple[str, Any]]) -> None:
        for place in range(max(len(rows), 1) + SPARE):
            row = rows[place] if place < len(rows) else None
            first = str(line.group_id or NO_GROUP) if not rows and place == 0 else NO_GROUP
            at = _("service %(number)d, row %(row)d") % {"number": line.number, "row": place + 1}
            name = f"line-{line.number}-{place}"
            self.fields[f"{name}-group"] = forms.ChoiceField(
                label=f"{_('Group of people')}, {at}", choices=groups, required=False
            )
            self.fields[f"{name}-recipients"] = people(f"{_('People')}, {at}")
            self.fields[f"{name}-units"] = sum_field(f"{_('Units')}, {at}", max_digits=12)
            for one in ("recipients", "units"):
                field = self.fields[f"{name}-{one}"]
                field.error_messages["invalid"] = _("%(field)s: write a number.") % {"field": field.label}
            self.initial[f"{name}-group"] = first if row is None else str(row.group_id or NO_GROUP)
            if row is not None:
                self.initial[f"{name}-recipients"] = row.recipients
                self.initial[f"{name}-units"] = row.units

    @property
    def services(self) -> list[LineSlots]:
        told = {one["field"]: one["text"] for one in self.report.remarks}
        return [
            LineSlots(line, [self._slot(name) for name in self._names(line)], told.get(f"line-{line.number}", ""))
            for line in self.lines
        ]

    @property
    def texts(self) -> list[tuple[forms.BoundField, str]]:
        """The fields of words, each with the remark made about it."""
        told = {one["field"]: one["text"] for one in self.report.remarks}
        return [(self[name], told.get(name, "")) for name in TEXTS]

    @property
    def facts(self) -> ReportFacts:
        return ReportFacts(rows=list(self._rows()), **{name: self.cleaned_data[name] for name in TEXTS})

    def _rows(self) -> Iterator[RowFacts]:
        for line in self.lines:
            for name in self._names(line):
                group, recipients, units = (
                    self.cleaned_data.get(f"{name}-{one}") for one in ("group", "recipients", "units")
                )
                if recipients is not None or units is not None:
                    yield RowFacts(line.number, int(group or 0) or None, recipients, units)

    def _names(self, line: ContractLine) -> list[str]:
        end = "-group"
        return [
            name.removesuffix(end)
            for name in self.fields
            if name.startswith(f"line-{line.number}-") and name.endswith(end)
        ]

    def _slot(self, name: str) -> Slot:
        return Slot(self[f"{name}-group"], self[f"{name}-recipients"], self[f"{name}-units"])

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        for line in self.lines:
            seen = set()
            for name in self._names(line):
                told = values.get(f"{name}-recipients") is not None or values.get(f"{name}-units") is not None
                group = values.get(f"{name}-group") or NO_GROUP
                if told and group in seen:
                    self.add_error(f"{name}-group", _("This group already stands above: add the figures up."))
                if told:
                    seen.add(group)
        return values


class ReturnReportForm(forms.Form):
    """Why a report goes back: a reason for the whole and remarks at their places."""

    reason = words_field(
        gettext_lazy("Why it is returned"), gettext_lazy("What to correct, so that it can be done at once.")
    )

    def __init__(self, *args: Any, lines: Sequence[ContractLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            **{f"line-{line.number}": _("Remark on service %(number)d") % {"number": line.number} for line in lines},
            "done": _("Remark on what was done"),
            "difficulties": _("Remark on difficulties"),
            "changes": _("Remark on differences from the plan"),
        }
        for name, label in labels.items():
            self.fields[name] = words_field(label, rows=2, required=False)

    @property
    def remarks(self) -> list[Remark]:
        return [Remark(name, text) for name, text in self.cleaned_data.items() if name != "reason" and text]


@dataclass(frozen=True, slots=True)
class ReadLine:
    """What a report says of one service, with what the contract plans for all its time."""

    line: ContractLine
    rows: list[ReportRow]

    @property
    def units(self) -> Decimal | None:
        told = [row.units for row in self.rows if row.units is not None]
        return sum(told, Decimal(0)) if told else None

    @property
    def is_rated(self) -> bool:
        return self.line.pricing == Pricing.UNIT


def read_lines(report: ServiceReport, lines: Sequence[ContractLine]) -> list[ReadLine]:
    """Return the services of the contract with the report's rows, for a page that is only read."""
    rows = list(report.rows.select_related("group"))
    return [ReadLine(line, [row for row in rows if row.line == line.number]) for line in lines]
