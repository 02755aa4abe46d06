"""What is filled in about acts: written and claimed by the provider, accepted with deductions by the official."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from procurement.contract_enums import Pricing
from procurement.domain.delivery.act_making import ActFacts, LineFacts
from procurement.domain.delivery.deductions import DeductionFacts
from procurement.enums import GroundUse
from procurement.interfaces.delivery_forms import signed_field
from procurement.interfaces.form_parts import KeyedForm, words_field
from procurement.interfaces.order_forms import day
from procurement.interfaces.private_words import PrivateWordsMixin
from procurement.interfaces.specification_forms import sum_field
from procurement.models import AcceptanceAct, ActLine, ContractLine
from procurement.queries.commissioning import grounds_for

# places for deductions on one page
DEDUCTIONS: Final = 3


class ActLinesForm(PrivateWordsMixin):
    """What is claimed where a person says it: units without a report, a sum where the price is for the whole."""

    not_free = ("own_number",)

    def __init__(self, *args: Any, lines: Sequence[ContractLine], from_report: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = [line for line in lines if line.pricing == Pricing.LUMP or not from_report]
        for line in self.lines:
            told = {"number": line.number, "title": line.title}
            if line.pricing == Pricing.LUMP:
                self.fields[f"amount-{line.number}"] = sum_field(_("%(number)d. %(title)s: sum, UAH") % told)
            else:
                self.fields[f"units-{line.number}"] = sum_field(_("%(number)d. %(title)s: units") % told, max_digits=12)

    @property
    def line_facts(self) -> list[LineFacts]:
        values = self.cleaned_data
        return [
            LineFacts(line.number, values.get(f"units-{line.number}"), values.get(f"amount-{line.number}"))
            for line in self.lines
            if values.get(f"units-{line.number}") is not None or values.get(f"amount-{line.number}") is not None
        ]


class ActForm(ActLinesForm):
    own_number = forms.CharField(label=gettext_lazy("Number of the act"), max_length=60, required=False)
    act_on = day(gettext_lazy("Date of the act"), required=False)
    note = words_field(gettext_lazy("Explanation"), gettext_lazy("The commissioner reads it."), rows=3, required=False)

    @property
    def facts(self) -> ActFacts:
        return ActFacts(**{name: self.cleaned_data[name] for name in ("own_number", "act_on", "note")})

    @staticmethod
    def of(act: AcceptanceAct) -> dict[str, Any]:
        kept = {name: getattr(act, name) for name in ("own_number", "act_on", "note")}
        for row in act.lines.all():
            kept |= {f"units-{row.line}": row.units, f"amount-{row.line}": row.amount}
        return kept


class NewActForm(ActLinesForm, KeyedForm):
    period_from = day(gettext_lazy("Services from"))
    period_to = day(gettext_lazy("Services to"))


class CorrectionForm(PrivateWordsMixin, KeyedForm):
    """Differences from an accepted act: units, or a sum alone; below zero takes back."""

    reason = words_field(gettext_lazy("What is corrected and why"))

    def __init__(self, *args: Any, rows: Sequence[ActLine], titles: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            told = {"number": row.line, "title": titles.get(row.line, "")}
            if row.tariff is not None:
                label = _("%(number)d. %(title)s: difference in units") % told
                self.fields[f"units-{row.line}"] = signed_field(label, _("For example −10. Their sum follows."))
            label = _("%(number)d. %(title)s: difference in UAH") % told
            self.fields[f"amount-{row.line}"] = signed_field(label, _("Only where units stay as they were."))

    @property
    def line_facts(self) -> list[LineFacts]:
        values = self.cleaned_data
        found = (
            LineFacts(row.line, values.get(f"units-{row.line}"), values.get(f"amount-{row.line}")) for row in self.rows
        )
        return [one for one in found if one.units or one.amount]


@dataclass(frozen=True, slots=True)
class DeductionFields:
    number: int
    fields: list[forms.BoundField]
    is_open: bool


class AcceptActForm(forms.Form):
    """How much is deducted of a claim, from what, on what ground and why; `seen` is the claim that was looked at."""

    seen = forms.DecimalField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, act: AcceptanceAct, titles: dict[int, str], procedure: str, on: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = act.claimed
        grounds = [("", "—"), *((str(one.pk), one.text) for one in grounds_for(GroundUse.DEDUCTION, procedure, on))]
        numbers = sorted(titles)
        lines = [
            ("", pgettext("deduction", "the act as a whole")),
            *((str(one), f"{one}. {titles[one]}") for one in numbers),
        ]
        for place in range(DEDUCTIONS):
            self.fields[f"amount-{place}"] = sum_field(_("Deducted, UAH"))
            self.fields[f"line-{place}"] = forms.ChoiceField(label=_("From what"), choices=lines, required=False)
            self.fields[f"ground-{place}"] = forms.ChoiceField(label=_("Ground"), choices=grounds, required=False)
            self.fields[f"reason-{place}"] = words_field(
                _("Reason"), _("Everybody reads it. Name no person."), rows=2, required=False
            )

    @property
    def places(self) -> list[DeductionFields]:
        return list(self._places())

    def _places(self) -> Iterator[DeductionFields]:
        for place in range(DEDUCTIONS):
            fields = [self[f"{name}-{place}"] for name in ("amount", "line", "ground", "reason")]
            yield DeductionFields(place + 1, fields, any(field.data or field.errors for field in fields))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for place in range(DEDUCTIONS):
            told = {name: values.get(f"{name}-{place}") for name in ("amount", "ground", "reason")}
            if not any(told.values()):
                continue
            missing = {
                "amount": _("Say the sum that is deducted."),
                "ground": _("Choose the ground of the deduction."),
                "reason": _("Say why the sum is deducted: it is published."),
            }
            for name, text in missing.items():
                if not told[name] and f"{name}-{place}" not in self.errors:
                    self.add_error(f"{name}-{place}", text)
        return values

    @property
    def deductions(self) -> list[DeductionFacts]:
        values = self.cleaned_data
        return [
            DeductionFacts(
                amount=values[f"amount-{place}"],
                ground_id=int(values[f"ground-{place}"]),
                reason=values[f"reason-{place}"],
                line=int(values[f"line-{place}"]) if values[f"line-{place}"] else None,
            )
            for place in range(DEDUCTIONS)
            if values.get(f"amount-{place}")
        ]


@dataclass(frozen=True, slots=True)
class ReadActLine:
    """A line of an act with the name the contract gives it."""

    row: ActLine
    title: str
    unit: str

    @property
    def is_rated(self) -> bool:
        return self.row.units is not None and self.row.tariff is not None


def read_act_lines(act: AcceptanceAct, lines: Sequence[ContractLine]) -> list[ReadActLine]:
    """Return the lines of an act for a page, those that claim nothing left out."""
    named = {line.number: line for line in lines}
    return [
        ReadActLine(row, named[row.line].title, named[row.line].get_unit_display())
        for row in act.lines.all()
        if row.line in named and (row.amount or row.units)
    ]
