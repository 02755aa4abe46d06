"""Import of providers from CSV and XLSX: `run` is the one function behind the command and the desk."""

from registry.interfaces.importing.entering import enter_run, try_run
from registry.interfaces.importing.journal import record_run
from registry.interfaces.importing.maps import map_names
from registry.interfaces.importing.report import Change, Fault, ImportReport
from registry.interfaces.importing.run import run
from registry.interfaces.importing.source import ImportSource

__all__ = [
    "Change",
    "Fault",
    "ImportReport",
    "ImportSource",
    "enter_run",
    "map_names",
    "record_run",
    "run",
    "try_run",
]
