"""Codes by which a printed document is checked: random, easy to type, with a check character against slips."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import segno
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from stdnum import luhn

from portal.kernel.models.verification import VerificationCode

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
LENGTH = 12
# what is taken for another sign when read aloud, read off paper or typed on a Ukrainian keyboard
_SLIPS = str.maketrans("OILАВСЕНКМРТХО", "011ABCEHKMPTX0", " -–—_.\u00a0\t")
_kinds: dict[str, str | Promise] = {}
_present: dict[str, "AskPresent"] = {}


@dataclass(frozen=True, slots=True)
class Present:
    """How a document stands to the thing it is about today: does it still say what is so; in words; where to look."""

    holds: bool
    words: tuple[str, ...] = ()
    # pairs of words and address
    links: tuple[tuple[str, str], ...] = ()


AskPresent = Callable[[VerificationCode], Present]


def name_kind(kind: str, label: str | Promise, *, present: AskPresent | None = None) -> None:
    """Say what documents of a kind are called on the page that verifies them.

    `present` is asked at every look at a code that is not revoked: a document about something that changes is never
    called valid by what was known when it was issued.
    """
    _kinds[kind] = label
    if present is not None:
        _present[kind] = present


def kind_label(kind: str) -> str:
    return str(_kinds.get(kind, kind))


def present_of(code: VerificationCode) -> Present | None:
    """Return how the document stands today, or nothing when its kind does not change behind its back."""
    ask = _present.get(code.kind)
    return ask(code) if ask and code.revoked_at is None else None


def new_code() -> str:
    """Return a fresh code, to be printed in a document before the document has a digest to be issued with."""
    body = "".join(secrets.choice(ALPHABET) for _place in range(LENGTH - 1))
    return body + luhn.calc_check_digit(body, ALPHABET)


def normalise(typed: str) -> str | None:
    """Return the code meant by what a person typed, or None when no code can be meant."""
    code = typed.upper().translate(_SLIPS)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET) or not luhn.is_valid(code, ALPHABET):
        return None
    return code


def issue(
    *, kind: str, subject: str, title: str, at: datetime, document_digest: str = "", code: str = ""
) -> VerificationCode:
    return VerificationCode.objects.create(
        code=code or new_code(),
        kind=kind,
        subject=subject,
        title=title,
        document_digest=document_digest,
        issued_at=at,
    )


@transaction.atomic
def supersede(old: VerificationCode, new: VerificationCode, *, at: datetime) -> VerificationCode:
    """Let the new document stand in place of the old one, which keeps its page and points at its successor."""
    row = VerificationCode.objects.select_for_update().get(pk=old.pk)
    if row.superseded_by_id or row.pk == new.pk:
        raise ValueError(f"{row} is already superseded or supersedes itself")
    row.superseded_by, row.superseded_at = new, at
    row.save(update_fields=["superseded_by", "superseded_at"])
    return row


@transaction.atomic
def revoke(code: VerificationCode, *, reason: str, at: datetime) -> VerificationCode:
    row = VerificationCode.objects.select_for_update().get(pk=code.pk)
    if row.revoked_at:
        raise ValueError(f"{row} is already revoked")
    row.revoked_at, row.revoked_reason = at, reason
    row.save(update_fields=["revoked_at", "revoked_reason"])
    return row


def verification_url(code: str) -> str:
    return settings.PORTAL_BASE_URL.rstrip("/") + reverse("kernel:verify_code", args=[code])


def qr_svg(url: str) -> str:
    """Return the QR code of an address as an inline SVG, dark on transparent, without a fixed size."""
    return segno.make(url, error="m", micro=False).svg_inline(border=2, omitsize=True, svgclass="qr", lineclass=None)
