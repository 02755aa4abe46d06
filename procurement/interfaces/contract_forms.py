"""What is filled in about a contract as a whole: how it came about, signatures, its suspension and its ends."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import Organisation
from portal.kernel.identifiers import clean_edrpou
from procurement.domain.contracts.making import DIRECT, Ground
from procurement.enums import Channel, GroundUse
from procurement.interfaces.form_parts import KeyedForm
from procurement.interfaces.order_forms import day, web_address
from procurement.interfaces.specification_forms import long_field
from procurement.models import Commissioner, OrderItem, ProcedureGround
from procurement.queries.commissioning import grounds_for
from registry.models import RegisterEntry, Territory

_TICKED: Final = _("Tick it to go on.")


class DirectForm(KeyedForm):
    """A contract of another channel than the social order; the provider is known by its EDRPOU code."""

    channel = forms.ChoiceField(
        label=_("How it came about"),
        choices=[(one.value, one.label) for one in DIRECT],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how the contract came about.")},
    )
    commissioner = forms.ModelChoiceField(
        Commissioner.objects.none(), label=_("Who orders"), empty_label=None, widget=forms.RadioSelect
    )
    code = forms.CharField(
        label=_("EDRPOU code or register number of the provider"),
        help_text=_("Eight digits; a sole proprietor is found by the number in the register of providers."),
        max_length=40,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    title = forms.CharField(label=_("What the contract is about"), max_length=300)
    ground_text = long_field(
        _("Ground"), _("The act, decision or procedure on which the contract is concluded. Everybody reads it."), rows=3
    )
    identifier = forms.CharField(
        label=_("Identifier in another system"),
        help_text=_("Of a public procurement: UA-2027-01-15-000123-a. Empty where there is none."),
        max_length=100,
        required=False,
    )
    identifier_url = web_address(_("Address there"))
    order_item = forms.ModelChoiceField(
        OrderItem.objects.none(),
        label=_("What decision orders it"),
        help_text=_("The service of a decision; its volume and sum are taken over."),
        required=False,
        empty_label="—",
    )

    def __init__(self, *args: Any, hromada: Territory, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = Commissioner.objects.filter(hromada=hromada).select_related("organisation")
        self.fields["commissioner"].queryset = bodies  # type: ignore[attr-defined]
        if not self.is_bound and bodies.count() == 1:
            self.initial["commissioner"] = bodies[0].pk
        items = OrderItem.objects.filter(decision__hromada=hromada, channel__in=DIRECT)
        self.fields["order_item"].queryset = items.select_related("service_type", "decision")  # type: ignore[attr-defined]
        self.fields["ground_text"].required = True

    def clean_code(self) -> Organisation:
        """Find the provider; one that the portal does not know is entered in the register first."""
        text = self.cleaned_data["code"].strip()
        entry = RegisterEntry.objects.filter(number=text).select_related("organisation").first()
        if entry is not None:
            return entry.organisation
        try:
            found = Organisation.objects.filter(code=clean_edrpou(text)).first()
        except ValidationError as error:
            raise ValidationError(error.messages) from error
        if found is None:
            raise ValidationError(_("The portal does not know an organisation with this code."))
        return found

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        is_bare = not (values.get("identifier") or "").strip() and "identifier" not in self.errors
        if values.get("channel") == Channel.PROCUREMENT and is_bare:
            self.add_error("identifier", _("Give the identifier of the procurement."))
        return values

    @property
    def values(self) -> dict[str, Any]:
        """The arguments of `making.make_direct`."""
        told = self.cleaned_data
        item = told.get("order_item")
        ground = Ground(told["ground_text"], told["identifier"], told["identifier_url"], item.pk if item else None)
        return {
            "commissioner_id": told["commissioner"].pk,
            "contractor_id": told["code"].pk,
            "channel": told["channel"],
            "title": told["title"],
            "ground": ground,
            "key": told["key"],
        }


class SignForm(forms.Form):
    """One side's signature: who signs, the file of a qualified signature, that the text was read."""

    signer = forms.CharField(
        label=_("Who signs: name and post"), help_text=_("It stands on the contract for everybody."), max_length=300
    )
    file = forms.FileField(
        label=_("File of the qualified signature"),
        help_text=_(
            ".p7s or .asice, made of the file to sign. Only the parties and auditors can read it. "
            "Without it the signature is a confirmation in the portal."
        ),
        required=False,
    )
    read = forms.BooleanField(label=_("I have read this version and sign it."), error_messages={"required": _TICKED})
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ReasonForm(forms.Form):
    reason = long_field(_("Reason, in words"), _("Both sides read it. Name no person."), rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class EndForm(ReasonForm):
    """A typed ground and the reason of a suspension, an early end, or that a contract is not concluded."""

    ground = forms.ModelChoiceField(
        ProcedureGround.objects.none(),
        label=_("Ground"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the ground.")},
    )
    field_order = ["ground", "reason"]

    def __init__(self, *args: Any, use: GroundUse, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ground"].queryset = grounds_for(use, "", on)  # type: ignore[attr-defined]
        self.fields["reason"].help_text = _("Everybody reads it. Name no person.")


class TerminateForm(EndForm):
    on = day(_("The contract ends on"), _("Not later than today."))
    field_order = ["ground", "on", "reason"]


class CloseForm(forms.Form):
    reason = long_field(
        _("What is to be said at the end"),
        _("For example, why less was given than was agreed. Everybody reads it. It may stay empty."),
        rows=3,
    )
