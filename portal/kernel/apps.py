from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class KernelConfig(AppConfig):
    name = "portal.kernel"
    label = "kernel"
    verbose_name = _("kernel")

    def ready(self) -> None:
        from portal.kernel import due, visibility  # noqa: F401, PLC0415 they register themselves

        post_migrate.connect(_guard_log, sender=self)


def _guard_log(*, using: str, **_kwargs: Any) -> None:
    """Put the log's triggers back after any migration: SQLite rebuilds a changed table and loses them silently."""
    from portal.kernel.append_only import LOG, install_append_only  # noqa: PLC0415

    connection = connections[using]
    if LOG in connection.introspection.table_names():
        install_append_only(connection)
