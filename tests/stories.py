"""What the machines of steps share: each story begins in the same world and leaves nothing behind."""

from django.db import connection, transaction
from hypothesis import settings
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


def calm(stories: int, steps: int, *, elsewhere: int) -> settings:
    """Return settings for so many stories of so many steps, the same ones in every run, and fewer on PostgreSQL.

    People do the same there; what differs is the database. `--hypothesis-profile=long` tells four times as many on both.
    """
    told = stories if connection.vendor == "sqlite" else elsewhere
    if settings.get_current_profile_name() == "long":
        told *= 4
    return settings(max_examples=told, stateful_step_count=steps, deadline=None, derandomize=True, database=None)
