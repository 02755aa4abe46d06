from registry.models.application import (
    Application,
    ApplicationStep,
    CorrectionRequest,
    CriterionCheck,
    DraftVersion,
    OutcomeProposal,
)
from registry.models.catalogue import (
    AccessFeature,
    BasicServiceRow,
    DeliveryForm,
    HardshipFactor,
    ServiceType,
    VulnerableGroup,
)
from registry.models.criteria import Criterion, FreshnessRule, Ground, RegisterPolicy
from registry.models.decision import Evidence, RegisterDecision
from registry.models.entitlement import (
    CaseLoadNorm,
    FeeRule,
    FreeOfCharge,
    IncomeBand,
    PaymentTerm,
    StaffingNorm,
)
from registry.models.entry import Contact, RegisterEntry, Site, SiteAccess
from registry.models.freshness import Availability, Extract, MistakeReport, Reminder, Verification
from registry.models.history import EntryChange, ImportRun, NumberSequence, PrivateView, RegisterRevision
from registry.models.merging import EntryMerge
from registry.models.reference import BudgetCode, ReferenceLoad, SubsistenceMinimum
from registry.models.service import Service, ServiceAtLocation
from registry.models.territory import Territory, TerritoryScope

__all__ = [
    "AccessFeature",
    "Application",
    "ApplicationStep",
    "Availability",
    "BasicServiceRow",
    "BudgetCode",
    "CaseLoadNorm",
    "Contact",
    "CorrectionRequest",
    "Criterion",
    "CriterionCheck",
    "DeliveryForm",
    "DraftVersion",
    "EntryChange",
    "EntryMerge",
    "Evidence",
    "Extract",
    "FeeRule",
    "FreeOfCharge",
    "FreshnessRule",
    "Ground",
    "HardshipFactor",
    "ImportRun",
    "IncomeBand",
    "MistakeReport",
    "NumberSequence",
    "OutcomeProposal",
    "PaymentTerm",
    "PrivateView",
    "ReferenceLoad",
    "RegisterDecision",
    "RegisterEntry",
    "RegisterPolicy",
    "RegisterRevision",
    "Reminder",
    "Service",
    "ServiceAtLocation",
    "ServiceType",
    "Site",
    "SiteAccess",
    "StaffingNorm",
    "SubsistenceMinimum",
    "Territory",
    "TerritoryScope",
    "Verification",
    "VulnerableGroup",
]
