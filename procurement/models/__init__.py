from procurement.models.admission import Admission, AdmissionCheck, Clarification, ClarificationFile, Defence
from procurement.models.alert import Alert
from procurement.models.award import Appeal, Award, AwardDecision, Minutes, MinutesSignature
from procurement.models.commission import CommissionMember, CompetitionCommission, MemberInterest
from procurement.models.commissioner import Commissioner
from procurement.models.competition import Competition, CompetitionStep, CompetitionVersion, Lot
from procurement.models.document import CompetitionDocument
from procurement.models.evaluation import (
    Attendance,
    EvaluationRound,
    EvaluationStep,
    InterestDeclaration,
    Recusal,
    Sitting,
)
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
from procurement.models.scoring import ConsensusNote, Score, ScoreSheet, TieBreak
from procurement.models.specification import ServiceSpecification

__all__ = [
    "Admission",
    "AdmissionCheck",
    "Alert",
    "Appeal",
    "Attendance",
    "Award",
    "AwardDecision",
    "BudgetAct",
    "Clarification",
    "ClarificationFile",
    "CoApplicant",
    "CommissionMember",
    "Commissioner",
    "Competition",
    "CompetitionCommission",
    "CompetitionDocument",
    "CompetitionPolicy",
    "CompetitionStep",
    "CompetitionVersion",
    "ConsensusNote",
    "Defence",
    "EvaluationRound",
    "EvaluationStep",
    "FormVersion",
    "InterestDeclaration",
    "LackRefusal",
    "Lot",
    "MemberInterest",
    "Minutes",
    "MinutesSignature",
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
    "Recusal",
    "RubricVersion",
    "Score",
    "ScoreSheet",
    "SealedFile",
    "SealingKey",
    "ServiceSpecification",
    "Sitting",
    "TieBreak",
    "TimetableRule",
]
