from registry.models.catalogue import (
    AccessFeature,
    BasicServiceRow,
    DeliveryForm,
    HardshipFactor,
    ServiceType,
    VulnerableGroup,
)
from registry.models.entry import Contact, RegisterEntry, Site, SiteAccess
from registry.models.history import EntryChange, ImportRun, NumberSequence, PrivateView, RegisterRevision
from registry.models.reference import BudgetCode, ReferenceLoad, SubsistenceMinimum
from registry.models.service import Service, ServiceAtLocation
from registry.models.territory import Territory, TerritoryScope

__all__ = [
    "AccessFeature",
    "BasicServiceRow",
    "BudgetCode",
    "Contact",
    "DeliveryForm",
    "EntryChange",
    "HardshipFactor",
    "ImportRun",
    "NumberSequence",
    "PrivateView",
    "ReferenceLoad",
    "RegisterEntry",
    "RegisterRevision",
    "Service",
    "ServiceAtLocation",
    "ServiceType",
    "Site",
    "SiteAccess",
    "SubsistenceMinimum",
    "Territory",
    "TerritoryScope",
    "VulnerableGroup",
]
