"""Letters of the portal: said once in words, written as text and as a page, sent by the outbox after commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.functional import Promise

from portal.kernel import outbox
from portal.kernel.models import OutboxMessage

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Action:
    """The one thing that the letter asks for; its address is whole."""

    label: Words
    url: str


@dataclass(frozen=True, slots=True)
class Letter:
    subject: Words
    paragraphs: tuple[Words, ...]
    action: Action | None = None
    after: tuple[Words, ...] = field(default=())
    # pairs of a name and a value, then a list, both between the paragraphs and the action; other addresses below it
    facts: tuple[tuple[Words, Words], ...] = field(default=())
    points: tuple[Words, ...] = field(default=())
    links: tuple[Action, ...] = field(default=())


def post(
    key: str, to: str, letter: Letter, *, forget: bool = False, headers: Mapping[str, str] | None = None
) -> OutboxMessage:
    """Put the letter into the outbox in the caller's transaction, as text and as a page, in the language in force.

    With `forget` nothing is kept of it once it has left; `headers` are for the programs of mail.
    """
    context = {"letter": letter, "portal": settings.PORTAL_BASE_URL}
    text = render_to_string("account/email/letter.txt", context).strip() + "\n"
    page = render_to_string("account/email/letter.html", context)
    return outbox.mail(key, [to], " ".join(str(letter.subject).split()), text, page, forget=forget, headers=headers)


def absolute(path: str) -> str:
    return settings.PORTAL_BASE_URL.rstrip("/") + path
