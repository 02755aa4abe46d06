"""An evaluation as a file, printed once for each of its states and languages; what its code says any time."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.kernel.models import VerificationCode
from portal.kernel.pdf import render_pdf
from portal.kernel.verification import Present
from procurement.interfaces.moments import in_words
from procurement.interfaces.quality_page import QualityPage
from procurement.models import QualityEvaluation
from registry.interfaces.press import print_once

Line = tuple[str, str]
# an edition of the template: papers printed by another one are printed anew
EDITION: Final = 1


def quality_pdf(evaluation: QualityEvaluation) -> bytes:
    """Return the evaluation as it was printed, or print it; raises `PressBusyError`."""
    if evaluation.code is None:
        raise ValueError(f"evaluation {evaluation.pk} has no code")
    later = getattr(evaluation, "superseded_by", None)
    standing = f"before{later.pk}" if later is not None else "current"
    name = "-".join(("quality", evaluation.code.code, get_language() or "", standing, str(EDITION)))
    return print_once(name, lambda: _print(evaluation))


def _print(evaluation: QualityEvaluation) -> bytes:
    page, code = QualityPage(evaluation), evaluation.code
    context = {
        "kind": evaluation.get_kind_display(),
        "evaluation": evaluation,
        "page": page,
        "later": getattr(evaluation, "superseded_by", None),
        "facts": _facts(evaluation),
    }
    title = _("Quality evaluation: %(provider)s") % {"provider": page.provider}
    return render_pdf("procurement/pdf/quality.html", context, title=title, code=code.code if code else "")


def _facts(evaluation: QualityEvaluation) -> list[Line]:
    period = {"first": in_words(evaluation.period_from), "last": in_words(evaluation.period_to)}
    act = {"number": evaluation.act_number, "on": in_words(evaluation.act_on)}
    contract = evaluation.contract
    pairs = [
        (_("Service"), str(evaluation.service_type) if evaluation.service_type else _("all services of the provider")),
        (_("Period"), _("from %(first)s to %(last)s") % period),
        (_("Contract"), f"№ {contract.number}" if contract else ""),
        (_("Hromada"), evaluation.hromada.label if evaluation.hromada else ""),
        (_("Order"), _("No. %(number)s of %(on)s") % act),
        (_("Oldest evidence"), in_words(evaluation.oldest_on)),
        (_("Published at"), in_words(evaluation.published_at)),
        (_("Entry of the decision log"), f"№ {evaluation.log_seq}" if evaluation.log_seq else ""),
        (_("Digest of the content (SHA-256)"), evaluation.digest),
    ]
    return [(name, value) for name, value in pairs if value]


def present_quality(code: VerificationCode) -> Present:
    """Say whether an evaluation counts today, or which one has taken its place."""
    evaluation = QualityEvaluation.objects.select_related("superseded_by").filter(code=code).first()
    if evaluation is None:
        return Present(holds=False)
    later = getattr(evaluation, "superseded_by", None)
    links = ((_("The published evaluation"), reverse("procurement:quality_evaluation", args=[evaluation.pk])),)
    if later is None:
        return Present(holds=True, words=(_("No later evaluation has taken its place."),), links=links)
    newer = (_("The later evaluation"), reverse("procurement:quality_evaluation", args=[later.pk]))
    return Present(
        holds=False, words=(_("A later evaluation takes its place; this one stays readable."),), links=(*links, newer)
    )
