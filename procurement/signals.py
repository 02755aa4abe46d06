"""News of the social order for the layers above; sent after commit, never inside a transaction."""

from django.dispatch import Signal

# Arguments: competition_id (primary key), step (its name in `procurement.workflow.COMPETITION`, already made). What the
# public reads of this competition may differ now.
competition_changed = Signal()
# after the commit of a step with a round, an admission, a sheet, … ; arguments: competition_id, thing, step
evaluation_changed = Signal()
# after the commit of a step with a contract, report, act, visit, finding, … ; arguments: contract_id, thing, step
contract_changed = Signal()
# after the commit of a step with a quality evaluation; arguments: organisation_id, evaluation_id, step
quality_changed = Signal()
