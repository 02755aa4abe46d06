"""Parts of forms that several subjects share: a field for words, a form whose second press changes nothing."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST: Final = 8000


def words_field(
    label: Any, hint: Any = "", *, rows: int = 5, longest: int = LONGEST, required: bool = True
) -> forms.CharField:
    """Return a field for several sentences."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=longest,
        widget=forms.Textarea({"rows": rows}),
        error_messages={"max_length": _("Make it shorter: at most %(limit_value)d characters.")},
    )


class KeyedForm(forms.Form):
    """`key` makes a second press of the button the same thing."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())

    @property
    def press(self) -> UUID:
        key = self.cleaned_data["key"]
        assert isinstance(key, UUID)
        return key
