"""Who may read which field of contracts, their fulfilment, monitoring and quality; the second part of `visibility`.

A row is public only when its thing is: a contract once concluded, a visit and its findings once concluded, a report and
an act once accepted, an evaluation once published; `queries.contracts` gives no others to the public. Numbers of people
are public only as `registry` suppresses small ones.
"""

from __future__ import annotations

from typing import Final

from portal.kernel.visibility import Audience
from procurement.field_tables import fields_of as _fields

_TEMPLATE: Final = "code number title_uk title_en definition act point verified note"
_EDITED: Final = "edited_at"

MONEY: Final[dict[str, dict[str, Audience]]] = {
    "BudgetLine": _fields(
        public="hromada year code economic_code title amount committed paid is_demo",
        official="created_at",
        nobody="id created_by",
    ),
    "BudgetLineChange": _fields(public="line act amount note at log_seq", nobody="id by"),
    "Contract": _fields(
        public="state number own_number hromada commissioner contractor title profile channel award competition "
        "order_item ground_text identifier identifier_url sign_by sign_by_words sum first_sum accepted paid "
        "service_from service_to version services concluded_on concluded_at suspended_at ended_on ended_at end_ground "
        "end_reason end_paid is_demo",
        official="created_at changed_at",
        nobody="id created_by key",
    ),
    "ContractFunding": _fields(public="contract line amount committed paid"),
    "ContractStep": _fields(
        public="contract thing step at actor_role from_state to_state clause", official="key comment", nobody="id by"
    ),
    "ContractTemplate": _fields(public=_TEMPLATE, official=f"{_EDITED} hromada", nobody="id created_by"),
    "ContractVersion": _fields(
        public="contract number kind state template title sum service_from service_to report_period report_days "
        "report_unit payment_days payment_unit funding ground citation reason effective_on content digest offered_at "
        "signed_at code log_seq",
        official="sections created_at saved_at",
        nobody="id created_by",
    ),
    "ContractLine": _fields(
        public="version number lot title service_type group categories content quality standard recipients pricing "
        "volume unit tariff tariff_act sum"
    ),
    # the file itself names whose key it is
    "ContractSignature": _fields(
        public="version side signer at digest check_result log_seq", official="document", nobody="id by"
    ),
    "Milestone": _fields(
        public="contract number title due_on measure plan fact state reason decided_on decided_at",
        official="document",
        nobody="id decided_by",
    ),
    "ServiceReport": _fields(
        public="contract number period_from period_to due_on due_words state done difficulties changes filed_at "
        "first_filed_at decided_at log_seq",
        official="version saved_at remarks reason",
        nobody="id filed_by decided_by",
    ),
    # the bare number of people is not public: pages round few away
    "ReportRow": _fields(public="report line group units", official="recipients"),
    "ReportFiling": _fields(
        public="report number digest at log_seq",
        official="content returned_at reason remarks",
        nobody="id key by",
    ),
    "AcceptanceAct": _fields(
        public="contract number kind corrects report contract_version period_from period_to own_number act_on state "
        "claimed deducted accepted paid claimed_at accepted_at payment_due_on payment_due_words digest code log_seq",
        official="note reason created_at content document",
        nobody="id claimed_by accepted_by key",
    ),
    "ActLine": _fields(public="act line units tariff amount"),
    "Deduction": _fields(public="act line amount ground reason"),
    "Payment": _fields(
        public="act funding kind amount paid_on order_number undoes entered_at log_seq",
        official="note",
        nobody="id key entered_by",
    ),
}

FOLLOWED: Final[dict[str, dict[str, Audience]]] = {
    "ChecklistVersion": _fields(public=_TEMPLATE, official=_EDITED),
    "Visit": _fields(
        public="contract number year planned_on basis follows state checklist held_on conclusion concluded_at digest "
        "log_seq",
        official="basis_words team place present notes created_at",
        nobody="id visitor concluded_by created_by",
    ),
    "VisitSubmission": _fields(official="visit device content digest at", nobody="id key by"),
    "VisitAnswer": _fields(public="visit code answer", official="note finding answered_at device other"),
    "Finding": _fields(
        public="visit contract number code kind citation severity text demand due_on state outcome closed_at log_seq"
    ),
    "FindingReply": _fields(public="finding text at log_seq", official="document", nobody="id key by"),
    "FindingResult": _fields(public="finding outcome reason visit due_on at log_seq", nobody="id by"),
    "ContractNotice": _fields(
        public="contract number kind ground findings text sent_at answer_by answer answered_at withdrawn_at "
        "withdrawn_reason log_seq",
        nobody="id sent_by answered_by key",
    ),
    "RiskRule": _fields(
        public="slug text_uk text_en act point mark valid_from valid_to order formula_uk formula_en innocent_uk "
        "innocent_en parameters weight verified note",
        official=_EDITED,
    ),
    "RiskCard": _fields(public="rule contract competition state data parameters found_at changed_at gone_at"),
    "RiskReply": _fields(public="card side text at log_seq", nobody="id by key"),
    "IndicatorSet": _fields(public=_TEMPLATE, official=_EDITED),
    "SurveyForm": _fields(public=_TEMPLATE, official=_EDITED),
    "QualityEvaluation": _fields(
        public="organisation service_type contract hromada kind state period_from period_to indicators act_number "
        "act_on act_url conclusion recommendations report total grade oldest_on content digest published_at supersedes "
        "code log_seq is_demo",
        official="recipients created_at",
        nobody="id created_by published_by key",
    ),
    "WorkingGroupMember": _fields(public="evaluation name position body is_civil_society is_head"),
    "IndicatorRating": _fields(public="evaluation code value note method evidence evidence_url evidence_on"),
    "QualityReply": _fields(public="evaluation text at log_seq", nobody="id by key"),
    "Survey": _fields(public="evaluation form state opened_on closes_on closed_at issued"),
    # who answered what is nobody's
    "SurveyCode": _fields(nobody="id survey digest is_used"),
    "SurveyBallot": _fields(nobody="id survey answers on_paper"),
}
