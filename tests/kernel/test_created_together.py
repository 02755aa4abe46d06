"""Models of one migration are made at once, and the portal remembers them as if they had been made in turn."""

from django.db import migrations, models
from django.db.migrations.state import ProjectState

from portal.kernel.created_together import CreateTogether, created_together

HOUSE = migrations.CreateModel("House", [("id", models.BigAutoField(primary_key=True))])
DOOR = migrations.CreateModel(
    "Door",
    [("id", models.BigAutoField(primary_key=True)), ("house", models.ForeignKey("kernel.House", models.PROTECT))],
)
KEY = migrations.CreateModel("Key", [("id", models.BigAutoField(primary_key=True))])
IN_TURN = [HOUSE, DOOR, migrations.AddField("House", "name", models.CharField(max_length=10)), KEY]


def _state(operations):
    state = ProjectState()
    for operation in operations:
        operation.state_forwards("kernel", state)
    return state


def test_only_neighbours_are_made_together():
    first, other, last = created_together(IN_TURN)
    assert [one.name for one in first.models] == ["House", "Door"]
    assert other is IN_TURN[2]
    assert isinstance(last, CreateTogether)
    assert last.describe() == "Create models Key"


def test_what_is_known_afterwards_is_the_same():
    assert _state(created_together(IN_TURN)) == _state(IN_TURN)


def test_what_was_rendered_before_is_rendered_anew():
    state = _state([KEY])
    assert len(state.apps.get_models()) == 1
    created_together([HOUSE, DOOR])[0].state_forwards("kernel", state)
    door = state.apps.get_model("kernel", "Door")
    assert door._meta.get_field("house").related_model is state.apps.get_model("kernel", "House")
    assert len(state.apps.get_models()) == 3
