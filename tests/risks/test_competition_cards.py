"""Risk cards of competitions: a single applicant from the opening on, scores that hardly differ once decided."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from portal.kernel.models import LogEntry, OutboxMessage
from procurement.contract_enums import Side
from procurement.domain.risks.cards import review_risks
from procurement.domain.risks.replies import party_of, reply_to_card
from procurement.domain.seal import keys
from procurement.models import Competition, RiskCard, RiskReply, RiskRule
from tests.factories.evaluation import make_opened
from tests.factories.risks import make_risk_rules

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_keys(settings, tmp_path):
    settings.PRIVATE_ROOT = tmp_path / "private"
    settings.SEALING_KEY_FILE = tmp_path / "keys" / "sealing.key"
    settings.DRAFT_KEY_FILE = tmp_path / "keys" / "drafts.key"
    keys.make_missing_keys()


def review(competition: Competition) -> None:
    make_risk_rules()
    review_risks(now=competition.opened_at + timedelta(hours=1))


def test_single_applicant_is_found_after_the_opening_and_may_reply() -> None:
    competition = make_opened(proposals=1)

    review(competition)

    card = RiskCard.objects.get()
    assert (card.rule.slug, card.competition) == ("single-applicant", competition)
    assert [row["applicants"] for row in card.data["lots"]] == [1] * competition.lots.count()
    entry = LogEntry.objects.get(tag="procurement:riskcard:open")
    assert entry.subject == f"procurement.competition:{competition.number}"
    assert OutboxMessage.objects.filter(kind="contract-letters").count() == 1
    proposal = competition.proposals.get()
    assert party_of(card) == proposal.organisation
    reply_to_card(
        card_id=card.pk,
        user=proposal.created_by,
        side=Side.CONTRACTOR,
        text="Ми єдині.",
        key=uuid4(),
        now=card.found_at,
    )
    assert RiskReply.objects.get().log_seq == LogEntry.objects.get(tag="procurement:riskcard:reply").seq


def test_several_applicants_are_no_sign_and_nobody_speaks_for_all_of_them() -> None:
    competition = make_opened(proposals=2)

    review(competition)

    assert not RiskCard.objects.exists()
    rule = RiskRule.objects.get(slug="clustered-scores")
    at = competition.opened_at
    card = RiskCard.objects.create(rule=rule, competition=competition, found_at=at, changed_at=at)
    assert party_of(card) is None
    with pytest.raises(PermissionDenied):
        reply_to_card(
            card_id=card.pk,
            user=competition.proposals.first().created_by,
            side=Side.CONTRACTOR,
            text="Я.",
            key=uuid4(),
            now=at,
        )
