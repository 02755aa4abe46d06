"""Models of one migration made at once, so that a portal stands in half the time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


def created_together(operations: Iterable[Operation]) -> list[Operation]:
    """Return these operations with each run of new models in one of them.

    By itself Django renders, after each new model, everything that is related to it once more: of two hundred tables
    that is twenty times the work of making them.
    """
    whole: list[Operation] = []
    new: list[CreateModel] = []
    for one in operations:
        if isinstance(one, CreateModel):
            if not new:
                whole.append(CreateTogether(new))
            new.append(one)
        else:
            new = []
            whole.append(one)
    return whole


class CreateTogether(Operation):
    """Creates models whose definitions say all there is to say of them; foreign keys may point either way."""

    def __init__(self, models: Sequence[CreateModel]) -> None:
        self.models = models

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [self.models], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        # what is rendered is thrown away, and all of it is rendered again when it is asked for, once
        state.__dict__.pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def references_model(self, name: str, app_label: str) -> bool:
        return any(model.references_model(name, app_label) for model in self.models)

    def describe(self) -> str:
        return f"Create models {', '.join(model.name for model in self.models)}"
