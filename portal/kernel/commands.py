"""Commands that must go on: what keeps the portal going is not stopped by what only has to be told."""

from __future__ import annotations

from typing import Any

from django.core.checks import CRITICAL, registry
from django.core.management.base import BaseCommand
from django.db import connections

# faults of keys: the opening waits for them to be mended, everything else does not
ONLY_TOLD = frozenset({"keys"})


class KeepsOn(BaseCommand):
    """A command that says at its start what is wrong with the keys and goes on; other faults stop it as they do all."""

    def check(self, *args: Any, **options: Any) -> None:
        """Run the checks that stop a command, and then those that are only told."""
        del args
        super().check(**{**options, "tags": sorted(registry.registry.tags_available() - ONLY_TOLD)})
        super().check(**{**options, "tags": sorted(ONLY_TOLD), "fail_level": CRITICAL, "databases": list(connections)})
