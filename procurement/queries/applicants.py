"""How applicants are named in what is published: minutes, decisions, results, registers, letters to others."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.enums import PersonType
from portal.accounts.models import Organisation


def printed_name(organisation: Organisation, number: int | None) -> str:
    """Return how an applicant is called in what is published: a natural person is not named, as in the register."""
    if organisation.person_type != PersonType.NATURAL_PERSON:
        return organisation.name
    with translation.override(settings.LANGUAGE_CODE):
        return _("natural person (proposal № %(number)s)") % {"number": number}


def published_name(organisation: Organisation, competition_id: int) -> str:
    """Return the same for who takes part in a competition, where the number of the proposal is not at hand."""
    if organisation.person_type != PersonType.NATURAL_PERSON:
        return organisation.name
    own = organisation.proposals.filter(competition=competition_id)
    return printed_name(organisation, own.values_list("number", flat=True).first())
