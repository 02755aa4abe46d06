"""News of the register for the layers above; sent after commit, never inside a transaction."""

from django.dispatch import Signal

# Arguments: entry_ids (sequence of primary keys), revision (int). Everything public about these entries may differ now.
entries_changed = Signal()

# Arguments: application_id (primary key), step (its name in `registry.workflow.APPLICATION`, already made).
application_moved = Signal()

# The invented set of the register is about to be taken away; the layers above take theirs away first, at once.
demo_removing = Signal()
