"""The extract as a file, printed once for each state of an entry, and what its code says of it at any later time."""

from __future__ import annotations

from functools import partial
from typing import Final

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.kernel.models import VerificationCode
from portal.kernel.pdf import ACCESSIBLE, render_pdf
from portal.kernel.verification import Present
from registry.domain.extracts import Issued, changes_since, record_file, still_holds
from registry.enums import Standing
from registry.interfaces.press import drop_paper, kept_paper, print_once
from registry.models import Extract, RegisterEntry

# papers of older states that are dropped when a newer one is printed
_OLDER: Final = 5


def kept_extract(extract: Extract) -> bytes | None:
    return kept_paper(_name(extract))


def print_extract(issued: Issued) -> bytes:
    """Return the extract as it was printed, or print it and keep its digest; raises `PressBusyError`."""
    return print_once(_name(issued.extract), partial(_print, issued))


def _name(extract: Extract) -> str:
    return f"extract-{extract.code.code}"


def _print(issued: Issued) -> bytes:
    extract, entry = issued.extract, issued.card.entry
    seat = [unit.label for unit in (entry.territory, entry.hromada, entry.oblast) if unit is not None]
    with override(extract.language):
        context = {
            "kind": _("Printed on request, the same for everybody who asks"),
            "entry": entry,
            "organisation": entry.organisation,
            "card": issued.card,
            "contacts": [contact for group in issued.card.contacts.values() for contact in group],
            "seat": ", ".join(dict.fromkeys(seat)),
            "extract": extract,
            "digest": extract.digest,
            "digest_of": _("Digest of the facts that this extract states (SHA-256):"),
        }
        content = render_pdf(
            "registry/pdf/extract.html",
            context,
            title=extract.code.title,
            code=extract.code.code,
            variant=ACCESSIBLE,
        )
    record_file(extract, content)
    same = Extract.objects.filter(entry=extract.entry_id, language=extract.language).exclude(pk=extract.pk)
    for older in same.select_related("code").order_by("-pk")[:_OLDER]:
        drop_paper(_name(older))
    return content


def present_extract(code: VerificationCode) -> Present:
    """Say how an extract stands to the register today, for the page that verifies its code."""
    related = "entry__organisation", "entry__parent__organisation", "entry__merged_into__organisation"
    units = "entry__territory", "entry__hromada", "entry__oblast"
    extract = Extract.objects.select_related(*related, *units).filter(code=code).first()
    if extract is None:
        return Present(holds=False)
    entry = extract.entry
    if not entry.is_open:
        return Present(holds=False, words=(_("The card is not public any more."),))
    if entry.merged_into is not None:
        return _merged(entry.merged_into)
    card = (_("The card as it is today"), entry.get_absolute_url())
    if still_holds(extract):
        return Present(holds=True, words=(_("The register says the same today."), *_standing(entry)), links=(card,))
    fresh = (_("The extract as of today (PDF)"), reverse("registry:extract", args=[entry.number]))
    history = (_("What has changed, when and on which ground"), reverse("registry:history", args=[entry.number]))
    return Present(holds=False, words=(_outdated(extract), *_standing(entry)), links=(fresh, card, history))


def _merged(kept: RegisterEntry) -> Present:
    words = _("The entry became part of another one: № %(number)s, %(name)s.") % {
        "number": kept.number,
        "name": kept.organisation.name,
    }
    fresh = (_("The extract as of today (PDF)"), reverse("registry:extract", args=[kept.number]))
    return Present(holds=False, words=(words,), links=(fresh, (_("The card as it is today"), kept.get_absolute_url())))


def _outdated(extract: Extract) -> str:
    moments = changes_since(extract)
    if moments is None:
        return _("It is superseded: what stood in it is not what the register says today.")
    first, last = (date_format(localtime(moment), "j E Y, H:i") for moment in moments)
    return _("It is superseded by the state of the register of %(last)s. What stood in it was so until %(first)s.") % {
        "first": first,
        "last": last,
    }


def _standing(entry: RegisterEntry) -> tuple[str, ...]:
    if entry.standing == Standing.EXCLUDED:
        return (_("The provider is no longer in the register."),)
    if entry.standing == Standing.SUSPENDED:
        return (_("The provider is suspended."),)
    return ()
