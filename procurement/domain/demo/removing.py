"""Taking the demonstration of orders, competitions and contracts away, before the invented organisations go."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction
from django.dispatch import receiver

from portal.kernel.models import Act, DeadlineRule, RuleProfile
from procurement import contract_guard
from procurement.domain.demo.hromadas import ACT_PREFIX
from procurement.domain.demo.removing_contracts import remove_contracts
from procurement.models import (
    Admission,
    AdmissionCheck,
    Alert,
    Appeal,
    Attendance,
    Award,
    AwardDecision,
    BudgetAct,
    Clarification,
    ClarificationFile,
    CoApplicant,
    Commissioner,
    CommissionMember,
    Competition,
    CompetitionCommission,
    CompetitionDocument,
    CompetitionStep,
    CompetitionVersion,
    ConsensusNote,
    Defence,
    EvaluationRound,
    EvaluationStep,
    InterestDeclaration,
    LackRefusal,
    Lot,
    MemberInterest,
    Minutes,
    MinutesSignature,
    NeedsAssessment,
    Opening,
    OrderDecision,
    OrderItem,
    Programme,
    Proposal,
    ProposalLot,
    ProposalRevision,
    ProposalStep,
    Question,
    Recusal,
    Score,
    ScoreSheet,
    SealedFile,
    ServiceSpecification,
    Sitting,
    TieBreak,
)
from registry.signals import demo_removing

# in the order in which nothing hangs on what goes
_OF_EVALUATION: Final = (
    (Appeal, "competition"),
    (Award, "decision__competition"),
    (AwardDecision, "competition"),
    (MinutesSignature, "minutes__round__competition"),
    (Minutes, "round__competition"),
    (TieBreak, "round__competition"),
    (ConsensusNote, "round__competition"),
    (Score, "sheet__round__competition"),
    (ScoreSheet, "round__competition"),
    (Defence, "round__competition"),
    (ClarificationFile, "clarification__admission__round__competition"),
    (Clarification, "admission__round__competition"),
    (AdmissionCheck, "admission__round__competition"),
    (Admission, "round__competition"),
    (Attendance, "sitting__round__competition"),
    (Sitting, "round__competition"),
    (Recusal, "competition"),
    (InterestDeclaration, "competition"),
    (EvaluationStep, "competition"),
    (EvaluationRound, "competition"),
)
_OF_COMPETITION: Final = (
    *(ProposalLot, ProposalStep, ProposalRevision, CoApplicant, SealedFile),
    *(Proposal, Alert, Question, Opening, CompetitionStep, CompetitionDocument, Lot, CompetitionVersion),
)


@receiver(demo_removing, dispatch_uid="procurement.demo.removing")
def remove_demo(**_news: Any) -> None:
    """Delete every invented competition, decision, budget act and need, and what real people tried on them."""
    with contract_guard.suspended(connection), transaction.atomic():
        bodies = list(Commissioner.objects.filter(organisation__is_demo=True).values_list("pk", flat=True))
        ids = list(Competition.objects.filter(commissioner__in=bodies).values_list("pk", flat=True))
        remove_contracts(bodies, ids)
        # a proposal of an invented organisation in a competition of a real body goes with it
        invented = Proposal.objects.filter(organisation__is_demo=True).exclude(competition__in=ids)
        _remove_of_proposals(list(invented.values_list("pk", flat=True)))
        kept = SealedFile.objects.filter(proposal__competition__in=ids).values_list("sha256", flat=True)
        files = [_path(sha256) for sha256 in kept]
        _remove_evaluations(ids, bodies)
        for model in _OF_COMPETITION:
            names = {field.name for field in model._meta.concrete_fields}  # noqa: SLF001
            lookup = "competition__in" if "competition" in names else "proposal__competition__in"
            _delete(model.objects.filter(**{lookup: ids}))
        _delete(Competition.objects.filter(pk__in=ids))
        _remove_orders()
        # their organisations go with the other invented ones of the register
        Commissioner.objects.filter(pk__in=bodies).delete()
    for path in files:
        path.unlink(missing_ok=True)


def _remove_evaluations(ids: list[int], bodies: list[int]) -> None:
    """Delete all that commissions did in these competitions, and the commissions of these bodies."""
    AwardDecision.objects.filter(competition__in=ids).update(supersedes=None)
    for model, lookup in _OF_EVALUATION:
        _delete(model.objects.filter(**{f"{lookup}__in": ids}))
    Competition.objects.filter(pk__in=ids).update(commission=None)
    MemberInterest.objects.filter(member__commission__commissioner__in=bodies).delete()
    CommissionMember.objects.filter(commission__commissioner__in=bodies).delete()
    steps = EvaluationStep.objects.filter(competition=None, thing="competitioncommission")
    commissions = CompetitionCommission.objects.filter(commissioner__in=bodies)
    _delete(steps.filter(key__in=[str(key) for key in commissions.values_list("pk", flat=True)]))
    commissions.delete()


def _remove_of_proposals(ids: list[Any]) -> None:
    for model in (ProposalLot, ProposalStep, ProposalRevision, CoApplicant, SealedFile):
        _delete(model.objects.filter(proposal__in=ids))
    _delete(Proposal.objects.filter(pk__in=ids))


def _remove_orders() -> None:
    decisions = OrderDecision.objects.filter(is_demo=True)
    ServiceSpecification.objects.filter(order_item__decision__in=decisions).update(order_item=None)
    ServiceSpecification.objects.filter(lots=None, created_by__email__endswith="@demo.example").delete()
    _delete(OrderItem.objects.filter(decision__in=decisions))
    decisions.update(supersedes=None)
    _delete(decisions)
    acts = BudgetAct.objects.filter(is_demo=True)
    acts.update(first=None)
    _delete(acts)
    for model in (NeedsAssessment, LackRefusal, Programme):
        model.objects.filter(is_demo=True).delete()
    _remove_rules()


def _remove_rules() -> None:
    """Delete the invented local rules; those that somebody's own competition goes by stay with it."""
    acts = Act.objects.filter(code__startswith=ACT_PREFIX)
    used = Competition.objects.values("profile")
    profiles = RuleProfile.objects.filter(rules__act__in=acts).exclude(pk__in=used)
    ids = list(profiles.distinct().values_list("pk", flat=True))
    DeadlineRule.objects.filter(profile__in=ids).delete()
    RuleProfile.objects.filter(pk__in=ids).delete()
    acts.filter(rules=None).delete()


def _path(sha256: str) -> Path:
    return Path(settings.PRIVATE_ROOT) / "sealed" / sha256[:2] / sha256


def _delete(rows: Any) -> None:
    """Delete in one statement: what hangs on these rows has gone already."""
    rows._raw_delete(rows.db)  # noqa: SLF001
