"""What ties members of a commission to applicants, as far as the portal knows: exact codes and names, no guesses."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from portal.accounts.enums import PersonType
from portal.accounts.models import Mandate, Organisation
from procurement.enums import CoApplicantState, InterestKind, ProposalState
from procurement.models import Award, CoApplicant, CommissionMember, Competition, MemberInterest, Proposal
from registry.domain.names import sort_key
from registry.enums import ContactKind
from registry.models import Contact

_NOISE: Final = re.compile(r"[^\w\s]|_")
# between a name and a position: «Левченко Ірина, голова»
_PARTS: Final = re.compile(r"[,;()/—–]| - ")
# a surname alone names nobody
_SHORTEST_NAME: Final = 2


@dataclass(frozen=True, slots=True)
class Match:
    """One thing that ties a member to an applicant or co-applicant; `kind` is code, name, mandate, founder, contract.

    `ground` is the kind of tie (`InterestKind`) that it comes to: the only part of it that is ever public.
    """

    organisation_id: int
    kind: str
    words: str
    ground: str = InterestKind.OTHER.value


@dataclass(slots=True)
class _Known:
    """All that is asked about the applicants of a competition, read in a fixed number of queries."""

    applicants: list[Organisation]
    # by organisation
    heads: Mapping[int, list[str]]
    # code of a body → organisations that have or had a contract with it or together with it
    contracts: Mapping[str, set[int]]
    # by member
    interests: Mapping[int, list[MemberInterest]] = field(default_factory=dict)
    # by account
    mandates: Mapping[int, set[int]] = field(default_factory=dict)


def applicants_of(competition: Competition) -> list[Organisation]:
    """Return applicants and agreed co-applicants of the opened proposals, in alphabetical order.

    It is all that a member may know before declaring: never with the numbers of proposals.
    """
    opened = Proposal.objects.filter(competition=competition, state=ProposalState.OPENED)
    helpers = CoApplicant.objects.filter(proposal__in=opened, state=CoApplicantState.ACCEPTED)
    found = Organisation.objects.filter(
        Q(pk__in=opened.values("organisation")) | Q(pk__in=helpers.values("organisation"))
    )
    return sorted(found, key=lambda one: (sort_key(one.name), one.pk))


def matches_of(member: CommissionMember, competition: Competition) -> list[Match]:
    """Return what ties the member to applicants.

    Code or name of the employer or of a told interest; a mandate of the member's account for the organisation at any
    time; the member's name among the heads that register and proposal name; an earlier award of the applicant by the
    member's body, or together with it. Exact codes and normalised names only; no query per applicant.
    """
    return matches_of_all([member], competition)[member.pk]


def matches_of_all(members: Sequence[CommissionMember], competition: Competition) -> dict[int, list[Match]]:
    """Return the same for many members by their keys; the number of queries grows with neither side."""
    known = _read(members, competition)
    return {member.pk: list(dict.fromkeys(_of_member(member, known))) for member in members}


def evidence_of_all(members: Sequence[CommissionMember], competition: Competition) -> dict[int, list[Match]]:
    """Return the same in the language of the portal's papers: what is kept is compared with what was kept before."""
    with translation.override(settings.LANGUAGE_CODE):
        return matches_of_all(members, competition)


def _of_member(member: CommissionMember, known: _Known) -> Iterator[Match]:
    held = known.mandates.get(member.user_id or 0, set())
    interests = known.interests.get(member.pk, [])
    for one in known.applicants:
        yield from _of_body(member, one)
        yield from _of_interests(interests, one)
        if one.pk in held:
            words = _("The member's account acts or acted for the organisation on this portal.")
            yield Match(one.pk, "mandate", words, InterestKind.GOVERNANCE.value)
        yield from _of_person(member, one, known.heads.get(one.pk, []))
        codes = {member.body_code, *(told.code for told in interests)} - {"", one.code or ""}
        if any(one.pk in known.contracts.get(code, set()) for code in codes):
            words = _("The member's organisation has or had a contract with the applicant, or shares one with it.")
            yield Match(one.pk, "contract", words, InterestKind.CONTRACT.value)


def _of_body(member: CommissionMember, organisation: Organisation) -> Iterator[Match]:
    if member.body_code and member.body_code == organisation.code:
        words = _("The code of the member's body is the applicant's: %(code)s.") % {"code": member.body_code}
        yield Match(organisation.pk, "code", words, InterestKind.EMPLOYER.value)
    elif member.body and _plain(member.body) in _names(organisation):
        yield Match(
            organisation.pk,
            "name",
            _("The member's body has the applicant's name: %(name)s.") % {"name": member.body},
            InterestKind.EMPLOYER.value,
        )


def _of_interests(interests: Iterable[MemberInterest], organisation: Organisation) -> Iterator[Match]:
    for told in interests:
        words = {"tie": told.get_kind_display(), "name": told.name, "code": told.code}
        if told.code and told.code == organisation.code:
            text = _("The member told of a tie to an organisation of this code: %(tie)s, %(code)s.") % words
            yield Match(organisation.pk, "code", text, told.kind)
        elif _plain(told.name) in _names(organisation):
            text = _("The member told of a tie to an organisation of this name: %(tie)s, %(name)s.") % words
            yield Match(organisation.pk, "name", text, told.kind)


def _of_person(member: CommissionMember, organisation: Organisation, heads: Sequence[str]) -> Iterator[Match]:
    if organisation.person_type != PersonType.LEGAL_ENTITY and _is_person(member.name, organisation.name):
        words = _("The applicant is a person of the member's name.")
        yield Match(organisation.pk, "name", words, InterestKind.FOUNDER.value)
    if any(_is_person(member.name, head) for head in heads):
        words = _("A person of the member's name is named as head of the applicant.")
        yield Match(organisation.pk, "founder", words, InterestKind.GOVERNANCE.value)


# --- what is known ---------------------------------------------------------------------------------------------------


def _read(members: Sequence[CommissionMember], competition: Competition) -> _Known:
    applicants = applicants_of(competition)
    keys = [one.pk for one in applicants]
    interests: dict[int, list[MemberInterest]] = defaultdict(list)
    for told in MemberInterest.objects.filter(member__in=members, ended_at__isnull=True):
        interests[told.member_id].append(told)
    mandates: dict[int, set[int]] = defaultdict(set)
    people = [member.user_id for member in members if member.user_id]
    held = Mandate.objects.filter(person__in=people, organisation__in=keys)
    for person, organisation in held.values_list("person", "organisation"):
        mandates[person].add(organisation)
    return _Known(applicants, _heads(keys, competition), _contracts(keys, competition), interests, mandates)


def _heads(keys: Sequence[int], competition: Competition) -> dict[int, list[str]]:
    """Return the heads of each applicant, as the register and its opened proposal name them; shown to nobody."""
    found: dict[int, list[str]] = defaultdict(list)
    told = Contact.objects.filter(kind=ContactKind.HEAD, entry__organisation__in=keys)
    for organisation, head in told.values_list("entry__organisation", "value"):
        found[organisation].append(head)
    frozen = competition.versions.filter(number=1).values_list("frozen__form__definition", flat=True).first()
    paths = list(_paths_of_heads(frozen or {}))
    opened = Proposal.objects.filter(competition=competition, state=ProposalState.OPENED)
    for organisation, content in opened.values_list("organisation", "content") if paths else ():
        answers: Mapping[str, Any] = (content or {}).get("content") or {}
        found[organisation] += [str(answers[path]) for path in paths if answers.get(path)]
    return found


def _paths_of_heads(form: Mapping[str, Any]) -> Iterator[str]:
    for section in form.get("sections", ()):
        for one in section.get("fields", ()):
            if one.get("prefill") == "head":
                yield f"{section['code']}/{one['name']}"


def _contracts(keys: Sequence[int], competition: Competition) -> dict[str, set[int]]:
    """Return, by the code of each other side, the applicants that had an award with it before.

    The other side is a partner of the same proposal, or the body that ordered, unless that is the one that orders now:
    its own people would all be tied to whoever won before.
    """
    found: dict[str, set[int]] = defaultdict(set)
    rows = Award.objects.exclude(proposal__competition=competition).filter(
        Q(proposal__organisation__in=keys)
        | Q(proposal__co_applicants__organisation__in=keys, proposal__co_applicants__state=CoApplicantState.ACCEPTED)
    )
    rows = rows.select_related("proposal__organisation", "proposal__competition__commissioner__organisation")
    for award in rows.prefetch_related("proposal__co_applicants__organisation").distinct():
        proposal = award.proposal
        helpers = [one for one in proposal.co_applicants.all() if one.state == CoApplicantState.ACCEPTED]
        parties = [proposal.organisation, *(one.organisation for one in helpers)]
        sides = list(parties)
        if proposal.competition.commissioner_id != competition.commissioner_id:
            sides.append(proposal.competition.commissioner.organisation)
        for side in sides:
            if side.code:
                found[side.code] |= {one.pk for one in parties if one.pk in keys and one.pk != side.pk}
    return found


# --- names -----------------------------------------------------------------------------------------------------------


def _plain(name: str) -> str:
    return " ".join(_NOISE.sub(" ", name.casefold()).split())


def _names(organisation: Organisation) -> set[str]:
    return {_plain(organisation.name), _plain(organisation.short_name)} - {""}


def _is_person(name: str, text: str) -> bool:
    """Say whether a part of the text is this name, in whatever order; one of the two may lack the patronymic."""
    own = set(_plain(name).split())
    if len(own) < _SHORTEST_NAME:
        return False
    return any(_is_same(own, set(_plain(part).split())) for part in _PARTS.split(text))


def _is_same(own: set[str], other: set[str]) -> bool:
    return own <= other or (len(other) >= _SHORTEST_NAME and other <= own)
