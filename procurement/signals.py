"""News of the social order for the layers above; sent after commit, never inside a transaction."""

from django.dispatch import Signal

# Arguments: competition_id (primary key), step (its name in `procurement.workflow.COMPETITION`, already made). What the
# public reads of this competition may differ now.
competition_changed = Signal()
