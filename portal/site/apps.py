from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "portal.site"
    label = "portal_site"
    verbose_name = _("portal")

    def ready(self) -> None:
        from portal.accounts.cards import tell_cards  # noqa: PLC0415
        from portal.site import receivers  # noqa: F401, PLC0415
        from portal.site.letters import take_over_letters  # noqa: PLC0415
        from portal.site.queries import card_in_register  # noqa: PLC0415

        tell_cards(card_in_register)
        take_over_letters()
