"""The history of an entry for officials: the public lines, with the names of those who acted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.accounts.enums import Role
from registry.interfaces.history_words import Step, steps_of
from registry.models import EntryChange


@dataclass(frozen=True, slots=True)
class SignedStep:
    step: Step
    who: str


def signed_steps(changes: Sequence[EntryChange]) -> list[SignedStep]:
    """Return the acts behind these lines, each with the person, or the role where a command acted."""
    people = {change.log_seq: str(change.by) for change in changes if change.by}
    return [SignedStep(step, people.get(step.log_seq) or role_label(step.role)) for step in steps_of(changes)]


def role_label(role: str) -> str:
    """Return the role in words; a command's own name stays as it is."""
    return str(Role(role).label) if role in Role.values else role
