"""The dossier of a contract: everything that is public of it as files, the same bytes for the same facts.

Of an uploaded file nothing is here but its digest: scans and containers of signatures name people. Written in the
portal's first language, whatever the reader's is.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from procurement.interfaces import contract_json as told
from procurement.interfaces.archive import Dossier, Part, bytes_part, json_part, log_part, script_part, text_part
from procurement.interfaces.contract_page import ContractPage
from procurement.interfaces.contract_pdf import contract_pdf
from procurement.models import Contract
from procurement.queries.contracts.public import log_of
from registry.interfaces.exporting.columns import guarded

_ACTS: Final = (
    "number",
    "kind",
    "corrects",
    "period_from",
    "period_to",
    "claimed",
    "deducted",
    "accepted",
    "paid",
    "to_pay",
    "accepted_at",
    "payment_due_on",
)
_PAYMENTS: Final = (
    "act",
    "kind",
    "amount",
    "paid_on",
    "order_number",
    "year",
    "code",
    "is_undone",
)
_COURSE: Final = (
    "on",
    "plan",
    "obligation",
    "accepted",
    "paid",
)


def contract_dossier(contract: Contract) -> Dossier:
    """Return the parts of the archive; its day is that of the last entry, so that waiting changes nothing.

    Versions that nobody has printed yet are printed; raises `PressBusyError`.
    """
    entries = log_of(contract)
    as_of: Any = entries[-1].at if entries else contract.concluded_at or contract.created_at
    page = ContractPage(contract, as_of)
    with translation.override(settings.LANGUAGE_CODE):
        log = log_part(entries, _("Entries of the decision log about this contract"))
        parts = [script_part(), *_whole(page), *_versions(page), *_work(page), *_watch(page), log]
        index = render_to_string("procurement/contracts/dossier.html", {"page": page, "parts": parts})
        about = {"dossier_of": "contract", "number": page.contract.number or ""}
        return Dossier((text_part("index.html", _("This list"), index), *parts), about)


def _whole(page: ContractPage) -> Iterator[Part]:
    yield json_part("contract.json", _("The contract with everything that is public of it"), told.contract_json(page))
    figures = told.figures_json(page)
    yield _table("course.csv", _("Plan, obligation, acts and payments over time, UAH"), _COURSE, figures["course"])


def _versions(page: ContractPage) -> Iterator[Part]:
    for shown in reversed(page.versions):
        version = shown.version
        words = {"number": version.number, "digest": version.digest}
        about = _("Version %(number)s as both signed it; its digest is %(digest)s") % words
        yield json_part(f"versions/{version.number}.json", about, version.content)
        if version.code is not None:
            about = _("Version %(number)s as a paper with its signatures") % words
            yield bytes_part(f"versions/{version.number}.pdf", about, contract_pdf(version))
        signatures = [
            {"side": one.side, "signer": one.signer, "digest": one.digest, "checked": one.check_result}
            for one in version.signatures.all()
        ]
        about = _("Who signed version %(number)s, and what the portal knows of the files") % words
        yield json_part(f"versions/{version.number}-signatures.json", about, signatures)


def _work(page: ContractPage) -> Iterator[Part]:
    acts = [told.act_json(one) for one in page.acts]
    yield _table("acts.csv", _("Accepted acts of services rendered, UAH"), _ACTS, acts)
    payments = [{"act": act["number"], **one} for act in acts for one in act["payments"]]
    yield _table("payments.csv", _("Payments and refunds, UAH"), _PAYMENTS, payments)
    for act in acts:
        yield json_part(f"acts/{act['number']}.json", _("Act %(number)s") % act, act)
    for report in (told.report_json(one) for one in page.reports):
        yield json_part(f"reports/{report['number']}.json", _("Report %(number)s") % report, report)
    yield json_part("milestones.json", _("Milestones"), [told.milestone_json(one) for one in page.milestones])


def _watch(page: ContractPage) -> Iterator[Part]:
    yield json_part("visits.json", _("Visits that are concluded"), [told.visit_json(one) for one in page.visits])
    yield json_part("findings.json", _("Findings, replies, results"), [told.finding_json(one) for one in page.findings])
    yield json_part("notices.json", _("Warnings and notices"), [told.notice_json(one) for one in page.notices])
    yield json_part("risks.json", _("Risk cards with their data"), [told.risk_json(one) for one in page.risks])
    yield json_part(
        "evaluations.json", _("Quality evaluations in brief"), [told.evaluation_json(one) for one in page.evaluations]
    )
    for number, line in enumerate(reversed(page.evaluations), 1):
        about = _("Quality evaluation, as its digest %(digest)s is made") % {"digest": line.evaluation.digest}
        yield json_part(f"evaluations/{number}.json", about, line.evaluation.content)


def _table(name: str, about: str, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> Part:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in rows)
    return text_part(name, about, file.getvalue())


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = str(value)
    try:
        # a sum below zero begins as a formula does, and is none
        Decimal(text)
    except ArithmeticError:
        return guarded(text)
    return text
