"""The django-import-export resource: a row of texts becomes a `Draft`, or a fault for each bad cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from import_export import fields, resources
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import Result
from tablib import Dataset

from registry.interfaces.importing import rules
from registry.interfaces.importing.books import Books
from registry.interfaces.importing.columns import BY_NAME
from registry.interfaces.importing.places import Place, Places

REMEMBERED: Final = 5_000


@dataclass(slots=True)
class Draft:
    """What one row says, converted: values by column, empty cells absent."""

    told: dict[str, Any] = field(default_factory=dict)
    place: Place | None = None
    area_ids: frozenset[int] = frozenset()
    row: int = 0

    def __str__(self) -> str:
        """Say nothing: the library asks for the text of every row."""
        return ""


class ProviderResource(resources.Resource):
    """Reads the given columns; nothing is saved here, the register is written in bulk by `registry.domain`."""

    class Meta:
        import_id_fields: tuple[str, ...] = ()
        instance_loader_class = BaseInstanceLoader
        skip_diff = True
        store_instance = True
        use_transactions = False

    def __init__(self, columns: Sequence[str], *, books: Books, places: Places, today: date) -> None:
        super().__init__()
        self.books, self.places, self.today = books, places, today
        self.fields = {
            name: fields.Field(attribute=name, column_name=name, widget=BY_NAME[name].widget) for name in columns
        }
        self._present = list(self.fields.values())
        # by column: texts already read and what they mean
        self._known: dict[str, dict[str, Any]] = {name: {} for name in columns}

    def read(self, dataset: Dataset) -> Result:
        return self.import_data(dataset, dry_run=False, raise_errors=False, use_transactions=False)

    def get_import_fields(self) -> list[fields.Field]:
        return self._present

    def get_or_init_instance(self, instance_loader: Any, row: Any) -> tuple[Draft, bool]:
        del instance_loader, row
        return Draft(), True

    def import_instance(self, instance: Draft, row: Any, **kwargs: Any) -> None:
        """Convert every cell, gather every fault of the row, and ask the rules that look at several cells."""
        del kwargs
        faults: dict[str, ValidationError] = {}
        for column in self._present:
            name = column.column_name
            text = row[name]
            if not text:
                continue
            known = self._known[name]
            value = known.get(text)
            if value is None:
                try:
                    value = column.clean(row, books=self.books, today=self.today)
                except ValidationError as error:
                    faults[name] = error
                    continue
                if column.widget.repeats and len(known) < REMEMBERED:
                    known[text] = value
            if value is not None:
                instance.told[name] = value
        rules.judge(instance, faults, books=self.books, places=self.places)
        if faults:
            raise ValidationError(faults)

    def save_instance(self, instance: Draft, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Save nothing: the draft goes on to the register with its chunk."""

    def save_m2m(self, instance: Draft, row: Any, **kwargs: Any) -> None:
        """Save nothing, as above."""
