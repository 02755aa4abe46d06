"""The table of synonyms for django-import-export: its columns, how cells are read and how they are written."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import fields, resources
from import_export.instance_loaders import BaseInstanceLoader
from import_export.results import Result
from tablib import Dataset

from registry.interfaces.exporting.columns import guarded
from registry.interfaces.importing.report import CellFault
from registry.interfaces.importing.widgets import CellWidget, Choice, Text, YesNo
from search.domain.synonyms import Key, Told, key_of
from search.enums import SynonymKind, SynonymLanguage
from search.interfaces.synonym_cells import read_phrase, read_target
from search.models import Synonym
from search.models.synonym import LEAST_WEIGHT
from search.queries.targets import Targets

HUNDREDTH: Final = Decimal("0.01")
REQUIRED: Final = ("phrase", "kind", "target")


class Weight(CellWidget):
    """A number above 0 and at most 1, with a point or a comma."""

    formulas = personal = False

    def read(self, text: str, **kwargs: Any) -> Decimal:
        del kwargs
        digits = text.replace(",", ".")
        if not digits.replace(".", "", 1).isdecimal() or not digits.isascii():
            raise CellFault("weight.form", _("Write the weight as a number, for example 0.8."))
        weight = Decimal(digits)
        if not LEAST_WEIGHT <= weight <= 1:
            raise CellFault("weight.range", _("A weight is above 0 and at most 1."))
        if weight != weight.quantize(HUNDREDTH):
            raise CellFault("weight.precision", _("A weight has at most two digits after the point."))
        return weight.quantize(HUNDREDTH)


COLUMNS: Final[dict[str, CellWidget]] = {
    "phrase": Text(120),
    "kind": Choice(SynonymKind),
    "target": Text(120),
    "weight": Weight(),
    "language": Choice(SynonymLanguage),
    "note": Text(300),
    "active": YesNo(),
}


class SynonymResource(resources.Resource):
    """Reads rows into `Told` and writes the table; saving is for `search.domain.synonyms`."""

    class Meta:
        import_id_fields: tuple[str, ...] = ()
        instance_loader_class = BaseInstanceLoader
        skip_diff = True
        store_instance = True
        use_transactions = False

    def __init__(self, columns: Sequence[str] = tuple(COLUMNS), targets: Targets | None = None) -> None:
        super().__init__()
        self.targets = targets
        self.fields = {
            name: fields.Field(attribute=name, column_name=name, widget=COLUMNS[name])
            for name in COLUMNS
            if name in columns
        }
        self._rows: dict[Key, int] = {}

    # --- reading ---

    def read(self, dataset: Dataset, numbers: Sequence[int]) -> Result:
        """Read the rows; `numbers` are theirs in the file."""
        self._numbers = iter(numbers)
        return self.import_data(dataset, dry_run=False, raise_errors=False, use_transactions=False)

    def get_import_fields(self) -> list[fields.Field]:
        return list(self.fields.values())

    def get_or_init_instance(self, instance_loader: Any, row: Any) -> tuple[Told, bool]:
        del instance_loader, row
        return Told(next(self._numbers), {}), True

    def import_instance(self, instance: Told, row: Any, **kwargs: Any) -> None:
        """Convert every cell and gather every fault of the row."""
        del kwargs
        faults: dict[str, ValidationError] = {}
        for name, column in self.fields.items():
            try:
                value = column.clean(row)
            except ValidationError as fault:
                faults[name] = fault
                continue
            if value is not None:
                instance.values[name] = value
            elif name in REQUIRED:
                faults[name] = CellFault("cell.missing", _("The cell is empty."))
        self._judge(instance, faults)
        if faults:
            raise ValidationError(faults)

    def _judge(self, told: Told, faults: dict[str, ValidationError]) -> None:
        """Judge what a cell alone does not tell: the target by its kind, and rows that are the same."""
        values = told.values
        if "phrase" in values:
            try:
                values["phrase"] = read_phrase(values["phrase"])
            except ValidationError as fault:
                faults["phrase"] = fault
        if self.targets and "kind" in values and "target" in values:
            try:
                values["target"] = read_target(values.get("phrase", ""), values["kind"], values["target"], self.targets)
            except ValidationError as fault:
                faults["target"] = fault
        if faults:
            return
        first = self._rows.setdefault(key_of(values["phrase"], values["kind"], values["target"]), told.row)
        if first != told.row:
            faults["phrase"] = CellFault("row.twice", _("The same synonym stands in row %(row)s."), row=first)

    def save_instance(self, instance: Told, is_create: bool, row: Any, **kwargs: Any) -> None:
        """Save nothing: rows are written together."""

    def save_m2m(self, instance: Told, row: Any, **kwargs: Any) -> None:
        """Save nothing, as above."""

    # --- writing ---

    def dehydrate_phrase(self, row: Synonym) -> str:
        return guarded(row.phrase)

    def dehydrate_target(self, row: Synonym) -> str:
        return guarded(row.target)

    def dehydrate_note(self, row: Synonym) -> str:
        return guarded(row.note)

    def dehydrate_weight(self, row: Synonym) -> str:
        return f"{row.weight.normalize():f}"

    def dehydrate_active(self, row: Synonym) -> str:
        return "yes" if row.active else "no"
