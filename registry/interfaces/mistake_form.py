"""The form by which a reader reports a mistake: kept from robots without asking a person anything about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django import forms
from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.enums import MistakePart
from registry.models import RegisterEntry

LONGEST_TEXT: Final = 3_000
_SALT: Final = "registry.mistakes.form"


class MistakeForm(forms.Form):
    """`token` says which card's form this is and since when it is open; `website` is a field for robots alone."""

    about = forms.ChoiceField(
        label=gettext_lazy("What is wrong"), choices=MistakePart.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_lazy("What it should say, and how you know"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": gettext_lazy("Say in a few words what is wrong.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail, if you want an answer"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    website = forms.CharField(required=False)
    token = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, entry: RegisterEntry, now: datetime) -> None:
        self.entry, self.now = entry, now
        super().__init__(data)
        self.fields["about"].error_messages["required"] = _("Choose what is wrong.")
        # the token that the page carries: a spent one is put in place of by a new one, and nothing typed is lost
        self.fresh_token = signing.dumps([entry.number, int(now.timestamp())], salt=_SALT)

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("Leave this field empty, please: only robots fill it in."))
        return ""

    def clean(self) -> dict[str, Any]:
        """Judge the form's age last: whoever has a field to correct sends the form again anyway."""
        values = super().clean() or {}
        opened = self._opened()
        fast = opened is not None and self.now - opened < settings.MISTAKE_FORM_SHORTEST
        if fast:
            self.fresh_token = values.get("token", "")
        if fast and not self.errors:
            raise forms.ValidationError(
                _("This came faster than people write. Everything is still here: please send it again.")
            )
        if opened is None and not self.errors:
            raise forms.ValidationError(
                _("The form was open for too long. Everything you wrote is still here: please send it again.")
            )
        return values

    def _opened(self) -> datetime | None:
        """Return when the form was opened, or nothing for a token that is forged, of another card, or too old."""
        try:
            number, moment = signing.loads(self.data.get("token", ""), salt=_SALT, max_age=settings.MISTAKE_FORM_LIFE)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return datetime.fromtimestamp(moment, self.now.tzinfo) if number == self.entry.number else None
