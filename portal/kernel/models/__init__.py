from portal.kernel.models.calendar import CalendarRegime, NonWorkingDay, load_calendar
from portal.kernel.models.documents import StoredDocument
from portal.kernel.models.log import LogEntry, LogHead, PersonalSalt
from portal.kernel.models.norms import Act, ActKind, DeadlineRule, Edition, RuleProfile
from portal.kernel.models.outbox import OutboxMessage
from portal.kernel.models.verification import VerificationCode

__all__ = [
    "Act",
    "ActKind",
    "CalendarRegime",
    "DeadlineRule",
    "Edition",
    "LogEntry",
    "LogHead",
    "NonWorkingDay",
    "OutboxMessage",
    "PersonalSalt",
    "RuleProfile",
    "StoredDocument",
    "VerificationCode",
    "load_calendar",
]
