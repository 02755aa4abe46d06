"""What is filled in about ties: standing ones of a member, and a recusal that somebody raises or decides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.kernel.identifiers import clean_edrpou
from procurement.enums import InterestKind
from procurement.interfaces.specification_forms import long_field
from procurement.models import CommissionMember


def code_field(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=20,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )


def checked_code(value: str) -> str:
    """Return the code without its filling; raises `ValidationError`, which the form says beside the field."""
    if not value.strip():
        return ""
    try:
        return clean_edrpou(value)
    except ValidationError as error:
        raise ValidationError(" ".join(error.messages)) from error


class InterestForm(forms.Form):
    kind = forms.ChoiceField(label=_("What ties you?"), choices=InterestKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Organisation"),
        help_text=_("Its full name, as in the register if it is there."),
        max_length=300,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    code = code_field(
        _("EDRPOU code of the organisation"),
        _("Eight digits, if you know it: by the code the portal finds it for certain."),
    )
    note = forms.CharField(
        label=_("Note"), help_text=_("For yourself; no names of other people."), max_length=500, required=False
    )

    def clean_code(self) -> str:
        return checked_code(self.cleaned_data["code"])


class RaiseForm(forms.Form):
    member = forms.ModelChoiceField(CommissionMember.objects.none(), label=_("Who is tied?"), empty_label="—")
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("To which applicant?"), empty_label="—", required=False
    )
    ground = forms.ChoiceField(label=_("What is the tie?"), choices=InterestKind.choices, widget=forms.RadioSelect)
    reason = long_field(
        _("What is known, and from where?"),
        _("Only those who decide on the recusal read it."),
        rows=4,
    )

    def __init__(self, *args: Any, members: Any, applicants: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
        self.fields["member"].queryset = members  # type: ignore[attr-defined]
        known = Organisation.objects.filter(pk__in=[one.pk for one in applicants]).order_by("name")
        self.fields["organisation"].queryset = known  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        """What the step takes, by its own names."""
        told = self.cleaned_data
        return {
            "member_id": told["member"].pk,
            "organisation_id": told["organisation"].pk if told["organisation"] else None,
            "ground": told["ground"],
            "reason": told["reason"],
        }


class DecideForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Is the member recused?"),
        choices=[
            ("confirm", _("Yes: the member takes no part in this competition")),
            ("dismiss", _("No: the tie does not keep the member away")),
        ],
        widget=forms.RadioSelect,
    )
    reason = long_field(
        _("Why?"),
        _("Those who decide on recusals read it. The minutes say the kind of tie and the decision alone."),
        rows=3,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True
