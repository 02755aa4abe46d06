"""What is said about a report of a mistake: to the provider, to the registrars, and the answer to who reported.

A stranger's words travel in these letters, so nothing in them can be clicked that the portal did not write itself.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.accounts.letters import Action, Letter, absolute, post
from portal.kernel.calendar import day_of
from registry.enums import ReportState
from registry.models import MistakeReport, RegisterEntry
from registry.queries.readers import officials_or_administrators, people_of, units_of_seat

_SCHEME: Final = re.compile(r":(?=//)")
# what mail programs take for an address and turn into a link: a dot before letters, or an at sign
_DOMAIN: Final = re.compile(r"(?<=[^\W_])\.(?=[a-zа-яіїєґ-]{2,})", re.IGNORECASE)


def unlinked(text: str) -> str:
    """Return the text so that no mail program makes a link of anything in it; a person still reads it."""
    return _DOMAIN.sub("[.]", _SCHEME.sub("[:]", text))


def tell_of_report(report: MistakeReport, now: datetime) -> None:
    """Write to the people of the provider and to the registrars of the territory; the reporter's address stays here."""
    entry = report.entry
    with translation.override(settings.LANGUAGE_CODE):
        for user in people_of(entry.organisation, day_of(now)):
            post(f"registry:mistake:{report.pk}:provider:{user.pk}", user.email, _for_provider(report))
        for user in officials_or_administrators(units_of_seat(entry), Role.REGISTRAR):
            post(f"registry:mistake:{report.pk}:registrar:{user.pk}", user.email, _for_registrar(report))


def tell_answer(report: MistakeReport) -> None:
    """Write the answer to who reported; the letter is forgotten as soon as it has left."""
    with translation.override(settings.LANGUAGE_CODE):
        confirmed = report.state == ReportState.ANSWERED
        letter = Letter(
            _("The answer to your report about the card № %(number)s") % _of(report.entry),
            (
                _("You told us that something is wrong on the card № %(number)s: %(name)s.") % _of(report.entry),
                _("A registrar has looked at it and the report is confirmed.")
                if confirmed
                else _("A registrar has looked at it, and the report is not confirmed."),
                *_lines(report.answer),
            ),
            Action(_("Open the card"), absolute(report.entry.get_absolute_url())),
            (_("Your address is erased with this letter: no answer can be sent to it any more."),),
        )
        post(f"registry:mistake:{report.pk}:answer", report.email, letter, forget=True)


def _for_provider(report: MistakeReport) -> Letter:
    return Letter(
        _("A reader reports a mistake on your card № %(number)s") % _of(report.entry),
        (
            *_report(report),
            _("If it is so, change the card in the cabinet. The registrar has this report too and answers the reader."),
        ),
        Action(_("Open the card"), absolute(report.entry.get_absolute_url())),
    )


def _for_registrar(report: MistakeReport) -> Letter:
    return Letter(
        _("A reader reports a mistake on the card № %(number)s") % _of(report.entry),
        _report(report),
        Action(_("Answer the report"), absolute(reverse("desk_mistakes:report", args=[report.pk]))),
    )


def _report(report: MistakeReport) -> tuple[str, ...]:
    return (
        _("The card № %(number)s: %(name)s.") % _of(report.entry),
        _("What is wrong: %(part)s.") % {"part": report.get_about_display()},
        _("In the reader's words:"),
        *_lines(unlinked(report.text)),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for line in (line.strip() for line in text.splitlines()) if line)


def _of(entry: RegisterEntry) -> dict[str, str]:
    return {"number": entry.number, "name": entry.organisation.name}
