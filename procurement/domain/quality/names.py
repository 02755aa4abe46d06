"""How an evaluated provider is called in what is published."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.enums import PersonType
from portal.accounts.models import Organisation


def provider_name(organisation: Organisation) -> str:
    """Return the name; a natural person is not named, as in the register."""
    if organisation.person_type != PersonType.NATURAL_PERSON:
        return organisation.name
    with translation.override(settings.LANGUAGE_CODE):
        return _("natural person who gives social services")
