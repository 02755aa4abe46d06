"""Who may read which field of the social order: the only list there is, asked by page, API, feed, search and export.

What a proposal says, whose it is, how many there are: nobody's before it is opened, and nobody's here afterwards
either: what becomes public with a decision are the minutes, the decision and the results (`interfaces.results`), never
a row of scoring. The keys of the seal are nobody's for ever.
"""

from __future__ import annotations

from collections.abc import Iterable

from portal.kernel.visibility import Audience, declare, guard_model
from procurement.contract_visibility import FOLLOWED, MONEY
from procurement.field_tables import fields_of as _fields

PUBLIC = Audience.PUBLIC

# --- the law as rows: everybody reads it -----------------------------------------------------------------------------

_TEMPLATE = "code number title_uk title_en definition act point verified note"
_EDITED = "edited_at"
LAW = {
    "TimetableRule": _fields(public="profile code start end bound position verified note", official=_EDITED),
    "CompetitionPolicy": _fields(
        public="profile name name_en channel needs_specification needs_register needs_service legal_forms sectors "
        "unanswered_holds change_unsettles form rubric commission_min quorum_share quorum_strict admission "
        "takes_clarifications blind_scoring names_members has_defence asked_path appeal_stops in_project_register "
        "act point verified note",
        official=_EDITED,
    ),
    "ProcedureGround": _fields(
        public="slug use procedure text_uk text_en act point mark valid_from valid_to order verified note",
        official=_EDITED,
    ),
    "FormVersion": _fields(public=_TEMPLATE, official=_EDITED),
    "RubricVersion": _fields(public=_TEMPLATE, official=_EDITED),
}

# --- needs, plan, decision -------------------------------------------------------------------------------------------

PLAN = {
    "NeedsAssessment": _fields(
        public="hromada as_of state study_from study_to respondents method findings act_number act_on act_url document "
        "published_at supersedes correction log_seq is_demo",
        official="created_at",
        nobody="id created_by",
    ),
    # numbers of people below five are shown to nobody, so that the bare number is not public: pages round it away
    "NeedsFigure": _fields(public="assessment group label counted source order", official="persons"),
    "NeedsService": _fields(public="assessment service_type order", official="need receive"),
    # only counted, and few are not told
    "LackRefusal": _fields(
        official="hromada service_type group refused_on told_on entered_at is_demo", nobody="id entered_by"
    ),
    "Programme": _fields(
        public="hromada title year_from year_to act_number act_on act_url is_demo",
        official="created_at",
        nobody="id created_by",
    ),
    "ProgrammeMeasure": _fields(public="programme text service_type year amount"),
    "BudgetAct": _fields(
        public="hromada kind year adopted_on number url note decision_due_on rule due_snapshot entered_at supersedes "
        "first correction log_seq is_demo",
        nobody="id entered_by",
    ),
    "OrderDecision": _fields(
        public="budget_act hromada state outcome grounds ground programme decided_on number body url document taken_at "
        "supersedes correction log_seq is_demo",
        official="created_at",
        nobody="id created_by",
    ),
    "OrderItem": _fields(public="decision service_type group recipients volume unit amount channel order"),
}

# --- the competition -------------------------------------------------------------------------------------------------

COMPETITION = {
    "Commissioner": _fields(public="organisation hromada address phone email website"),
    "ServiceSpecification": _fields(
        # what is ordered becomes public with the announcement, as its snapshot
        official="hromada order_item title group service_type delivery_form content categories recipients volume unit "
        "place service_from service_to standard standard_url standard_is_draft quality tariff tariff_act ceiling "
        "created_at saved_at",
        nobody="id created_by",
    ),
    "Competition": _fields(
        public="state number procedure profile commissioner commission hromada decision title legal_ground "
        "requirements documents_note submission_note opening_place contact_name contact_phone "
        "contact_email budget_limit draft_contract form rubric order_decided_on published_at "
        "opens_at questions_until closes_at hold_until opening_at evaluated_on award_on results_on "
        "contract_on service_from service_to public_key sealed_by version sequence closed_at "
        "opened_at ended_at end_ground end_reason is_demo",
        official="created_at saved_at",
        nobody="id wrapped_key created_by",
    ),
    "Lot": _fields(
        public="competition number title ceiling snapshot service_slug group_slug", official="specification"
    ),
    "CompetitionVersion": _fields(
        public="competition number kind at ground reason content digest unsettles code log_seq",
        official="frozen",
        nobody="id by",
    ),
    "CompetitionStep": _fields(
        public="competition step at actor_role from_state to_state comment clause", nobody="id by"
    ),
    "CompetitionDocument": _fields(public="competition document title added_at"),
    "Question": _fields(
        public="competition number state text asked_at answer_due_on answer answered_at",
        nobody="id asked_by organisation asking_key answered_by",
    ),
    "Opening": _fields(public="competition at present findings log_seq", nobody="id by"),
    "SealingKey": _fields(public="key_id public_key first_seen_at"),
}

# --- proposals and people --------------------------------------------------------------------------------------------

SEALED = {
    "Proposal": _fields(
        nobody="id competition organisation state draft draft_key draft_version competition_version created_by "
        "created_at saved_at number submitted_at confirmed_at closed_at content fault"
    ),
    # the digest alone is public, in the decision log
    "ProposalRevision": _fields(
        nobody="id proposal number competition_version at by key sealed commitment receipt log_seq withdrawn_at"
    ),
    "ProposalStep": _fields(nobody="id proposal step at by actor_role from_state to_state comment clause"),
    "ProposalLot": _fields(nobody="id proposal lot"),
    "SealedFile": _fields(nobody="id proposal sha256 size uploaded_by uploaded_at"),
    "CoApplicant": _fields(
        nobody="id proposal organisation state may_edit invited_by invited_at answered_by answered_at"
    ),
    "Alert": _fields(
        nobody="id email language hromada service_type group competition state confirm_digest stop_digest asked_at "
        "confirmed_at stopped_at sender"
    ),
}


# --- the commission, its work, the decision --------------------------------------------------------------------------

EVALUATION = {
    # public once appointed
    "CompetitionCommission": _fields(
        public="commissioner hromada title state act_number act_on act_body act_url act_document appointed_at "
        "dissolved_at end_reason log_seq is_demo",
        official="created_at",
        nobody="id created_by",
    ),
    "CommissionMember": _fields(
        public="commission name position body role order since until",
        official="email body_code invited_at",
        nobody="id user invitation_digest",
    ),
    "MemberInterest": _fields(nobody="id member kind name code note told_at ended_at"),
    "EvaluationRound": _fields(
        public="competition commission number state began_at reason scoring_since discussed_at minuted_at decided_at",
        nobody="id began_by",
    ),
    "EvaluationStep": _fields(
        nobody="id competition thing key step at by actor_role from_state to_state comment clause"
    ),
    "InterestDeclaration": _fields(
        official="competition member has_interest at digest log_seq replaced_at", nobody="id ties"
    ),
    "Recusal": _fields(
        official="competition member organisation source state ground proposed_at decided_at reason log_seq",
        nobody="id evidence decided_by",
    ),
    "Sitting": _fields(official="round number at place agenda quorum recorded_at log_seq", nobody="id recorded_by"),
    "Attendance": _fields(official="sitting member is_present note"),
    "Admission": _fields(nobody="id round proposal state ground reason decided_at decided_by"),
    "AdmissionCheck": _fields(nobody="id admission code result note"),
    "Clarification": _fields(
        nobody="id admission state fields text asked_at asked_by due_at due_words answers note answered_at answered_by "
        "log_seq"
    ),
    "ClarificationFile": _fields(nobody="id clarification path document"),
    "Defence": _fields(nobody="id round proposal state at place note recorded_at"),
    "ScoreSheet": _fields(
        nobody="id round member state version began_at saved_at filed_at digest salt earlier log_seq"
    ),
    "Score": _fields(nobody="id sheet lot proposal criterion points is_given reason version"),
    "ConsensusNote": _fields(nobody="id round lot proposal criterion text at by"),
    "TieBreak": _fields(nobody="id round lot kind order reason at by log_seq"),
    # published with the decision, as a whole
    "Minutes": _fields(
        nobody="id round number state content inputs inputs_digest ranking sensitivity digest made_at made_by "
        "signed_at code log_seq"
    ),
    "MinutesSignature": _fields(nobody="id minutes member at digest opinion log_seq"),
    "AwardDecision": _fields(
        public="competition round minutes number outcome ground reason act_number act_on act_url inputs inputs_digest "
        "ranking content digest at supersedes code log_seq",
        nobody="id by",
    ),
    "Award": _fields(public="decision lot proposal place amount state reason answered_at"),
    # what the bidder wrote becomes public with the answer to it
    "Appeal": _fields(
        public="competition number organisation decision scope state stops filed_at due_on due_words ground remedy "
        "answer decided_at log_seq",
        official="text remedy_asked",
        nobody="id document filed_by key decided_by",
    ),
}

_PARTS = (LAW, PLAN, COMPETITION, SEALED, EVALUATION, MONEY, FOLLOWED)


def public_fields(model: str) -> Iterable[str]:
    """Return the names of the fields of a model that everybody may read, in the order they are declared here."""
    tables = {name: table for part in _PARTS for name, table in part.items()}
    return [name for name, audience in tables[model].items() if audience == PUBLIC]


def declare_procurement() -> None:
    """Tell the kernel's visibility registry all of the above; called once, when the app is ready."""
    for tables in _PARTS:
        for model, table in tables.items():
            declare(f"procurement.{model}", table)
            guard_model(f"procurement.{model}")
