"""What is filled in about reports, milestones, payments and budget lines."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from procurement.contract_enums import MilestoneState, PaymentKind
from procurement.domain.delivery.budget_lines import LineFacts
from procurement.domain.delivery.milestones import MilestoneFacts
from procurement.domain.delivery.payments import PaymentFacts
from procurement.interfaces.form_parts import KeyedForm, words_field
from procurement.interfaces.order_forms import day, year
from procurement.interfaces.specification_forms import SumField, long_field, sum_field
from procurement.models import BudgetAct, ContractFunding, Milestone
from registry.models import Territory

_MINUSES: Final = str.maketrans(dict.fromkeys(("\u2212", "\u2013", "\u2014"), "-"))


class SignedField(SumField):
    """A difference as people write it, with any sign that is read as minus: «−10,5»."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.translate(_MINUSES) if isinstance(value, str) else value)


def signed_field(label: Any, help_text: Any = "") -> forms.DecimalField:
    """Return a field for a difference, which may be below zero."""
    widget = forms.TextInput({"autocomplete": "off"})
    return SignedField(label=label, help_text=help_text, required=False, max_digits=14, decimal_places=2, widget=widget)


class ReasonForm(forms.Form):
    reason = words_field(_("Reason"), _("It is kept with the step."))


class MilestoneForm(forms.Form):
    title = forms.CharField(label=_("What is to be reached"), max_length=300)
    due_on = day(_("By what day"))
    measure = forms.CharField(
        label=_("Measured by"),
        help_text=_("For example: staff trained, groups opened."),
        max_length=200,
        required=False,
    )
    plan = sum_field(pgettext_lazy("milestone", "Planned"), _("Leave empty if it is reached or not, without a figure."))

    @property
    def facts(self) -> MilestoneFacts:
        return MilestoneFacts(**{name: self.cleaned_data[name] for name in ("title", "due_on", "measure", "plan")})

    @staticmethod
    def of(row: Milestone) -> dict[str, Any]:
        return {name: getattr(row, name) for name in ("title", "due_on", "measure", "plan")}


class JudgeForm(forms.Form):
    """Whether a milestone is met, missed or not required any more."""

    outcome = forms.ChoiceField(
        label=_("What became of it"), choices=MilestoneState.choices[1:], widget=forms.RadioSelect
    )
    on = day(_("Reached or judged on"))
    fact = sum_field(pgettext_lazy("milestone", "Reached"))
    reason = words_field(
        _("Reason"), _("Needed where it is not met, not required, or differs from the plan."), required=False
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("outcome") in (MilestoneState.MISSED, MilestoneState.WAIVED) and not values.get("reason"):
            self.add_error("reason", _("Say why: it is published."))
        return values


class FundingChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        left = {"line": str(obj.line), "year": obj.line.year}
        left["sum"] = number_format(obj.amount - obj.paid, 2, force_grouping=True)
        return str(_("%(line)s, %(year)d: %(sum)s UAH left") % left)


class PaymentForm(KeyedForm):
    kind = forms.ChoiceField(label=_("What happened"), choices=PaymentKind.choices, widget=forms.RadioSelect)
    funding = FundingChoice(
        ContractFunding.objects.none(), label=_("Budget line"), empty_label=None, widget=forms.RadioSelect
    )
    amount = sum_field(_("Sum, UAH"))
    paid_on = day(_("Date of the payment"))
    order_number = forms.CharField(label=_("Number of the payment order"), max_length=60)
    note = words_field(_("Note"), _("Officials alone read it."), rows=2, required=False)

    def __init__(self, *args: Any, fundings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["funding"].queryset = fundings  # type: ignore[attr-defined]
        self.fields["amount"].required = True

    @property
    def facts(self) -> PaymentFacts:
        return PaymentFacts(**{name: self.cleaned_data[name] for name in ("amount", "paid_on", "order_number", "note")})


class UndoForm(KeyedForm):
    reason = words_field(_("Why the entry is undone"), _("Both entries stay; neither counts any more."))


class ActChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return str(_("No. %(number)s of %(day)s") % {"number": obj.number, "day": f"{obj.adopted_on:%d.%m.%Y}"})


class ChangeLineForm(forms.Form):
    """The sum that a budget act gives a line."""

    act = ActChoice(BudgetAct.objects.none(), label=_("Budget act"), empty_label="—")
    amount = sum_field(_("Sum, UAH"), _("The whole sum of the line by this act, not the difference."))
    note = long_field(_("Note"), rows=2)

    def __init__(self, *args: Any, hromada: Territory, of_year: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        acts = BudgetAct.objects.filter(hromada=hromada, superseded_by=None).order_by("-adopted_on", "-pk")
        chosen: Any = self.fields["act"]
        chosen.queryset = acts.filter(year=of_year) if of_year else acts
        self.fields["amount"].required = True

    @property
    def change(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {"act_id": values["act"].pk, "amount": values["amount"], "note": values["note"]}


class BudgetLineForm(ChangeLineForm):
    year = year(_("Budget year"))
    code = forms.CharField(
        label=_("Code of the budget programme"), help_text=_("As payments are made with: 0813104."), max_length=20
    )
    economic_code = forms.CharField(
        label=_("Code of economic classification"), help_text=_("For example, 2240."), max_length=10, required=False
    )
    title = forms.CharField(label=_("For what"), max_length=300)
    field_order = ("year", "code", "economic_code", "title", "act", "amount", "note")

    @property
    def facts(self) -> LineFacts:
        return LineFacts(**{name: self.cleaned_data[name] for name in ("year", "code", "title", "economic_code")})
