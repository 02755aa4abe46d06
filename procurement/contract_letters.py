"""The letters about a contract itself: offered, signed, concluded, amended, suspended, ended, under a risk card."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from portal.accounts.letters import Action, Letter, absolute
from procurement.contract_enums import ContractState, ContractVersionKind, ContractVersionState, Side
from procurement.letters import Fact, day
from procurement.models import Contract, ContractVersion, RiskCard, RiskReply

HUBS = {Side.COMMISSIONER: "contracting:contract", Side.CONTRACTOR: "contractor:contract"}


def named(contract: Contract) -> dict[str, str]:
    return {"number": contract.number or "", "title": contract.title}


def base_facts(contract: Contract) -> tuple[Fact, ...]:
    """Return which contract it is; both sides read the same."""
    own = ((_("The parties’ number"), contract.own_number),) if contract.own_number else ()
    return (
        (_("Contract"), f"№ {contract.number or '—'}, {contract.title}"),
        *own,
        (_("Commissioner"), str(contract.commissioner)),
        (_("Provider"), contract.contractor.name),
    )


def money(value: Decimal) -> str:
    return _("%(sum)s UAH") % {"sum": number_format(value, 2, force_grouping=True)}


def reason_line(reason: str) -> tuple[str, ...]:
    return (_("Reason: %(reason)s") % {"reason": reason},) if reason else ()


def hub(contract: Contract, side: Side, label: str = "") -> Action:
    return Action(label or _("Open the contract"), absolute(reverse(HUBS[side], args=[contract.pk])))


def about(
    contract: Contract,
    side: Side,
    subject: str,
    *paragraphs: str,
    facts: Iterable[Fact] = (),
    action: Action | None = None,
) -> Letter:
    """Put a letter about a contract together: what happened, which contract, where to go."""
    words = named(contract)
    main = action or hub(contract, side)
    links = (hub(contract, side),) if action else ()
    return Letter(subject % words, paragraphs, main, facts=(*base_facts(contract), *facts), links=links)


# --- signing ---------------------------------------------------------------------------------------------------------


def offered(version: ContractVersion) -> Letter | None:
    """Ask the provider to sign, unless it was taken back meanwhile."""
    if version.state != ContractVersionState.OFFERED:
        return None
    contract = version.contract
    facts = [(_("Sum"), money(version.sum)), *_until(contract)]
    if version.kind == ContractVersionKind.AMENDMENT:
        return about(
            contract,
            Side.CONTRACTOR,
            _("Contract № %(number)s: an amendment waits for your signature"),
            _("The commissioner offers an amendment. The contract stays as it is until both sides have signed."),
            *reason_line(version.reason),
            facts=facts[:1],
        )
    return about(
        contract,
        Side.CONTRACTOR,
        _("Contract № %(number)s waits for your signature"),
        _("The commissioner offers you a contract. Read it and sign it, or tell the commissioner what is wrong."),
        facts=facts,
    )


def _until(contract: Contract) -> tuple[Fact, ...]:
    if contract.sign_by is None:
        return ()
    why = ((_("Why until then"), contract.sign_by_words),) if contract.sign_by_words else ()
    return ((_("To be signed by"), day(contract.sign_by)), *why)


def half_signed(version: ContractVersion, signed: Side) -> Letter | None:
    """Tell the other side that its signature is the one that is missing."""
    if version.state != ContractVersionState.OFFERED:
        return None
    other = Side.CONTRACTOR if signed == Side.COMMISSIONER else Side.COMMISSIONER
    words = _("The commissioner has signed.") if signed == Side.COMMISSIONER else _("The provider has signed.")
    return about(
        version.contract,
        other,
        _("Contract № %(number)s: the other side has signed"),
        words,
        _("Your side has not signed yet."),
        facts=_until(version.contract) if version.kind == ContractVersionKind.FIRST else (),
    )


def still_unsigned(contract: Contract, side: Side, *, is_over: bool) -> Letter | None:
    """Remind of a day by which it is to be signed; said again when the day is over."""
    if contract.state not in ContractState.unsigned:
        return None
    late = _("The day by which the contract is to be signed has passed, and it is not signed by both sides.")
    soon = _("The contract is not signed by both sides yet.")
    return about(
        contract,
        side,
        _("Contract № %(number)s is not signed: “%(title)s”"),
        late if is_over else soon,
        facts=_until(contract),
    )


# --- the course ------------------------------------------------------------------------------------------------------


def stepped(contract: Contract, side: Side, step: str, reason: str) -> Letter:
    """Tell of a step that changes where the contract stands."""
    subjects = {
        "take_back": _("Contract № %(number)s was taken back to be changed"),
        "conclude": _("Contract № %(number)s is concluded"),
        "fail": _("Contract “%(title)s” is not concluded"),
        "amend": _("Contract № %(number)s is amended"),
        "suspend": _("Contract № %(number)s is suspended"),
        "resume": _("Contract № %(number)s goes on"),
        "close": _("Contract № %(number)s is fulfilled and closed"),
        "terminate": _("Contract № %(number)s is terminated early"),
    }
    said = {
        "take_back": _("You need to sign nothing now. You are written to when it is offered again."),
        "conclude": _("Both sides have signed. The contract is public from now on."),
        "fail": _("The contract will not be concluded."),
        "amend": _("Both sides have signed the amendment. It is public from now on."),
        "suspend": _("The contract is suspended until the commissioner lets it go on."),
        "resume": _("The suspension is over: the contract is fulfilled as before."),
        "close": _("Everything that was to be done and paid is done and paid."),
        "terminate": _("The contract ends before its time. What is accepted and not paid is still paid."),
    }
    return about(contract, side, subjects[step], said[step], *reason_line(reason), facts=_figures(contract, step))


def _figures(contract: Contract, step: str) -> tuple[Fact, ...]:
    if step in ("conclude", "amend"):
        return ((_("Sum"), money(contract.sum)),)
    if step in ("close", "terminate") and contract.end_paid is not None:
        return ((_("Accepted by acts"), money(contract.accepted)), (_("Paid"), money(contract.end_paid)))
    return ()


def withdrawn_version(version: ContractVersion, reason: str) -> Letter | None:
    """Tell the provider that an amendment is not offered any more; nothing of one that was never offered."""
    if version.kind != ContractVersionKind.AMENDMENT or version.offered_at is None:
        return None
    return about(
        version.contract,
        Side.CONTRACTOR,
        _("Contract № %(number)s: the amendment was withdrawn"),
        _("The contract stays as it was."),
        *reason_line(reason),
    )


def past_end(contract: Contract) -> Letter | None:
    """Remind the official to close a contract whose last day has passed."""
    if contract.state not in ContractState.running:
        return None
    return about(
        contract,
        Side.COMMISSIONER,
        _("Contract № %(number)s is over and not closed"),
        _("Its last day has passed. The portal shows what still stands in the way of closing it."),
    )


# --- risk cards ------------------------------------------------------------------------------------------------------


def _card_facts(card: RiskCard) -> tuple[Fact, ...]:
    if card.contract is not None:
        return base_facts(card.contract)
    competition = card.competition
    return ((_("Competition"), f"№ {competition.number}, {competition.title}"),) if competition else ()


def _card_action(card: RiskCard, side: Side) -> Action:
    name = "contracting:risk" if side == Side.COMMISSIONER else "contractor:risk"
    return Action(_("Read the card and reply"), absolute(reverse(name, args=[card.pk])))


def risk_found(card: RiskCard, side: Side) -> Letter:
    """Tell of a card to whoever it is about: it accuses nobody, and a reply is published beside it."""
    return Letter(
        _("A sign to look at: %(sign)s") % {"sign": card.rule.text},
        (
            _("The portal has found a sign in public data. It accuses nobody: there may be a good reason."),
            _("How it is computed: %(formula)s") % {"formula": card.rule.formula},
            _("You may reply: what you write is published beside the card."),
        ),
        _card_action(card, side),
        facts=_card_facts(card),
    )


def risk_replied(card: RiskCard, side: Side, reply: RiskReply) -> Letter:
    """Bring a side the words of the other."""
    return Letter(
        _("A reply to a risk card: %(sign)s") % {"sign": card.rule.text},
        (_("%(side)s: %(text)s") % {"side": reply.get_side_display(), "text": reply.text},),
        _card_action(card, side),
        facts=_card_facts(card),
    )
