"""The announcement as a file, printed once for each version, state and language; and what its code says at any time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.kernel.models import VerificationCode
from portal.kernel.pdf import render_pdf
from portal.kernel.verification import Present
from procurement.domain.calls.freezing import thaw
from procurement.domain.calls.timeline import lines_of
from procurement.enums import CompetitionState, Moment
from procurement.interfaces.moments import in_words
from procurement.interfaces.notices import Notice, read_notice
from procurement.models import Competition, CompetitionVersion
from registry.interfaces.press import print_once
from registry.templatetags.register import money

Line = tuple[str, str]
# states that a paper of the version in force has to tell
_TOLD: Final = {CompetitionState.CANCELLED.value, CompetitionState.VOID.value}


def paper_name(competition: Competition, versions: Sequence[CompetitionVersion], version: CompetitionVersion) -> str:
    """Return the name under which the paper is kept: it holds all that what is printed depends on."""
    if version.code is None:
        raise ValueError(f"version {version.number} of the competition {competition.number} has no code")
    state = competition.state if competition.state in _TOLD else ""
    later = f"before{versions[-1].number}" if version.pk != versions[-1].pk else ""
    return "-".join(filter(None, ("notice", version.code.code, get_language(), state, later)))


def notice_pdf(competition: Competition, versions: Sequence[CompetitionVersion], version: CompetitionVersion) -> bytes:
    """Return the announcement as it was printed, or print it; raises `PressBusyError`."""
    name = paper_name(competition, versions, version)
    return print_once(name, lambda: _print(competition, versions, version))


def _print(competition: Competition, versions: Sequence[CompetitionVersion], version: CompetitionVersion) -> bytes:
    notice = read_notice(version.content, version.frozen)
    is_current = version.pk == versions[-1].pk
    context = {
        "kind": _("Announcement of an open competition of providers of social services"),
        "competition": competition,
        "version": version,
        "latest": None if is_current else versions[-1],
        "notice": notice,
        "commissioner": commissioner_lines(notice),
        "conditions": condition_lines(notice),
        "timeline": lines_of(dict.fromkeys(Moment.values) | notice.dates, thaw(version.frozen)),
        "digest": version.digest,
        "digest_of": _("Digest of what this announcement says (SHA-256):"),
    }
    code = version.code.code if version.code else ""
    title = _("Competition № %(number)s: %(title)s") % {"number": competition.number, "title": notice.title}
    return render_pdf("procurement/pdf/notice.html", context, title=title, code=code)


def commissioner_lines(notice: Notice) -> list[Line]:
    """Return who orders and by what right; a field that is not filled in is said to be so."""
    who = notice.commissioner
    reached = ", ".join(filter(None, (who.get(name) for name in ("phone", "email", "website"))))
    return _or_not_stated(
        (_("Commissioner of social services"), who.get("name", "")),
        (_("Location"), who.get("address", "")),
        (_("EDRPOU code"), who.get("code", "")),
        (
            _("Phone, e-mail, website"),
            reached,
        ),
        (_("Legal ground"), notice.legal_ground),
    )


def condition_lines(notice: Notice) -> list[Line]:
    """Return the rest of the announcement in its order: who may come, with what, where and until when."""
    dates, who = notice.dates, notice.contact
    documents = "\n".join(
        f"{number}. {label}{'' if required else ' ' + _('(if there is one)')}"
        for number, (label, required) in enumerate(notice.documents, 1)
    )
    return _or_not_stated(
        (_("Requirements to participants"), notice.requirements),
        (_("Documents to attach"), "\n".join(filter(None, (documents, notice.documents_note)))),
        (_("Form of the proposal"), notice.form_title),
        (_("How and where to submit"), notice.submission_note),
        (_("Proposals are accepted until"), in_words(dates.get("closes_at"))),
        (
            _("Opening of proposals"),
            ", ".join(filter(None, (in_words(dates.get("opening_at")), notice.opening_place))),
        ),
        (_("Contact person"), ", ".join(filter(None, (who.get(name) for name in ("name", "phone", "email"))))),
        (_("Limit of the budget"), "" if notice.total is None else money(notice.total)),
        (_("Draft contract"), notice.draft_contract.name if notice.draft_contract else ""),
    )


def _or_not_stated(*lines: Line) -> list[Line]:
    return [(name, value or _("not stated")) for name, value in lines]


def present_notice(code: VerificationCode) -> Present:
    """Say how a printed announcement stands to the competition today, for the page that verifies its code."""
    version = CompetitionVersion.objects.select_related("competition").filter(code=code).first()
    if version is None:
        return Present(holds=False)
    competition = version.competition
    page = (_("The competition as it is today"), reverse("procurement:competition", args=[competition.number]))
    if version.number < competition.version:
        words = _("It is superseded: the announcement has been changed since, version %(number)d is in force.")
        return Present(holds=False, words=(words % {"number": competition.version},), links=(page,))
    if competition.state in CompetitionState.ended:
        words = _("The competition ended early: %(state)s.") % {"state": competition.get_state_display()}
        return Present(holds=False, words=(capfirst(words),), links=(page,))
    return Present(holds=True, words=(_("The portal says the same today."),), links=(page,))
