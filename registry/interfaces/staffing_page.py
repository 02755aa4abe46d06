"""What the norms of staffing give, as the officials' page shows it: post by post, then by models of case load."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from registry.domain.staffing import Posts, managers_for
from registry.enums import CaseModel, NormStatus, PostRounding, StaffRole
from registry.interfaces.citations import acts_in_words
from registry.models import CaseLoadNorm


@dataclass(frozen=True, slots=True)
class NormLine:
    """A norm with what it gives; `citation` is empty where no act stands behind it."""

    posts: Posts
    citation: str
    rounding: str


@dataclass(frozen=True, slots=True)
class RoleLines:
    """The norms of one post. `least` and `most` sum those of one status: of the norms in force if they have numbers.

    Without a sum one of the numbers that belong to it is not known.
    """

    role: str
    lines: list[NormLine]
    is_in_force: bool
    least: int | None
    most: int | None


@dataclass(frozen=True, slots=True)
class LoadLine:
    norm: CaseLoadNorm
    name: str
    managers: int | None


def roles_of(found: Sequence[Posts]) -> list[RoleLines]:
    """Return the norms by post, in the order of the posts, with one query for the names of acts."""
    acts = acts_in_words(posts.norm.act for posts in found)
    by_role = {role: [posts for posts in found if posts.norm.role == role] for role in StaffRole}
    return [_role(role, mine, acts) for role, mine in by_role.items() if mine]


def _role(role: StaffRole, mine: Sequence[Posts], acts: Mapping[str, str]) -> RoleLines:
    numbered = [posts for posts in mine if posts.norm.per_residents is not None]
    is_in_force = any(posts.norm.status == NormStatus.IN_FORCE for posts in numbered)
    status = NormStatus.IN_FORCE if is_in_force else NormStatus.PROPOSED
    counted = [posts for posts in numbered if posts.norm.status == status]
    least = [posts.least for posts in counted if posts.least is not None]
    most = [posts.most for posts in counted if posts.most is not None]
    is_whole = bool(counted) and len(least) == len(most) == len(counted)
    lines = [_line(posts, acts) for posts in mine]
    return RoleLines(
        str(role.label), lines, is_in_force, sum(least) if is_whole else None, sum(most) if is_whole else None
    )


def _line(posts: Posts, acts: Mapping[str, str]) -> NormLine:
    norm = posts.norm
    citation = ", ".join(filter(None, (acts.get(norm.act, norm.act), norm.point)))
    return NormLine(posts, citation, str(PostRounding(norm.rounding).label))


def loads_of(norms: Iterable[CaseLoadNorm], cases: int | None) -> list[LoadLine]:
    return [LoadLine(norm, str(CaseModel(norm.model).label), managers_for(cases, norm)) for norm in norms]
