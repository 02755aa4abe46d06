from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "registry"
    label = "registry"
    verbose_name = _("register")

    def ready(self) -> None:
        from registry import rules  # noqa: F401, PLC0415 the predicates register themselves
        from registry.visibility import declare_register  # noqa: PLC0415

        declare_register()
