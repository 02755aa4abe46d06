"""What an official fills in about a version in preparation: terms, services, funding, words, why it amends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.contract_enums import DayUnit, Pricing, ReportPeriod
from procurement.enums import GroundUse
from procurement.interfaces.order_forms import people
from procurement.interfaces.specification_forms import day_field, long_field, sum_field
from procurement.models import BudgetLine, ContractLine, ContractVersion, ProcedureGround
from procurement.queries.commissioning import grounds_for
from registry.enums import PriceUnit
from registry.models import ServiceType, VulnerableGroup

MOST_DAYS: Final = 366


class BasedForm(forms.Form):
    """A form of a draft: it knows when what it shows was saved, so that nobody's save is overwritten."""

    base = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    @property
    def told(self) -> dict[str, Any]:
        """What is to be saved."""
        return {name: value for name, value in self.cleaned_data.items() if name != "base"}


def days(label: Any, help_text: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=1,
        max_value=MOST_DAYS,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )


def _unit(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=DayUnit.choices, required=False, widget=forms.RadioSelect)


class TermsForm(BasedForm):
    """What the parties agree on beside the services; of a first text, how the parties know the contract."""

    title = forms.CharField(label=_("What the contract is about"), max_length=300)
    own_number = forms.CharField(
        label=_("The parties' number"),
        help_text=_("As it stands on paper, if it has one."),
        max_length=60,
        required=False,
    )
    service_from = day_field(_("Services are given from"))
    service_to = day_field(_("Services are given to"))
    report_period = forms.ChoiceField(
        label=_("How often the provider reports"),
        choices=ReportPeriod.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    report_days = days(
        _("Days for a report after its period ends"), _("Empty where the contract leaves it to the rules.")
    )
    report_unit = _unit(_("The days for a report are"))
    payment_days = days(
        _("Days for a payment after an act is accepted"), _("Empty where the contract leaves it to the rules.")
    )
    payment_unit = _unit(_("The days for a payment are"))
    field_order = ["title", "own_number"]

    def __init__(self, *args: Any, version: ContractVersion, **kwargs: Any) -> None:
        kwargs.setdefault("initial", self.of(version))
        super().__init__(*args, **kwargs)
        if version.number != 1 and version.contract.version:
            del self.fields["own_number"]

    @staticmethod
    def of(version: ContractVersion) -> dict[str, Any]:
        names = [name for name in TermsForm.base_fields if name not in ("base", "own_number")]
        told = {name: getattr(version, name) for name in names}
        return {**told, "own_number": version.contract.own_number, "base": version.saved_at.isoformat()}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("service_from"), values.get("service_to")
        if first and last and last < first:
            self.add_error("service_to", _("The end must not be earlier than the beginning."))
        for name in ("report", "payment"):
            if values.get(f"{name}_days") and not values.get(f"{name}_unit"):
                self.add_error(f"{name}_unit", _("Choose in what days the term is counted."))
            if not values.get(f"{name}_days"):
                values[f"{name}_unit"] = ""
        return values


class WhyForm(BasedForm):
    """Why a contract is amended: everybody reads it."""

    ground = forms.ModelChoiceField(
        ProcedureGround.objects.none(),
        label=_("Ground"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the ground of the amendment.")},
    )
    citation = forms.CharField(
        label=_("Act and point"),
        help_text=_("Of the law or of the contract: “point 9 of the contract”, “decree 428, point 5”."),
        max_length=300,
    )
    reason = long_field(_("Reason, in words"), _("Everybody reads it. Name no person."))
    effective_on = day_field(
        _("In force from"), _("Empty where it is in force as soon as both have signed; figures count from then anyway.")
    )

    def __init__(self, *args: Any, version: ContractVersion, on: date, **kwargs: Any) -> None:
        told = {name: getattr(version, name) for name in ("ground", "citation", "reason", "effective_on")}
        kwargs.setdefault("initial", {**told, "base": version.saved_at.isoformat()})
        super().__init__(*args, **kwargs)
        self.fields["ground"].queryset = grounds_for(GroundUse.AMENDMENT, "", on)  # type: ignore[attr-defined]
        self.fields["reason"].required = True


class LineForm(BasedForm):
    """One service: units by a tariff, or a sum for the whole."""

    title = forms.CharField(label=_("Service or stage"), max_length=300)
    service_type = forms.ModelChoiceField(
        ServiceType.objects.all(), label=_("Service of the catalogue"), required=False, empty_label="—"
    )
    group = forms.ModelChoiceField(
        VulnerableGroup.objects.all(), label=_("Vulnerable group"), required=False, empty_label="—"
    )
    categories = long_field(_("Categories of people it is given to"), rows=2)
    content = long_field(_("Content of the service"), rows=4)
    quality = long_field(_("Requirements to quality"), rows=3)
    standard = forms.CharField(label=_("State standard"), max_length=400, required=False)
    recipients = people(
        _("Recipients, at most"), _("How many people at the same time. Fewer than five are not shown to the public.")
    )
    pricing = forms.ChoiceField(label=_("Price"), choices=Pricing.choices, widget=forms.RadioSelect)
    volume = sum_field(_("Volume"), _("Only the number: 1800."), max_digits=12)
    unit = forms.ChoiceField(label=_("Unit"), choices=[("", "—"), *PriceUnit.choices], required=False)
    tariff = sum_field(_("Tariff, UAH a unit"), max_digits=12)
    tariff_act = forms.CharField(
        label=_("Act that set the tariff"), help_text=_("Body, date and number."), max_length=300, required=False
    )
    sum = sum_field(_("Sum for the whole, UAH"), _("Only where the price is for the whole; of units it is computed."))

    def __init__(self, *args: Any, version: ContractVersion, line: ContractLine | None, **kwargs: Any) -> None:
        told: dict[str, Any] = {"pricing": Pricing.UNIT}
        if line is not None:
            told = {name: getattr(line, name) for name in self.base_fields if name != "base"}
            if line.pricing == Pricing.UNIT:
                told["sum"] = None
        kwargs.setdefault("initial", {**told, "base": version.saved_at.isoformat()})
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("pricing") == Pricing.LUMP:
            if values.get("sum") is None and "sum" not in self.errors:
                self.add_error("sum", _("Give the sum for the whole."))
            return values
        for name, words in (
            ("volume", _("Give the volume.")),
            ("unit", _("Choose the unit.")),
            ("tariff", _("Give the tariff.")),
        ):
            if values.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, words)
        return values


class FundingForm(BasedForm):
    """A field for each budget line of the hromada: how much of the contract it pays."""

    def __init__(self, *args: Any, version: ContractVersion, lines: Sequence[BudgetLine], **kwargs: Any) -> None:
        kept = {int(row["line"]): Decimal(row["amount"]) for row in version.funding}
        told = {f"line_{key}": amount for key, amount in kept.items()}
        kwargs.setdefault("initial", {**told, "base": version.saved_at.isoformat()})
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            field = sum_field(f"{line.year}: {line.code} {line.economic_code}".strip(), line.title)
            self.fields[f"line_{line.pk}"] = field

    @property
    def rows(self) -> list[tuple[BudgetLine, forms.BoundField]]:
        return [(line, self[f"line_{line.pk}"]) for line in self.lines]

    @property
    def funding(self) -> dict[int, Decimal]:
        sums = {line.pk: self.cleaned_data.get(f"line_{line.pk}") for line in self.lines}
        return {key: amount for key, amount in sums.items() if amount}


class WordsForm(BasedForm):
    """The words as one text: a line that begins with # is the heading of a section, a blank line parts paragraphs."""

    text = forms.CharField(
        label=_("Text of the contract"),
        help_text=_(
            "A line that begins with # is the heading of a section; a blank line parts paragraphs. What stands in "
            "double braces is filled in when the contract is offered."
        ),
        max_length=200_000,
        widget=forms.Textarea({"rows": 30, "lang": "uk", "class": "long-text"}),
    )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if not text.lstrip().startswith("#"):
            raise ValidationError(_("The text begins with a heading: a line that begins with #."))
        return text

    @property
    def sections(self) -> list[dict[str, Any]]:
        return sections_of(self.cleaned_data["text"])


class TemplateForm(WordsForm):
    title = forms.CharField(label=pgettext_lazy("template", "Title"), max_length=300)
    field_order = ["title", "text"]


def text_of(sections: Sequence[dict[str, Any]]) -> str:
    """Write sections as one text to be edited."""
    return "\n\n".join("\n\n".join((f"# {one['heading']}", *one["paragraphs"])) for one in sections)


def sections_of(text: str) -> list[dict[str, Any]]:
    """Read what `text_of` wrote; lines of a paragraph are joined, words before the first heading belong nowhere."""
    found: list[dict[str, Any]] = []
    waiting: list[str] = []

    def flush() -> None:
        if waiting and found:
            found[-1]["paragraphs"].append(" ".join(waiting))
        waiting.clear()

    for line in map(str.strip, text.splitlines()):
        if not line or line.startswith("#"):
            flush()
        if line.startswith("#"):
            found.append({"heading": line.lstrip("# ").strip(), "paragraphs": []})
        elif line:
            waiting.append(line)
    flush()
    return found
