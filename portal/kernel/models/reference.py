from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.kernel.languages import reader_language


class ReferenceRow(models.Model):
    """A row of law kept as data: shipped with the portal, corrected by an administrator, never overwritten after that.

    Whoever saves a correction stamps `edited_at`; `load_norms` leaves a stamped row alone.
    """

    verified = models.BooleanField(_("checked against the current edition"), default=False)
    note = models.TextField(_("note"), blank=True)
    edited_at = models.DateTimeField(_("edited by hand at"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True


def in_force_on(day: date, start: str, end: str) -> Q:
    """Return the condition that the half-open period `[start, end)` of a row holds the day."""
    return Q(**{f"{start}__lte": day}) & (Q(**{f"{end}__isnull": True}) | Q(**{f"{end}__gt": day}))


def in_language(ukrainian: str, english: str) -> str:
    """Return the English variant of a text of reference where English is read and the variant exists."""
    return english if english and reader_language() == "en" else ukrainian
