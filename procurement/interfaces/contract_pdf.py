"""A version of a contract as a file: the text that is signed, with its signatures; what its code says today."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from portal.kernel.models import VerificationCode
from portal.kernel.pdf import render_pdf
from portal.kernel.verification import Present
from procurement.contract_enums import ContractState, ContractVersionState
from procurement.interfaces.contract_paper import ContractPaper
from procurement.models import ContractVersion
from registry.interfaces.press import print_once, print_unkept

# an edition of the template: papers printed by another one are printed anew
EDITION: Final = 1


def contract_paper_name(version: ContractVersion, *, to_sign: bool = False) -> str:
    """Return the name under which the paper is kept: it holds all that what is printed depends on."""
    if version.code is None:
        raise ValueError(f"version {version.pk} was not offered and has no code")
    if to_sign:
        return "-".join(("contract", version.code.code, "tosign", str(EDITION)))
    paper = ContractPaper(version)
    return "-".join(("contract", version.code.code, str(len(paper.signatures)), paper.standing, str(EDITION)))


def contract_pdf(version: ContractVersion) -> bytes:
    """Return the version with its signatures as it was printed, or print it; raises `PressBusyError`.

    A contract has one language: the paper is in the portal's first whoever asks. A draft has no code and is not kept.
    """
    if version.code is None:
        return print_unkept(lambda: _print(version, to_sign=False))
    return print_once(contract_paper_name(version), lambda: _print(version, to_sign=False))


def text_to_sign(version: ContractVersion) -> bytes:
    """Return the very file that both sides sign: the offered text, equal to the byte however often it is printed."""
    return print_once(contract_paper_name(version, to_sign=True), lambda: _print(version, to_sign=True))


def _print(version: ContractVersion, *, to_sign: bool) -> bytes:
    with translation.override(settings.LANGUAGE_CODE):
        paper = ContractPaper(version)
        context = {"paper": paper, "to_sign": to_sign, "kind": version.get_kind_display()}
        code = version.code.code if version.code else ""
        return render_pdf("procurement/pdf/contract.html", context, title=paper.title, code=code)


def present_contract(code: VerificationCode) -> Present:
    """Say how a printed version stands to the contract today, for the page that verifies its code.

    Of a contract that is not concluded nothing is told but that: it is not public.
    """
    version = ContractVersion.objects.select_related("contract").filter(code=code).first()
    if version is None:
        return Present(holds=False)
    contract = version.contract
    if contract.state not in ContractState.public:
        return Present(holds=False, words=(_("The contract is not concluded: this paper binds nobody."),))
    links = ((_("The contract as it is today"), reverse("procurement:contract", args=[contract.number])),)
    if version.state != ContractVersionState.SIGNED:
        return Present(holds=False, words=(_("This version is not signed by both sides."),), links=links)
    if version.number != contract.version:
        words = _("Version %(number)d of the contract has taken its place.") % {"number": contract.version}
        return Present(holds=False, words=(words,), links=links)
    state = _("The contract is %(state)s.") % {"state": contract.get_state_display()}
    return Present(holds=True, words=(_("This version is the last one that both sides signed."), state), links=links)
