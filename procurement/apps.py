from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProcurementConfig(AppConfig):
    name = "procurement"
    label = "procurement"
    verbose_name = _("social order")

    def ready(self) -> None:
        from procurement import rules  # noqa: F401, PLC0415 they register themselves
