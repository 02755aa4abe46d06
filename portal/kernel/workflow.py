"""Lawful steps as a table: which state may follow which, by what clause and by whose permission.

A `Workflow` only decides; the use case writes the state, its stamps and the log row together.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Transition:
    name: str
    sources: Collection[str]
    target: str
    clause: str
    permission: str
    comment_required: bool = False


class StepRefused(Exception):  # noqa: N818 a refusal is an answer, not a fault
    """The step may not be taken now; `reason` is a sentence for the person who asked."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Workflow:
    """The transitions of one kind of thing."""

    def __init__(self, *transitions: Transition) -> None:
        self._by_name = {transition.name: transition for transition in transitions}
        if len(self._by_name) != len(transitions):
            raise ValueError("two transitions share a name")

    def __iter__(self) -> Iterator[Transition]:
        return iter(self._by_name.values())

    def step(self, name: str, *, state: str, comment: str = "") -> Transition:
        """Return the transition to make; `StepRefused` when the state or a missing comment forbids it."""
        transition = self._by_name[name]
        if state not in transition.sources:
            raise StepRefused(_("This step is not possible in the present state."))
        if transition.comment_required and not comment.strip():
            raise StepRefused(_("This step needs a comment."))
        return transition

    def allowed(self, state: str) -> tuple[Transition, ...]:
        return tuple(transition for transition in self if state in transition.sources)

    def reachable(self, start: str) -> frozenset[str]:
        """Return the states that some chain of steps reaches, the start among them."""
        seen, waiting = {start}, [start]
        while waiting:
            found = {transition.target for transition in self.allowed(waiting.pop())} - seen
            seen |= found
            waiting += found
        return frozenset(seen)

    def terminal(self) -> frozenset[str]:
        """Return the states that no step leaves."""
        return frozenset(step.target for step in self) - frozenset(source for step in self for source in step.sources)


class TransitionLog(models.Model):
    """Who moved a thing from one state to another, when, why and by what clause; one table per procedure."""

    at = models.DateTimeField(_("moment"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by whom")
    )
    actor_role = models.CharField(_("in the role of"), max_length=60)
    from_state = models.CharField(_("from the state"), max_length=40)
    to_state = models.CharField(_("to the state"), max_length=40)
    comment = models.TextField(_("comment"), blank=True)
    clause = models.CharField(_("clause"), max_length=120, blank=True)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]
