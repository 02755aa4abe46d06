"""The decision log: append-only, hash-chained, without personal data, verifiable by anyone who has a copy.

Each entry's digest is the SHA-256 of a JSON array of its columns, the digest of the entry before among them. The head
row keeps the number and digest of the last entry, so a cut tail is seen too.
"""

import hmac
import json
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection, models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from stdnum.ua import rntrc

from portal.kernel.models.log import LogEntry, LogHead, PersonalSalt, moment_text

COLUMNS = (
    "seq",
    "at",
    "actor_role",
    "tag",
    "subject",
    "clause",
    "payload",
    "payload_digest",
    "prev_digest",
    "digest",
)
PAGE = 2_000
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_TEN_DIGITS = re.compile(r"\d{10}")
_TEN_DIGITS_WORD = re.compile(r"(?<!\w)\d{10}(?!\w)")


class LogOutsideTransaction(RuntimeError):  # noqa: N818 the name says what happened
    """An entry was appended outside the transaction of the decision it records."""


class PersonalDataRefused(ValueError):  # noqa: N818
    """The entry holds what looks like a РНОКПП; the log keeps `personal_digest` of it instead."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision to be logged."""

    tag: str
    subject: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    clause: str = ""


def append(
    *, tag: str, subject: str, payload: Mapping[str, Any], actor_role: str, at: datetime, clause: str = ""
) -> LogEntry:
    """Log a decision in the transaction that makes it and return the entry."""
    (seq,) = append_many([Entry(tag, subject, payload, clause)], actor_role=actor_role, at=at)
    return LogEntry.objects.get(seq=seq)


def append_many(items: Sequence[Entry], *, actor_role: str, at: datetime) -> list[int]:
    """Log many decisions of one actor under one lock of the head and return their numbers."""
    if not connection.in_atomic_block:
        raise LogOutsideTransaction("append to the log inside the transaction of the decision")
    if not items:
        return []
    moment = moment_text(at)
    contents = [canonical(item.payload) for item in items]
    for item, content in zip(items, contents, strict=True):
        _refuse_personal(item, content, actor_role)
    head, _created = LogHead.objects.select_for_update().get_or_create(pk=1)
    first, digest = head.seq + 1, head.digest
    rows = []
    for seq, (item, content) in enumerate(zip(items, contents, strict=True), first):
        columns = (seq, moment, actor_role, item.tag, item.subject, item.clause, content, _sha(content), digest)
        digest = _chain(columns)
        rows.append((*columns, digest))
    _insert(rows)
    LogHead.objects.filter(pk=1).update(seq=rows[-1][0], digest=digest)
    return list(range(first, first + len(rows)))


def canonical(payload: Mapping[str, Any]) -> str:
    """Write a payload in the one form that is hashed: sorted keys, no spaces, letters as they are."""
    return _CANONICAL.encode(payload)


def digest_of(payload: Mapping[str, Any]) -> str:
    """Return the digest by which papers and the log know a payload, the same however its keys are ordered."""
    return _sha(canonical(payload))


def personal_digest(value: str) -> str:
    """Return the digest that stands for a piece of personal data in the log, the same until it is forgotten."""
    row, _created = PersonalSalt.objects.get_or_create(key=_salt_key(value), defaults={"salt": secrets.token_bytes(32)})
    return hmac.new(bytes(row.salt), value.encode(), "sha256").hexdigest()


def forget_personal(value: str) -> bool:
    """Erase the salt behind a person's digests: the chain stays whole, the digests lead to nobody any more."""
    deleted, _rows = PersonalSalt.objects.filter(key=_salt_key(value)).delete()
    return bool(deleted)


class Fault(models.TextChoices):
    PAYLOAD_ALTERED = "payload_altered", _("the content does not match its digest")
    ENTRY_ALTERED = "entry_altered", _("the entry does not match its digest")
    CHAIN_BROKEN = "chain_broken", _("the entry does not continue the one before it")
    MISSING = "missing", _("the entry is missing")
    TAIL_CUT = "tail_cut", _("the end of the log is cut off from this entry on")
    HEAD_MISMATCH = "head_mismatch", _("the head of the log does not match its last entry")


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where the log is not what was written."""

    seq: int
    fault: Fault


def verify(progress: Callable[[int], object] | None = None) -> Broken | None:
    """Walk the whole log in constant memory and return the first broken place, or None when it is whole.

    `progress` is told how many entries each step added. Entries appended meanwhile are walked too.
    """
    last, digest = 0, ""
    after = -(2**63)
    while True:
        head = LogHead.objects.filter(pk=1).first() or LogHead()
        rows = 0
        for row in _rows(after):
            seq, found = _judge(row, last + 1, digest)
            if isinstance(found, Fault):
                return Broken(seq, found)
            after, last, digest = seq, seq, found
            rows += 1
            if progress and rows % PAGE == 0:
                progress(PAGE)
        if progress:
            progress(rows % PAGE)
        if rows == 0:
            return _judge_head(head, last, digest)


def _judge(row: Sequence[Any], expected: int, previous: str) -> tuple[int, str | Fault]:
    """Return the number of the entry with its digest, or the number at fault with the fault."""
    seq, texts = row[0], [_text(value) for value in row[1:]]
    if seq != expected:
        return (expected, Fault.MISSING) if seq > expected else (seq, Fault.ENTRY_ALTERED)
    if None in texts:
        return seq, Fault.ENTRY_ALTERED
    payload, payload_digest, prev_digest, digest = (str(text) for text in texts[5:])
    if _sha(payload) != payload_digest:
        return seq, Fault.PAYLOAD_ALTERED
    if prev_digest != previous:
        return seq, Fault.CHAIN_BROKEN
    return seq, digest if _chain((seq, *texts[:-1])) == digest else Fault.ENTRY_ALTERED


def _judge_head(head: LogHead, last: int, digest: str) -> Broken | None:
    if head.seq > last:
        return Broken(last + 1, Fault.TAIL_CUT)
    if (head.seq, head.digest) != (last, digest):
        return Broken(last, Fault.HEAD_MISMATCH)
    return None


def _rows(after: int) -> Iterator[Sequence[Any]]:
    """Yield the columns of the entries after a number as the database keeps them.

    SQLite hands out bytes, because text that is no UTF-8 any more must be named and not crash the walk.
    """
    names = ", ".join(
        f"CAST({name} AS BLOB)" if connection.vendor == "sqlite" and name != "seq" else name for name in COLUMNS
    )
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {names} FROM kernel_logentry WHERE seq > %s ORDER BY seq LIMIT {PAGE}",  # noqa: S608 our own names
                [after],
            )
            page = cursor.fetchall()
        if not page:
            return
        yield from page
        after = page[-1][0]


def _insert(rows: Sequence[Sequence[Any]]) -> None:
    """Write prepared rows past the ORM, which would take most of an import's time."""
    statement = f"INSERT INTO kernel_logentry ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)


def _chain(columns: Sequence[Any]) -> str:
    return _sha(_CANONICAL.encode(columns))


def _sha(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    try:
        return bytes(value).decode()
    except (TypeError, UnicodeDecodeError):
        return None


def _salt_key(value: str) -> str:
    return salted_hmac("portal.kernel.personal", value, algorithm="sha256").hexdigest()


def _refuse_personal(item: Entry, content: str, actor_role: str) -> None:
    """Refuse an entry with a РНОКПП in it; the cheap look at the written form spares most entries the walk."""
    written = f"{item.tag}\n{item.subject}\n{item.clause}\n{actor_role}"
    if not _TEN_DIGITS.search(content) and not _TEN_DIGITS.search(written):
        return
    for text in (written, *_leaves(item.payload)):
        for digits in _TEN_DIGITS_WORD.findall(text):
            if rntrc.is_valid(digits):
                raise PersonalDataRefused(
                    f"{item.tag} of {item.subject}: looks like a РНОКПП, which the log must not keep"
                )


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _leaves(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield str(value)
