"""What the API answers of results, appeals and commissions."""

from __future__ import annotations

from ninja import Schema


class Place(Schema):
    code: str
    name: str


class AwardLine(Schema):
    lot: int
    place: int
    proposal: int
    applicant: str
    amount: str | None
    state: str
    reason: str
    answered_at: str | None


class AwardDecisionLine(Schema):
    """A decision; never edited, one that is superseded stays here."""

    number: int
    outcome: str
    act_number: str
    act_on: str
    act_url: str
    ground: str
    reason: str
    digest: str
    at: str
    log_seq: int | None
    supersedes: int | None
    is_in_force: bool
    awards: list[AwardLine]


class GivenPoints(Schema):
    """`points` is null where the criterion is not applicable."""

    member: str
    points: str | None
    reason: str


class ScoredCriterion(Schema):
    code: str
    name: str
    value: str | None
    points: list[GivenPoints]
    note: str


class RankingLine(Schema):
    """`tie` names the step that told it from an equal one, `why` says it all in sentences."""

    place: int
    proposal: int
    applicant: str
    total: str
    asked: str | None
    outcome: str
    tie: str
    why: list[str]
    criteria: list[ScoredCriterion]


class ResultLot(Schema):
    number: int
    title: str
    budget: str | None
    threshold: str | None
    ranking: list[RankingLine]


class NotAdmitted(Schema):
    proposal: int
    applicant: str
    ground: str
    reason: str


class PublishedFile(Schema):
    url: str
    sha256: str


class CompetitionResult(Schema):
    """`rank.py` makes ranking.csv of scores.csv and rubric.json, byte for byte."""

    outcome: str
    in_words: list[str]
    is_in_force: bool
    decisions: list[AwardDecisionLine]
    minutes_digest: str
    minutes_log_seq: int | None
    lots: list[ResultLot]
    not_admitted: list[NotAdmitted]
    sensitivity: list[str]
    files: dict[str, PublishedFile]
    url: str
    dossier: str


class AppealLine(Schema):
    """An appeal; what it says is public once it is answered, who complains from the first decision on."""

    number: int
    scope: str
    state: str
    who: str
    decision: int | None
    stops: bool
    filed_at: str
    due_on: str | None
    text: str
    asked: str
    ground: str
    remedy: str
    answer: str
    decided_at: str | None
    log_seq: int | None


class CommissionMemberLine(Schema):
    name: str
    position: str
    body: str
    role: str
    since: str
    until: str | None


class CommissionLine(Schema):
    """A commission that evaluates proposals, with the act that appointed it."""

    id: int
    title: str
    state: str
    act_number: str
    act_on: str | None
    act_body: str
    act_url: str
    appointed_at: str | None
    dissolved_at: str | None
    is_demo: bool
    commissioner: str
    hromada: Place
    members: list[CommissionMemberLine]
