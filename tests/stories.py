"""What the machines of steps share: each story begins in the same world and leaves nothing behind."""

from django.db import transaction
from hypothesis.stateful import RuleBasedStateMachine

from portal.kernel import audit


class Story(RuleBasedStateMachine):
    """A story in a savepoint of its own: at its end the decision log is whole, and everything is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()

    def teardown(self) -> None:
        assert audit.verify() is None
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)
