from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    label = "search"
    verbose_name = _("search")

    def ready(self) -> None:
        # they register themselves
        from search import checks, receivers, rules  # noqa: F401, PLC0415
