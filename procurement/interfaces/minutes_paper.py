"""Minutes as pages and papers show them: the frozen content in words of the reader's language, section by section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from procurement.domain.evaluation.minutes_gaps import Signing, signing_of
from procurement.enums import InterestKind, MemberRole, MinutesState, RecusalSource, RecusalState, RoundState
from procurement.interfaces.minutes_proposals import ProposalPart
from procurement.interfaces.minutes_scores import ScorePart
from procurement.interfaces.minutes_words import by_words, drawn_by_words, kept_quorum_words, label, moment_words, named
from procurement.interfaces.moments import in_words, read_money
from procurement.models import Minutes, MinutesSignature
from registry.templatetags.register import money

Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Signed:
    """A line of the table of signatures; without a moment it waits."""

    name: str
    role: str
    moment: str
    opinion: str
    log_seq: int | None


class MinutesPaper:
    """One set of minutes with its signatures, as it is read: `content` says everything but who has signed."""

    def __init__(self, minutes: Minutes, signatures: Sequence[MinutesSignature]) -> None:
        self.minutes = minutes
        self.round = minutes.round
        self.competition = minutes.round.competition
        self.content: Mapping[str, Any] = minutes.content
        self.signatures = signatures

    @classmethod
    def of(cls, minutes: Minutes) -> MinutesPaper:
        return cls(minutes, list(minutes.signatures.select_related("member").order_by("member__order", "at")))

    @property
    def title(self) -> str:
        words = {"number": self.minutes.number, "competition": self.content["competition"]["number"]}
        title = _("Minutes № %(number)d of the commission of the competition № %(competition)s") % words
        if self.round.number == 1:
            return title
        # each round counts its minutes from one
        return _("%(title)s, round %(round)d") % {"title": title, "round": self.round.number}

    @property
    def standing(self) -> str:
        """Say in a code what the paper has to tell of itself: that it is a draft, withdrawn, annulled, or nothing."""
        if self.minutes.state != MinutesState.SIGNED:
            return str(self.minutes.state)
        undone = (RoundState.ANNULLED, RoundState.ENDED)
        return str(self.round.state) if self.round.state in undone else "signed"

    @property
    def is_draft(self) -> bool:
        return self.minutes.state == MinutesState.DRAFT

    @cached_property
    def bids(self) -> ProposalPart:
        return ProposalPart(self.content)

    @cached_property
    def scores(self) -> ScorePart:
        return ScorePart(self.content)

    # --- the competition and the commission

    @property
    def competition_lines(self) -> list[Line]:
        told = self.content["competition"]
        version = {"number": told["version"]}
        limit = read_money(told["budget_limit"])
        pairs = [
            (_("Competition"), f"№ {told['number']}, {told['title']}"),
            (_("Procedure"), named_or(told, "procedure")),
            (_("Commissioner of social services"), told["commissioner"]),
            (_("Hromada"), told["hromada"]),
            (_("Announcement"), _("version %(number)s") % version),
            (_("Accepting of proposals ended"), moment_words(told["closed_at"])),
            (_("Limit of the budget"), "" if limit is None else money(limit)),
            (pgettext("minutes", "Evaluation began"), moment_words(self.content["round"]["began_at"])),
            (pgettext("minutes", "Scoring began"), moment_words(self.content["round"]["scoring_since"])),
            (pgettext("minutes", "Discussion began"), moment_words(self.content["round"]["discussed_at"])),
            (_("Minutes drawn up"), moment_words(self.content["minutes"]["made_at"])),
            (_("Drawn up by"), drawn_by_words(self.content["minutes"]["drawn_by"])),
        ]
        return [(name, value) for name, value in pairs if value]

    @property
    def lots(self) -> list[dict[str, str]]:
        rows = [(one, read_money(one["ceiling"])) for one in self.content["competition"]["lots"]]
        return [
            {"number": str(one["number"]), "title": one["title"], "ceiling": "" if sum_ is None else money(sum_)}
            for one, sum_ in rows
        ]

    @property
    def round_words(self) -> str:
        """Say why there is one more round, where there is."""
        told = self.content["round"]
        if told["number"] == 1:
            return ""
        return _("Round %(number)d of the evaluation. %(reason)s") % told

    @property
    def commission_lines(self) -> list[Line]:
        told = self.content["commission"]
        act = {"number": told["act_number"], "on": moment_words(told["act_on"])}
        pairs = [
            (_("Commission"), told["title"]),
            (_("Appointed by"), told["act_body"]),
            (_("Appointing act"), _("No. %(number)s of %(on)s") % act if act["number"] else ""),
            (_("Address of the act"), told["act_url"]),
            (_("Quorum"), kept_quorum_words(self.content["quorum"])),
        ]
        return [(name, value) for name, value in pairs if value]

    @property
    def members(self) -> list[dict[str, Any]]:
        return [
            {
                "name": one["name"],
                "role": label(MemberRole, one["role"]),
                "where": ", ".join(filter(None, (one["position"], one["body"]))),
                "term": _("until %(day)s") % {"day": moment_words(one["until"])} if one["until"] else "",
                "is_recused": one["is_recused"],
            }
            for one in self.content["commission"]["members"]
        ]

    @property
    def sittings(self) -> list[dict[str, Any]]:
        return [
            {
                "number": one["number"],
                "when": moment_words(one["at"]),
                "place": one["place"],
                "agenda": one["agenda"],
                "rule": kept_quorum_words(one["quorum"]),
                "present": one["quorum"].get("present"),
                "needed": one["quorum"].get("needed"),
                "is_quorate": bool(one["quorum"].get("is_quorate")),
                "came": [_person(each) for each in one["attendance"] if each["is_present"]],
                "absent": [_person(each) for each in one["attendance"] if not each["is_present"]],
                "log_seq": one["log_seq"],
            }
            for one in self.content["sittings"]
        ]

    @property
    def declarations(self) -> list[dict[str, Any]]:
        """Return a line for each member: when it was declared, or that it was not."""
        told = {one["name"]: one for one in self.content["declarations"]}
        return [_declaration(one["name"], told.get(one["name"])) for one in self.content["commission"]["members"]]

    @property
    def recusals(self) -> list[dict[str, Any]]:
        return [
            {
                "name": one["name"],
                "ground": label(InterestKind, one["ground"]) if one["ground"] else "",
                "source": label(RecusalSource, one["source"]),
                "state": label(RecusalState, one["state"]),
                "proposed": moment_words(one["proposed_at"]),
                "decided": moment_words(one["decided_at"]),
                "by": by_words(one["by"]),
                "log_seq": one["log_seq"],
            }
            for one in self.content["recusals"]
        ]

    # --- the end

    @cached_property
    def signing(self) -> Signing:
        return signing_of(self.round, self.minutes)

    @property
    def signed(self) -> list[Signed]:
        return [
            Signed(one.member.name, one.member.get_role_display(), in_words(one.at), one.opinion, one.log_seq)
            for one in self.signatures
        ]

    @property
    def unsigned(self) -> list[str]:
        """Return who was present at a sitting and has not signed, as the minutes name them."""
        signed = {one.member.name for one in self.signatures}
        came = {
            each["name"]: label(MemberRole, each["role"])
            for one in self.content["sittings"]
            for each in one["attendance"]
            if each["is_present"]
        }
        recused = {one["name"] for one in self.content["commission"]["members"] if one["is_recused"]}
        return [f"{name} ({role})" for name, role in came.items() if name not in signed | recused]


def named_or(row: Mapping[str, Any], name: str) -> str:
    """Return a text that has its English beside it under `<name>_en`."""
    return named({f"{name}_uk": row[name], f"{name}_en": row.get(f"{name}_en", "")}, name)


def _person(row: Mapping[str, Any]) -> str:
    said = f"{row['name']} ({label(MemberRole, row['role'])})"
    return f"{said}: {row['note']}" if row["note"] else said


def _declaration(name: str, row: Mapping[str, Any] | None) -> dict[str, Any]:
    if row is None:
        return {"name": name, "words": _("did not declare"), "when": "", "digest": "", "log_seq": None}
    words = _("declared a tie") if row["has_interest"] else _("declared no ties")
    moment = moment_words(row["at"])
    return {"name": name, "words": words, "when": moment, "digest": row["digest"], "log_seq": row["log_seq"]}
