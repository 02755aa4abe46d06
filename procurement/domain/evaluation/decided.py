"""What was decided in a competition: the decision in force, and all that is published with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from procurement.domain.evaluation.ranked import digest_of_text
from procurement.enums import RoundState
from procurement.models import AwardDecision, Competition


def decision_in_force(competition: Competition) -> AwardDecision | None:
    """Return the one that no other supersedes."""
    rows = AwardDecision.objects.filter(competition=competition, superseded_by__isnull=True)
    return rows.select_related("round", "minutes", "ground", "code").order_by("-number").first()


def results_of(competition: Competition) -> Mapping[str, Any] | None:
    """Return what is published: minutes, decision, texts of the ranking; None before a decision is taken.

    `decision` is the one in force, `decisions` are all of them, the superseded ones first; `content` and `sensitivity`
    are the minutes'; `scores`, `rubric`, `ranking` the texts that the decision rests on, `inputs_digest` and
    `ranking_digest` theirs. `is_annulled` says that an appeal has undone the round and the commission evaluates anew.
    """
    rows = competition.decisions.select_related("round", "minutes__code", "ground", "code", "supersedes")
    decisions = list(rows.prefetch_related("awards__lot", "awards__proposal__organisation").order_by("number"))
    if not decisions:
        return None
    superseded = {one.supersedes_id for one in decisions}
    decision = next(one for one in reversed(decisions) if one.pk not in superseded)
    minutes = decision.minutes
    return {
        "decision": decision,
        "decisions": decisions,
        "minutes": minutes,
        "content": minutes.content,
        "sensitivity": minutes.sensitivity,
        "scores": decision.inputs.get("scores", ""),
        "rubric": decision.inputs.get("rubric", ""),
        "ranking": decision.ranking,
        "inputs_digest": decision.inputs_digest,
        "ranking_digest": digest_of_text(decision.ranking),
        "is_annulled": decision.round.state == RoundState.ANNULLED,
    }
