"""Letters that ask a provider whether its card is still right, and the answer given by their link, without an account.

The link is signed, works once and for a time; the token is in the letter alone, here is its digest.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Final

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Case, CharField, Exists, OuterRef, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.models import Mandate
from portal.kernel import audit
from portal.kernel.models import OutboxMessage
from portal.kernel.norms import DAY_FORMAT
from portal.kernel.workflow import StepRefused
from registry import freshness_letters
from registry.domain.freshness import PROVIDER, confirm_entry
from registry.domain.providers import Actor
from registry.enums import ContactKind, Freshness, MistakePart, ReminderAnswer, Standing, VerificationMethod
from registry.models import Contact, MistakeReport, RegisterEntry, Reminder
from registry.queries.freshness import CLOSED_TAG, STALE

CHUNK: Final = 500
# a sent letter with a link lies in the outbox no longer than this
KEPT_FOR: Final = timedelta(days=1)
LONGEST_NOTE: Final = 500
_SIGNER: Final = Signer(salt="registry.reminder", sep=".")
_TAGS: Final = {
    ReminderAnswer.RIGHT: "registry:reminder:right",
    ReminderAnswer.CHANGED: "registry:reminder:changed",
    ReminderAnswer.CLOSED: CLOSED_TAG,
}
# an answer that is not "all is right" lies among the reports of mistakes, for the registrar to look at
_REPORTS: Final = {ReminderAnswer.CHANGED: MistakePart.OTHER, ReminderAnswer.CLOSED: MistakePart.CLOSED}


class LinkUnknown(StepRefused):
    """No letter has such a link."""


class LinkUsed(StepRefused):
    """An answer was given by this link; `reminder` says which."""

    def __init__(self, reminder: Reminder) -> None:
        super().__init__(gettext_lazy("An answer was given by this link already: a link works once."))
        self.reminder = reminder


class LinkExpired(StepRefused):
    """The link was not used in its time."""

    def __init__(self, reminder: Reminder) -> None:
        super().__init__(gettext_lazy("The time in which this link worked is over."))
        self.reminder = reminder


def new_token() -> str:
    return _SIGNER.sign(secrets.token_urlsafe(24))


def digest_of(token: str) -> str:
    return sha256(token.encode()).hexdigest()


# --- asking --------------------------------------------------------------------------------------------------------


def send_reminders(*, now: datetime) -> int:
    """Write to the providers whose cards are to be confirmed, once for each step of ageing; return how many cards."""
    today = timezone.localdate(now)
    waiting = _not_asked_yet(today)
    asked = last = 0
    while entries := list(waiting.filter(pk__gt=last)[:CHUNK]):
        last = entries[-1].pk
        addresses = freshness_letters.addresses_of(entries, today)
        asked += sum(_ask(entry, addresses[entry.pk], now) for entry in entries if addresses[entry.pk])
    return asked


def _not_asked_yet(today: date) -> QuerySet[RegisterEntry]:
    """Return the ageing public cards about whose present step no letter was written, of providers with some address."""
    step = Concat(
        Cast(Coalesce("verified_on", "included_on"), CharField()),
        Case(When(freshness=Freshness.DUE, then=Value(":due")), default=Value(":overdue")),
    )
    asked = Reminder.objects.filter(entry=OuterRef("pk"), about=OuterRef("step"))
    people = Mandate.objects.active(today).filter(organisation=OuterRef("organisation"))
    contacts = Contact.objects.filter(entry=OuterRef("pk"), kind=ContactKind.EMAIL)
    entries = RegisterEntry.objects.open().filter(standing__in=Standing.active, freshness__in=(Freshness.DUE, *STALE))
    waiting = entries.annotate(step=step).filter(~Exists(asked), Exists(people) | Exists(contacts))
    return waiting.select_related("organisation").order_by("pk")


def step_of(entry: RegisterEntry) -> str:
    """Return the name of the step of ageing that a letter is about: from which day on, and whether its time is up."""
    since = entry.verified_on or entry.included_on
    return f"{since.isoformat()}:{'overdue' if entry.freshness in STALE else 'due'}"


@transaction.atomic
def _ask(entry: RegisterEntry, addresses: Sequence[str], now: datetime) -> bool:
    token = new_token()
    reminder, is_new = Reminder.objects.get_or_create(
        entry=entry,
        about=step_of(entry),
        defaults={"token_digest": digest_of(token), "sent_at": now, "expires_at": now + settings.REMINDER_LIFE},
    )
    if is_new:
        freshness_letters.remind(reminder, Freshness(entry.freshness), token, addresses)
    return is_new


def forget_sent_links(*, now: datetime) -> int:
    """Take sent letters with links out of the outbox, so that nobody finds the links there later."""
    sent = OutboxMessage.objects.filter(kind="mail", key__startswith=freshness_letters.KEY, sent_at__lt=now - KEPT_FOR)
    return sent.delete()[0]


# --- answering -----------------------------------------------------------------------------------------------------


def reminder_of(token: str, *, now: datetime) -> Reminder:
    """Return the reminder whose link this is; raises `LinkUnknown`, `LinkUsed`, `LinkExpired`. Changes nothing."""
    return _open(token, Reminder.objects.all(), now)


def _open(token: str, rows: QuerySet[Reminder], now: datetime) -> Reminder:
    unknown = gettext_lazy("This link is not whole or was never sent.")
    try:
        _SIGNER.unsign(token)
    except BadSignature as error:
        raise LinkUnknown(unknown) from error
    reminder = rows.select_related("entry__organisation").filter(token_digest=digest_of(token)).first()
    if reminder is None:
        raise LinkUnknown(unknown)
    if reminder.answer:
        raise LinkUsed(reminder)
    if reminder.expires_at <= now:
        raise LinkExpired(reminder)
    return reminder


@transaction.atomic
def answer_reminder(
    *, token: str, answer: ReminderAnswer, now: datetime, until: date | None = None, note: str = ""
) -> Reminder:
    """Record a provider's answer; the link is used up by it.

    "All is right" confirms the card. The other two change nothing in the register: what has changed is entered by an
    application, and whether a closed provider is suspended is for the registrar to decide. Both lie at the desk and
    are told to the registrars. Raises as `reminder_of` does, and `StepRefused`.
    """
    reminder = _open(token, Reminder.objects.select_for_update(of=("self",)), now)
    entry = reminder.entry
    if entry.standing == Standing.EXCLUDED:
        raise StepRefused(gettext_lazy("The provider is no longer in the register: there is nothing to confirm."))
    reminder.answer, reminder.answered_at = answer, now
    reminder.save(update_fields=["answer", "answered_at"])
    actor = Actor(None, PROVIDER)
    payload = {"number": entry.number, "until": until.isoformat() if until else None}
    audit.append(
        tag=_TAGS[answer], subject=f"registry.entry:{entry.number}", payload=payload, actor_role=actor.role, at=now
    )
    with translation.override(settings.LANGUAGE_CODE):
        if answer == ReminderAnswer.RIGHT:
            ground = _("The provider confirmed the data in answer to a letter.")
            confirm_entry(entry_id=entry.pk, actor=actor, method=VerificationMethod.LINK, note=ground, now=now)
        else:
            _report(entry, answer, until, note, now)
    return reminder


def _report(entry: RegisterEntry, answer: ReminderAnswer, until: date | None, note: str, now: datetime) -> None:
    said = {
        ReminderAnswer.CHANGED: _("The provider, in answer to a letter: something on the card has changed."),
        ReminderAnswer.CLOSED: _("The provider, in answer to a letter: closed for now."),
    }
    parts = [said[answer]]
    if until:
        parts.append(_("Until %(day)s.") % {"day": date_format(until, DAY_FORMAT)})
    if note.strip():
        parts.append(note.strip()[:LONGEST_NOTE])
    MistakeReport.objects.create(entry=entry, about=_REPORTS[answer], text="\n".join(parts), at=now)
    freshness_letters.answered(entry, answer, until, now=now)
