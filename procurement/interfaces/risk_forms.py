"""What a side says about a risk card."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from procurement.interfaces.appeal_forms import words_field
from procurement.interfaces.private_words import PrivateWordsMixin


class RiskReplyForm(PrivateWordsMixin, forms.Form):
    """`key` makes a second press of the button the same reply."""

    text = words_field(
        _("Your reply"),
        _("What explains it, with numbers of papers. Everybody reads it beside the card. Name no person."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())

    @property
    def press(self) -> UUID:
        key = self.cleaned_data["key"]
        assert isinstance(key, UUID)
        return key
