"""Letters about the freshness of a card and about documents that end; they hold nothing that the public may not read.

Everybody gets a letter of their own, so that nobody learns another's address from it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.accounts.letters import Action, Letter, absolute, post
from portal.accounts.models import Mandate
from portal.kernel import visibility
from portal.kernel.norms import DAY_FORMAT
from registry.enums import ContactKind, Freshness, ReminderAnswer
from registry.models import Contact, Evidence, RegisterEntry, Reminder, Service
from registry.queries.readers import officials_or_administrators, units_of_seat

# letters with a link that answers for a provider; sent ones are taken out of the outbox
KEY: Final = "registry:reminder:"
_BETWEEN: Final = re.compile(r"[,;\s]+")
_MOST_CONTACTS: Final = 2


# --- who reads -----------------------------------------------------------------------------------------------------


def addresses_of(entries: Sequence[RegisterEntry], today: date) -> dict[int, list[str]]:
    """Return whom to write to about each entry, in two queries: people who act for it today, else its public e-mail.

    Of invented providers the e-mail is invented too.
    """
    people: dict[int, list[str]] = defaultdict(list)
    held = Mandate.objects.active(today).filter(
        organisation__in=[entry.organisation_id for entry in entries], person__is_active=True
    )
    for organisation, address in held.order_by("person").values_list("organisation", "person__email").distinct():
        people[organisation].append(address)
    contacts: dict[int, list[str]] = defaultdict(list)
    told = Contact.objects.filter(entry__in=entries, kind=ContactKind.EMAIL, entry__is_demo=False).order_by("pk")
    for contact in told.values("entry_id", "value", "private"):
        if visibility.is_public("registry.Contact", "value", contact):
            contacts[contact["entry_id"]] += _emails(contact["value"])
    return {
        entry.pk: people[entry.organisation_id] or list(dict.fromkeys(contacts[entry.pk]))[:_MOST_CONTACTS]
        for entry in entries
    }


def _emails(text: str) -> Iterable[str]:
    for part in _BETWEEN.split(text):
        try:
            validate_email(part)
        except ValidationError:
            continue
        yield part.lower()


# --- what is said --------------------------------------------------------------------------------------------------


def remind(reminder: Reminder, state: Freshness, token: str, addresses: Sequence[str]) -> None:
    """Ask whether the card is still right; the token stands in these letters alone."""
    entry = reminder.entry
    with translation.override(settings.LANGUAGE_CODE):
        letter = Letter(
            _("Is your card in the register still right?"),
            (_since(entry), _follows(state), _("Look at the card in short by the link and press one button.")),
            Action(_("Look and answer"), absolute(reverse("registry:confirm", args=[token]))),
            (
                _("The link works once and without signing in, until %(day)s. Do not pass it on.")
                % {"day": _day(timezone.localdate(reminder.expires_at))},
                _("If something has changed, or you are closed for now, answer so by the same link."),
            ),
            facts=_facts(entry),
        )
        for number, address in enumerate(addresses, start=1):
            post(f"{KEY}{reminder.pk}:{number}", address, letter)


def _since(entry: RegisterEntry) -> str:
    if entry.verified_on:
        return _("The data of “%(name)s” in the register were last confirmed on %(day)s.") % {
            "name": entry.organisation.name,
            "day": _day(entry.verified_on),
        }
    return _("The data of “%(name)s” have been in the register since %(day)s, and nobody has confirmed them yet.") % {
        "name": entry.organisation.name,
        "day": _day(entry.included_on),
    }


def _follows(state: Freshness) -> str:
    if state == Freshness.HIDDEN:
        return _("People do not find the card in the search any more until somebody confirms it.")
    if state in {Freshness.OVERDUE, Freshness.LOWERED}:
        return _("The card is marked for readers by now. Later the search shows it lower, and then not at all.")
    return _("People who look for help rely on them. Unconfirmed cards are marked and then fall out of the search.")


def answered(entry: RegisterEntry, answer: str, until: date | None, *, now: datetime) -> None:
    """Tell the registrars of the place that the provider has said something they have to look at."""
    words = {
        ReminderAnswer.CHANGED: _("The provider says that something on its card has changed."),
        ReminderAnswer.CLOSED: _("The provider says that it is closed for now. This changes nothing by itself."),
    }
    with translation.override(settings.LANGUAGE_CODE):
        facts = _facts(entry) + (((_("Closed until"), _day(until)),) if until else ())
        letter = Letter(
            _("A provider has answered about its card"),
            (words[ReminderAnswer(answer)], _("The report lies at the desk, among reports of mistakes.")),
            Action(_("Look at the entry"), absolute(reverse("desk_entries:entry", args=[entry.number]))),
            facts=facts,
        )
        for user in officials_or_administrators(units_of_seat(entry), Role.REGISTRAR):
            post(f"registry:answered:{entry.pk}:{now.isoformat()}:{user.pk}", user.email, letter)


def evidence_ends(entry: RegisterEntry, rows: Sequence[Evidence], *, now: datetime) -> None:
    """Tell the provider which documents end soon, and what follows when they have."""
    with translation.override(settings.LANGUAGE_CODE):
        letter = Letter(
            _("A document of yours in the register ends soon"),
            (
                _("These documents confirm that “%(name)s” meets the criteria.") % {"name": entry.organisation.name},
                _("The day after the last one the service is suspended until a new document is accepted."),
            ),
            Action(_("Submit a new document"), absolute("/cabinet/")),
            facts=_facts(entry),
            points=tuple(_of_evidence(row) for row in rows),
        )
        _to_provider(entry, f"registry:evidence:{entry.pk}:{now.isoformat()}", letter, now)


def _of_evidence(row: Evidence) -> str:
    about = str(row.service) if row.service else _("the provider as a whole")
    last = _day(row.expires_on) if row.expires_on else ""
    return _("%(criterion)s (%(service)s): until %(day)s") % {
        "criterion": row.criterion.text,
        "service": about,
        "day": last,
    }


def services_suspended(entry: RegisterEntry, services: Sequence[Service], *, now: datetime) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        letter = Letter(
            _("Services of yours are suspended"),
            (
                _("A document that confirmed a criterion has ended, so “%(name)s” may not offer these services now.")
                % {"name": entry.organisation.name},
                _("They come back when a new document is accepted."),
            ),
            Action(_("Submit a new document"), absolute("/cabinet/")),
            facts=_facts(entry),
            points=tuple(str(service) for service in services),
        )
        _to_provider(entry, f"registry:suspended:{entry.pk}:{now.isoformat()}", letter, now)


def _to_provider(entry: RegisterEntry, key: str, letter: Letter, now: datetime) -> None:
    found: Mapping[int, list[str]] = addresses_of([entry], timezone.localdate(now))
    for number, address in enumerate(found[entry.pk], start=1):
        post(f"{key}:{number}", address, letter)


def _facts(entry: RegisterEntry) -> tuple[tuple[str, str], ...]:
    return ((_("Provider"), entry.organisation.name), (_("Register number"), entry.number))


def _day(day: date) -> str:
    return date_format(day, DAY_FORMAT)
