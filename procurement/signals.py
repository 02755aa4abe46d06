"""News of the social order for the layers above; sent after commit, never inside a transaction."""

from django.dispatch import Signal

# Arguments: competition_id (primary key), step (its name in `procurement.workflow.COMPETITION`, already made). What the
# public reads of this competition may differ now.
competition_changed = Signal()
# after the commit of a step with a round, an admission, a sheet, … ; arguments: competition_id, thing, step
evaluation_changed = Signal()
