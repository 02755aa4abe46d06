from procurement.models.alert import Alert
from procurement.models.commissioner import Commissioner
from procurement.models.competition import Competition, CompetitionStep, CompetitionVersion, Lot
from procurement.models.document import CompetitionDocument
from procurement.models.law import CompetitionPolicy, FormVersion, RubricVersion, TimetableRule
from procurement.models.needs import (
    LackRefusal,
    NeedsAssessment,
    NeedsFigure,
    NeedsService,
    Programme,
    ProgrammeMeasure,
)
from procurement.models.opening import Opening, SealingKey
from procurement.models.orders import BudgetAct, OrderDecision, OrderItem, ProcedureGround
from procurement.models.proposal import (
    CoApplicant,
    Proposal,
    ProposalLot,
    ProposalRevision,
    ProposalStep,
    SealedFile,
)
from procurement.models.question import Question
from procurement.models.specification import ServiceSpecification

__all__ = [
    "Alert",
    "BudgetAct",
    "CoApplicant",
    "Commissioner",
    "Competition",
    "CompetitionDocument",
    "CompetitionPolicy",
    "CompetitionStep",
    "CompetitionVersion",
    "FormVersion",
    "LackRefusal",
    "Lot",
    "NeedsAssessment",
    "NeedsFigure",
    "NeedsService",
    "Opening",
    "OrderDecision",
    "OrderItem",
    "ProcedureGround",
    "Programme",
    "ProgrammeMeasure",
    "Proposal",
    "ProposalLot",
    "ProposalRevision",
    "ProposalStep",
    "Question",
    "RubricVersion",
    "SealedFile",
    "SealingKey",
    "ServiceSpecification",
    "TimetableRule",
]
