"""News of the search for whoever keeps its words in memory; sent after commit, never inside a transaction.

They reach this process only. Another one learns of an edit by `search.queries.synonyms.thesaurus_stamp`.
"""

from django.dispatch import Signal

# Sender: Synonym. No arguments. Any phrase may lead elsewhere now.
thesaurus_changed = Signal()

# Sender: Promotion. No arguments. Any promotion may be shown or not shown now.
promotions_changed = Signal()
