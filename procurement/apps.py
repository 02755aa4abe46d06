from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class ProcurementConfig(AppConfig):
    name = "procurement"
    label = "procurement"
    verbose_name = _("social order")

    def ready(self) -> None:
        from procurement import (  # noqa: F401, PLC0415 they register themselves
            alert_due,
            checks,
            contract_due,
            due,
            entering,
            evaluation_due,
            notifications,
            order_due,
            quality_due,
            rules,
        )
        from procurement.domain.demo import removing  # noqa: F401, PLC0415 it registers itself
        from procurement.domain.news import (  # noqa: F401, PLC0415 they register themselves
            alert_news,
            contract_news,
            evaluation_news,
        )
        from procurement.visibility import declare_procurement  # noqa: PLC0415

        declare_procurement()
        self._open_documents()
        self._name_papers()
        self._guard_closing()

    def _open_documents(self) -> None:
        """Say who may read the files of each kind."""
        from procurement.domain.calls.readers import open_competition_documents  # noqa: PLC0415
        from procurement.domain.contracts.signature_files import open_signature_files  # noqa: PLC0415
        from procurement.domain.evaluation.appeal_files import open_appeal_documents  # noqa: PLC0415
        from procurement.domain.evaluation.commission_readers import open_commission_documents  # noqa: PLC0415
        from procurement.domain.monitoring.findings import open_finding_documents  # noqa: PLC0415
        from procurement.domain.planning.documents import open_order_documents  # noqa: PLC0415

        open_order_documents()
        open_competition_documents()
        open_commission_documents()
        open_appeal_documents()
        open_finding_documents()
        open_signature_files()

    def _guard_closing(self) -> None:
        from procurement import closing_guard, contract_guard, date_guard  # noqa: PLC0415

        pre_migrate.connect(closing_guard.before_migrations, sender=self, dispatch_uid="procurement.guard_off")
        post_migrate.connect(closing_guard.after_migrations, sender=self, dispatch_uid="procurement.guard_on")
        pre_migrate.connect(date_guard.before_migrations, sender=self, dispatch_uid="procurement.dates_off")
        post_migrate.connect(date_guard.after_migrations, sender=self, dispatch_uid="procurement.dates_on")
        pre_migrate.connect(contract_guard.before_migrations, sender=self, dispatch_uid="procurement.contracts_off")
        post_migrate.connect(contract_guard.after_migrations, sender=self, dispatch_uid="procurement.contracts_on")

    @staticmethod
    def _name_papers() -> None:
        from portal.kernel.verification import name_kind  # noqa: PLC0415
        from procurement.domain.calls.notice_papers import KIND  # noqa: PLC0415
        from procurement.domain.proposals.submitting import RECEIPT_KIND  # noqa: PLC0415
        from procurement.interfaces.notice_pdf import present_notice  # noqa: PLC0415

        name_kind(KIND, _("announcement of a competition"), present=present_notice)
        name_kind(RECEIPT_KIND, _("receipt of a proposal"))
        from procurement.domain.evaluation.decision_papers import DECISION_KIND, MINUTES_KIND  # noqa: PLC0415
        from procurement.interfaces.decision_pdf import present_decision  # noqa: PLC0415
        from procurement.interfaces.minutes_pdf import present_minutes  # noqa: PLC0415

        name_kind(MINUTES_KIND, _("minutes of an evaluation"), present=present_minutes)
        name_kind(DECISION_KIND, _("decision on the winners of a competition"), present=present_decision)
        from procurement.domain.contracts.papers import CONTRACT_KIND  # noqa: PLC0415
        from procurement.interfaces.contract_pdf import present_contract  # noqa: PLC0415

        name_kind(CONTRACT_KIND, _("contract on social services"), present=present_contract)
        from procurement.domain.delivery.act_papers import ACT_KIND  # noqa: PLC0415
        from procurement.interfaces.act_pdf import present_act  # noqa: PLC0415

        name_kind(ACT_KIND, _("act of services rendered"), present=present_act)
        from procurement.domain.quality.evaluations import PAPER  # noqa: PLC0415
        from procurement.interfaces.quality_pdf import present_quality  # noqa: PLC0415

        name_kind(PAPER, _("quality evaluation"), present=present_quality)
