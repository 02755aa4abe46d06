"""The form by which a webhook is registered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.site.opendata.objects import KINDS
from portal.site.webhooks import sending
from portal.site.webhooks.registering import Owner

KIND_LABELS: Final = {
    "territory": _("Territories"),
    "provider": _("Providers"),
    "service": _("Services"),
    "competition": _("Competitions"),
    "contract": _("Contracts"),
}


class WebhookForm(forms.Form):
    owner = forms.ChoiceField(label=_("For whom"))
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("It begins with https:// and takes POST requests from the internet."),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    kinds = forms.MultipleChoiceField(
        label=_("Changes of what"),
        choices=[(name, KIND_LABELS[name]) for name in KINDS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one kind.")},
    )

    def __init__(self, *args: Any, owners: Sequence[Owner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [(one.value, one.label) for one in owners]  # type: ignore[attr-defined]

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip()
        try:
            sending.resolved(sending.judged(url))
        except sending.AddressRefused as refused:
            raise ValidationError(str(refused)) from refused
        return url
