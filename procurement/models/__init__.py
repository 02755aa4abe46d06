from procurement.models.acts import AcceptanceAct, ActLine, Deduction, Payment
from procurement.models.admission import Admission, AdmissionCheck, Clarification, ClarificationFile, Defence
from procurement.models.alert import Alert
from procurement.models.award import Appeal, Award, AwardDecision, Minutes, MinutesSignature
from procurement.models.budget_line import BudgetLine, BudgetLineChange
from procurement.models.commission import CommissionMember, CompetitionCommission, MemberInterest
from procurement.models.commissioner import Commissioner
from procurement.models.competition import Competition, CompetitionStep, CompetitionVersion, Lot
from procurement.models.contract import Contract, ContractFunding, ContractStep
from procurement.models.contract_version import ContractLine, ContractSignature, ContractTemplate, ContractVersion
from procurement.models.delivery import Milestone, ReportFiling, ReportRow, ServiceReport
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
from procurement.models.monitoring import (
    ChecklistVersion,
    ContractNotice,
    Finding,
    FindingReply,
    FindingResult,
    Visit,
    VisitAnswer,
    VisitSubmission,
)
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
from procurement.models.quality import (
    IndicatorRating,
    IndicatorSet,
    QualityEvaluation,
    QualityReply,
    Survey,
    SurveyBallot,
    SurveyCode,
    SurveyForm,
    WorkingGroupMember,
)
from procurement.models.question import Question
from procurement.models.risks import RiskCard, RiskReply, RiskRule
from procurement.models.scoring import ConsensusNote, Score, ScoreSheet, TieBreak
from procurement.models.specification import ServiceSpecification

__all__ = [
    "AcceptanceAct",
    "ActLine",
    "Admission",
    "AdmissionCheck",
    "Alert",
    "Appeal",
    "Attendance",
    "Award",
    "AwardDecision",
    "BudgetAct",
    "BudgetLine",
    "BudgetLineChange",
    "ChecklistVersion",
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
    "Contract",
    "ContractFunding",
    "ContractLine",
    "ContractNotice",
    "ContractSignature",
    "ContractStep",
    "ContractTemplate",
    "ContractVersion",
    "Deduction",
    "Defence",
    "EvaluationRound",
    "EvaluationStep",
    "Finding",
    "FindingReply",
    "FindingResult",
    "FormVersion",
    "IndicatorRating",
    "IndicatorSet",
    "InterestDeclaration",
    "LackRefusal",
    "Lot",
    "MemberInterest",
    "Milestone",
    "Minutes",
    "MinutesSignature",
    "NeedsAssessment",
    "NeedsFigure",
    "NeedsService",
    "Opening",
    "OrderDecision",
    "OrderItem",
    "Payment",
    "ProcedureGround",
    "Programme",
    "ProgrammeMeasure",
    "Proposal",
    "ProposalLot",
    "ProposalRevision",
    "ProposalStep",
    "QualityEvaluation",
    "QualityReply",
    "Question",
    "Recusal",
    "ReportFiling",
    "ReportRow",
    "RiskCard",
    "RiskReply",
    "RiskRule",
    "RubricVersion",
    "Score",
    "ScoreSheet",
    "SealedFile",
    "SealingKey",
    "ServiceReport",
    "ServiceSpecification",
    "Sitting",
    "Survey",
    "SurveyBallot",
    "SurveyCode",
    "SurveyForm",
    "TieBreak",
    "TimetableRule",
    "Visit",
    "VisitAnswer",
    "VisitSubmission",
    "WorkingGroupMember",
]
