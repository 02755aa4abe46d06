"""What is filled in about an evaluation: begun, described, rated, surveyed, replied to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.models import Organisation
from procurement.contract_enums import RatingMethod
from procurement.interfaces.form_parts import KeyedForm
from procurement.interfaces.private_words import PrivateWordsMixin
from procurement.interfaces.specification_forms import SumField, day_field, long_field
from procurement.models import Contract, IndicatorSet, SurveyForm
from registry.models import ServiceType

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST_CODES: Final = 400
_WHOLE: Final = {"inputmode": "numeric", "autocomplete": "off"}


class AboutForm(PrivateWordsMixin, forms.Form):
    """The period, the order, the conclusion: what an evaluation says besides its ratings."""

    not_free = ("act_number",)

    period_from = day_field(_("First day of the period"))
    period_to = day_field(_("Last day of the period"), _("The evaluation is published once it is over."))
    act_number = forms.CharField(label=_("Number of the order"), max_length=60, required=False)
    act_on = day_field(_("Date of the order"))
    act_url = forms.URLField(
        label=_("Address of the order"),
        help_text=_("If it is published."),
        max_length=500,
        required=False,
        assume_scheme="https",
    )
    recipients = forms.IntegerField(
        label=_("Recipients in the period"),
        help_text=_("How many people got the service. Not published; needed for the share of those who answered."),
        min_value=0,
        max_value=1_000_000,
        required=False,
        widget=forms.TextInput(_WHOLE),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("period_from", "period_to"):
            self.fields[name].required = True

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        first, last = told.get("period_from"), told.get("period_to")
        if isinstance(first, date) and isinstance(last, date) and last < first:
            self.add_error("period_to", _g("The last day comes before the first."))
        return told


class DescribeForm(AboutForm):
    """The same with the words that are written at the end."""

    conclusion = long_field(_("Conclusion"), _("What the evaluation found, without names of recipients."), rows=8)
    recommendations = long_field(_("Recommendations"), rows=5)


class NewForm(AboutForm, KeyedForm):
    """What is evaluated: a contract of the hromada, or one of the person's own organisations."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("Provider"), empty_label="—")
    contract = forms.ModelChoiceField(
        Contract.objects.none(), label=_("Contract"), empty_label="—", to_field_name="number", required=False
    )
    service_type = forms.ModelChoiceField(
        ServiceType.objects.order_by("order", "pk"),
        label=_("Service"),
        help_text=_("Empty for all services of the provider."),
        empty_label="—",
        required=False,
    )
    indicators = forms.ModelChoiceField(
        IndicatorSet.objects.none(), label=_("Set of indicators"), empty_label=None, widget=forms.RadioSelect
    )
    field_order = ("organisation", "contract", "service_type", "indicators")

    def __init__(
        self, *args: Any, contracts: QuerySet[Contract], organisations: QuerySet[Organisation] | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["contract"].queryset = contracts
        fields["contract"].label_from_instance = lambda one: f"№ {one.number} · {one.contractor.name}"
        if organisations is None:
            del fields["organisation"]
            fields["contract"].required = True
        else:
            fields["organisation"].queryset = organisations
        fields["indicators"].queryset = latest_sets()
        fields["indicators"].label_from_instance = lambda one: one.title
        self.order_fields(self.field_order)


class MemberForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=200)
    position = forms.CharField(label=_("Position"), max_length=200, required=False)
    body = forms.CharField(label=_("Body or organisation"), max_length=300)
    is_civil_society = forms.BooleanField(label=_("speaks for civil society"), required=False)
    is_head = forms.BooleanField(label=_("heads the working group"), required=False)


class RatingForm(PrivateWordsMixin, forms.Form):
    """One indicator; with no value it says why, and that is not zero."""

    value = SumField(
        label=_("Value, %"),
        help_text=_("From 0 to 100. Leave it empty where there is nothing to judge by: empty is not zero."),
        required=False,
        max_digits=5,
        decimal_places=2,
        min_value=Decimal(0),
        max_value=Decimal(100),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    method = forms.ChoiceField(
        label=_("How was it found?"), choices=RatingMethod.choices, required=False, widget=forms.RadioSelect
    )
    evidence = long_field(_("Evidence"), _("Which document, visit or survey says so; without names."), rows=3)
    evidence_url = forms.URLField(
        label=_("Address of the evidence"), max_length=500, required=False, assume_scheme="https"
    )
    evidence_on = day_field(_("Date of the evidence"), _("The day of the evidence itself, not of this page."))
    note = long_field(_("Explanation"), _("How the value came about, or why there is none."), rows=3)


class OpenSurveyForm(forms.Form):
    form = forms.ModelChoiceField(
        SurveyForm.objects.none(), label=_("Questionnaire"), empty_label=None, widget=forms.RadioSelect
    )
    last_on = day_field(_("Last day for answers"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["last_on"].required = True
        fields["form"].queryset = latest_questionnaires()
        fields["form"].label_from_instance = lambda one: one.title


class CodesForm(forms.Form):
    number = forms.IntegerField(
        label=_("How many codes?"),
        help_text=_("One for each recipient, and some to spare."),
        min_value=1,
        max_value=MOST_CODES,
        widget=forms.TextInput(_WHOLE),
    )


class QualityReplyForm(PrivateWordsMixin, KeyedForm):
    text = long_field(
        _("Reply"), _("It stands beside the evaluation for everybody, and is not changed afterwards."), rows=8
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = True


def latest_sets() -> QuerySet[IndicatorSet]:
    """Return the latest version of each set of indicators."""
    newest = dict(IndicatorSet.objects.order_by("number").values_list("code", "pk"))
    return IndicatorSet.objects.filter(pk__in=newest.values()).order_by("code")


def latest_questionnaires() -> QuerySet[SurveyForm]:
    """Return the latest version of each questionnaire."""
    newest = dict(SurveyForm.objects.order_by("number").values_list("code", "pk"))
    return SurveyForm.objects.filter(pk__in=newest.values()).order_by("code")
