"""Who is told of an evaluation by letter: the provider of an external one, the hromada's officials of a reply."""

from __future__ import annotations

from datetime import datetime

from portal.kernel.calendar import day_of
from procurement import quality_letters
from procurement.contract_enums import QualityKind
from procurement.models import QualityEvaluation, QualityReply
from procurement.queries.contracts.readers import officials_of_place, people_of_provider


def tell_published(evaluation: QualityEvaluation, now: datetime) -> None:
    """Write to the provider's people; of its own evaluation they know."""
    if evaluation.kind != QualityKind.EXTERNAL:
        return
    for reader in people_of_provider(evaluation.organisation_id, day_of(now)):
        quality_letters.published(evaluation, reader)


def tell_replied(reply: QualityReply, now: datetime) -> None:
    """Write to the officials of the hromada whose working group evaluated."""
    evaluation = reply.evaluation
    if evaluation.hromada is None:
        return
    for reader in officials_of_place(evaluation.hromada, evaluation.organisation, day_of(now)):
        quality_letters.replied(reply, reader)
