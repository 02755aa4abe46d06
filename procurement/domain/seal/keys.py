"""The keys of competitions: a pair for each, its private half wrapped by the sealing key that lies outside.

What wraps and unwraps is a `KeyHolder`; today it is a file. To divide the key among the members of a commission, write
another one: `wrap` gives each member a share (k of n) encrypted for that member, `unwrap` gathers k shares that members
bring to the opening, and `name` says which set of members it was. Nothing else of the portal has to change: a
competition keeps bytes and the name of what wrapped them. `faults` then asks whether enough members still have theirs.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kernel import clock, vault
from procurement.domain.seal import draft_keys
from procurement.enums import CompetitionState
from procurement.models import Competition, Proposal, SealingKey
from procurement.models.competition import CompetitionQuerySet

WAITING: Final = (CompetitionState.PUBLISHED, CompetitionState.CLOSED)


class KeyHolder(Protocol):
    """Who has the sealing key, or all the parts of it."""

    def wrap(self, private: bytes, info: bytes) -> tuple[bytes, str]:
        """Return the private key of a competition wrapped, with the name of the key that can unwrap it."""

    def unwrap(self, wrapped: bytes, name: str, info: bytes) -> bytes:
        """Return what was wrapped by the key of this name; raises `vault.VaultError`."""


@dataclass(frozen=True, slots=True)
class FileKeyHolder:
    """A file with one key or several: the first wraps, every one of them unwraps what it wrapped."""

    path: Path

    def wrap(self, private: bytes, info: bytes) -> tuple[bytes, str]:
        pair = self._pairs()[0]
        return vault.seal(private, pair.public, info), pair.key_id

    def unwrap(self, wrapped: bytes, name: str, info: bytes) -> bytes:
        found = [pair for pair in self._pairs() if pair.key_id == name]
        if not found:
            raise vault.KeyMissing(f"the sealing key {name} is not in the file of keys")
        return vault.unseal(wrapped, found[0].private, info)

    def public_halves(self) -> list[bytes]:
        return [pair.public for pair in self._pairs()]

    def _pairs(self) -> list[vault.Pair]:
        return [vault.pair_of(key) for key in vault.read_keys(self.path)]


def key_holder() -> FileKeyHolder:
    return FileKeyHolder(Path(settings.SEALING_KEY_FILE))


@dataclass(frozen=True, slots=True)
class CompetitionKeys:
    """What a competition keeps: the public key, the private one wrapped, and the name of what wrapped it."""

    public: bytes
    wrapped: bytes
    sealed_by: str


def new_competition_keys(context: str) -> CompetitionKeys:
    """Make the keys of one competition; `context`, its number, is bound into the wrapping. Raises `vault.VaultError`.

    What was wrapped is unwrapped once before anybody relies on it.
    """
    pair, holder = vault.new_pair(), key_holder()
    wrapped, name = holder.wrap(pair.private, _info(context))
    if holder.unwrap(wrapped, name, _info(context)) != pair.private:
        raise vault.SealBroken("the sealing key does not give back what it wrapped")
    remember_sealing_keys()
    return CompetitionKeys(pair.public, wrapped, name)


def private_key_of(competition: Competition) -> bytes:
    """Unwrap the private key of an announced competition; only the opening does. Raises `vault.VaultError`."""
    wrapped, public = bytes(competition.wrapped_key or b""), bytes(competition.public_key or b"")
    private = key_holder().unwrap(wrapped, competition.sealed_by, _info(str(competition.number)))
    if vault.pair_of(private).public != public:
        raise vault.SealBroken("the unwrapped key is not the one for which proposals were sealed")
    return private


def remember_sealing_keys() -> int:
    """Write down the public half of every sealing key that is there; return how many were new."""
    known = set(SealingKey.objects.values_list("key_id", flat=True))
    halves = {vault.key_id(public): public for public in key_holder().public_halves()}
    fresh = [
        SealingKey(key_id=name, public_key=public, first_seen_at=clock.moment())
        for name, public in halves.items()
        if name not in known
    ]
    SealingKey.objects.bulk_create(fresh, ignore_conflicts=True)
    return len(fresh)


def make_missing_keys() -> list[Path]:
    """Make the file of the sealing key and that of drafts where there is none, and return those that were made.

    A file that is there stays, whatever it holds.
    """
    made = []
    for path, comment in ((settings.SEALING_KEY_FILE, "sealing key"), (settings.DRAFT_KEY_FILE, "key of drafts")):
        with suppress(FileExistsError):
            vault.write_new_key(Path(path), comment)
            made.append(Path(path))
    return made


# --- what is wrong with them ---------------------------------------------------------------------------------------


def key_faults() -> list[str]:
    """Say in sentences what is wrong with the sealing key and the key of drafts; nothing when all is well.

    Every competition not opened yet must name a key that is in the file, and that key must fit what it wrapped.
    """
    return [*_sealing_faults(), *_draft_faults()]


def is_needed() -> bool:
    """Say whether anything has been sealed already, so that keys of today's making would not do."""
    return _waiting().exists() or Proposal.objects.filter(draft_key__isnull=False).exists()


def _waiting() -> CompetitionQuerySet:
    return Competition.objects.filter(state__in=WAITING).order_by("number")


def _sealing_faults() -> list[str]:
    if (damage := file_fault(Path(settings.SEALING_KEY_FILE))) is not None:
        return [gettext("The sealing key: %(fault)s Proposals sealed with it could not be opened.") % {"fault": damage}]
    return [fault for competition in _waiting() if (fault := _fault_of(competition)) is not None]


def _fault_of(competition: Competition) -> str | None:
    words = {"number": competition.number, "key": competition.sealed_by}
    try:
        private_key_of(competition)
    except vault.KeyMissing:
        return (
            gettext("Competition № %(number)s is sealed by the key %(key)s, which is not in the file of keys.") % words
        )
    except vault.VaultError:
        return gettext("The key of competition № %(number)s does not open with the sealing key %(key)s.") % words
    return None


def _draft_faults() -> list[str]:
    path = Path(settings.DRAFT_KEY_FILE)
    if (damage := file_fault(path)) is not None:
        return [
            gettext("The key of drafts: %(fault)s Drafts of proposals cannot be read or saved.") % {"fault": damage}
        ]
    newest = Proposal.objects.filter(draft_key__isnull=False).order_by("-saved_at").only("pk", "draft_key").first()
    if newest is not None and not draft_keys.fits(newest):
        return [gettext("The key of drafts is not the one by which the present drafts are encrypted.")]
    return []


def file_fault(path: Path) -> Promise | None:
    """Say what is wrong with a file of keys by itself, without the path, which not every reader should learn."""
    try:
        vault.read_keys(path)
    except vault.KeyMissing:
        return _("the file of keys is not there, is empty or cannot be read.")
    except vault.KeyBroken:
        return _("the file of keys is damaged.")
    if any(path.resolve().is_relative_to(Path(root).resolve()) for root in _exposed()):
        return _("the file of keys lies among the files of the portal, where backups and visitors come.")
    return None


def _exposed() -> tuple[str, ...]:
    return (str(settings.MEDIA_ROOT), str(settings.PRIVATE_ROOT), str(settings.STATIC_ROOT))


def _info(context: str) -> bytes:
    return f"competition key\n{context}".encode()
