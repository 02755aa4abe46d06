"""An accepted act as a file with the code that verifies it; what its code says any time."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.kernel.models import VerificationCode
from portal.kernel.pdf import render_pdf
from portal.kernel.verification import Present
from procurement.contract_enums import ActKind, ActState
from procurement.interfaces.moments import in_words, read_day
from procurement.models import AcceptanceAct
from registry.enums import PriceUnit
from registry.interfaces.press import print_once
from registry.templatetags.register import money

# an edition of the template: papers printed by another one are printed anew
EDITION: Final = 1


def act_paper_name(act: AcceptanceAct) -> str:
    """Return the name under which the paper is kept: it holds all that what is printed depends on."""
    if act.code is None:
        raise ValueError(f"act {act.pk} has no code")
    later = "-".join(str(number) for number in _later(act)) or "0"
    return "-".join(("act", act.code.code, get_language() or "", later, str(EDITION)))


def act_pdf(act: AcceptanceAct) -> bytes:
    """Return the act as it was printed, or print it from its record alone; raises `PressBusyError`."""
    return print_once(act_paper_name(act), lambda: _print(act))


def _later(act: AcceptanceAct) -> list[int]:
    rows = act.corrections.filter(state=ActState.ACCEPTED).order_by("number")
    return list(rows.values_list("number", flat=True))


def _print(act: AcceptanceAct) -> bytes:
    told, contract = act.content, act.contract
    is_correction = told["kind"] == ActKind.CORRECTION
    context = {
        "kind": _("Correction of an act of services rendered") if is_correction else _("Act of services rendered"),
        "contract": contract,
        "facts": _facts(act),
        "lines": [_line(row) for row in told["lines"]],
        "deductions": [{**row, "sum": money(Decimal(row["amount"]))} for row in told["deductions"]],
        "sums": _sums(told),
        "later": _later(act),
        "digest": act.digest,
    }
    words = {"act": told["act"], "number": told["contract"]}
    title = _("Act № %(act)d of contract № %(number)s") % words
    code = act.code
    return render_pdf("procurement/pdf/act.html", context, title=title, code=code.code if code else "")


def _facts(act: AcceptanceAct) -> list[tuple[str, str]]:
    told = act.content
    first, last = (in_words(read_day(one)) for one in told["period"])
    pairs = [
        (_("Contract"), f"№ {told['contract']}, {act.contract.title}"),
        (_("Commissioner of social services"), told["commissioner"]),
        (_("Provider"), told["contractor"]),
        (_("Period"), f"{first} – {last}"),
        (_("Corrects act"), f"№ {told['corrects']}" if told["corrects"] else ""),
        (_("Rests on report"), f"№ {told['report']}" if told["report"] else ""),
        (_("Tariffs of the contract's version"), str(told["version"])),
        (_("Number of the act on paper"), told["own_number"]),
        (_("Date of the act"), in_words(read_day(told["on"]))),
        (_("Accepted at"), in_words(act.accepted_at)),
        (_("To be paid by"), in_words(read_day(told["pay_by"]))),
        (_("Entry of the decision log"), f"№ {act.log_seq}" if act.log_seq else ""),
    ]
    return [(name, value) for name, value in pairs if value]


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "unit_words": PriceUnit(row["unit"]).label if row["unit"] else "",
        "units_number": None if row["units"] is None else Decimal(row["units"]),
        "tariff_sum": "" if row["tariff"] is None else money(Decimal(row["tariff"])),
        "sum": money(Decimal(row["amount"])),
    }


def _sums(told: dict[str, Any]) -> list[tuple[str, str]]:
    names = ((_("Claimed"), "claimed"), (_("Deducted"), "deducted"), (_("Accepted"), "accepted"))
    return [(label, money(Decimal(told[name]))) for label, name in names]


def present_act(code: VerificationCode) -> Present:
    """Say how the act stands today: as accepted, or corrected by others, which it stays readable beside."""
    act = AcceptanceAct.objects.select_related("contract").filter(code=code).first()
    if act is None:
        return Present(holds=False)
    links = ((_("The contract as it is today"), reverse("procurement:contract", args=[act.contract.number])),)
    later = _later(act)
    if later:
        words = _("The act is accepted; it is corrected by act № %(numbers)s.")
        return Present(holds=True, words=(words % {"numbers": ", ".join(map(str, later))},), links=links)
    return Present(holds=True, words=(_("The act is accepted."),), links=links)
