"""What a side says about a risk card."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from procurement.interfaces.form_parts import KeyedForm, words_field
from procurement.interfaces.private_words import PrivateWordsMixin


class RiskReplyForm(PrivateWordsMixin, KeyedForm):
    text = words_field(
        _("Your reply"),
        _("What explains it, with numbers of papers. Everybody reads it beside the card. Name no person."),
    )
