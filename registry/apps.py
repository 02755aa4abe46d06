from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    name = "registry"
    label = "registry"
    verbose_name = _("register")

    def ready(self) -> None:
        from registry import due, rules  # noqa: F401, PLC0415 they register themselves
        from registry.domain.evidence_readers import open_evidence  # noqa: PLC0415
        from registry.interfaces import freshness_tasks  # noqa: F401, PLC0415 it registers itself
        from registry.visibility import declare_register  # noqa: PLC0415

        declare_register()
        open_evidence()
        self._name_papers()

    @staticmethod
    def _name_papers() -> None:
        from portal.kernel.verification import name_kind  # noqa: PLC0415
        from registry.domain.applying import RECEIPT_KIND  # noqa: PLC0415
        from registry.domain.decision_papers import KIND as DECISION_KIND  # noqa: PLC0415
        from registry.domain.extracts import KIND  # noqa: PLC0415
        from registry.interfaces.extract_pdf import present_extract  # noqa: PLC0415

        name_kind(RECEIPT_KIND, _("receipt of an application"))
        name_kind(DECISION_KIND, _("decision of the register"))
        name_kind(KIND, _("extract from the register"), present=present_extract)
