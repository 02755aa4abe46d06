"""The words of a contract as data: what a template is, what fills its places, how a hromada makes one its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import gettext as _

from portal.accounts.enums import Role
from portal.kernel import audit
from portal.kernel.workflow import StepRefused
from procurement import rules
from procurement.enums import Channel
from procurement.models import ContractTemplate
from registry.domain.desk import actor_for
from registry.models import Territory

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.accounts.models import User

Section = dict[str, Any]

# what may stand in double braces in the words of a contract, and what it means; filled in when it is offered
PLACES: Final = (
    "number",
    "own_number",
    "title",
    "commissioner",
    "commissioner_code",
    "commissioner_address",
    "contractor",
    "contractor_code",
    "ground",
    "service_from",
    "service_to",
    "sum",
    "report_period",
    "report_term",
    "payment_term",
)
MOST_SECTIONS: Final = 40
LONGEST: Final = 20_000
_PLACE: Final = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


def require_contract_template(definition: Any) -> None:
    """Raise `ValueError`, naming the place, for a definition that is not as `procurement/reference/README.md` says."""
    if not isinstance(definition, Mapping) or set(definition) - {"channels", "sections"}:
        raise ValueError("a template of a contract is an object with channels and sections, nothing else")
    channels = definition.get("channels", [])
    if not isinstance(channels, list) or set(channels) - set(Channel.values):
        raise ValueError(f"channels: {channels!r} are not channels")
    sections = definition.get("sections")
    if not isinstance(sections, list) or not sections:
        raise ValueError("sections: there are none")
    faults = section_faults(sections)
    if faults:
        raise ValueError("; ".join(faults))


def section_faults(sections: Sequence[Any]) -> list[str]:
    """Return what is wrong with the words: not text, an unknown place, too long; each names its section by number."""
    faults = []
    if len(sections) > MOST_SECTIONS:
        faults.append(_("There are too many sections."))
    for number, one in enumerate(sections, 1):
        faults += [f"{number}: {fault}" for fault in _faults_of(one)]
    return faults


def _faults_of(section: Any) -> list[str]:
    if not isinstance(section, Mapping) or set(section) != {"heading", "paragraphs"}:
        return [_("a section has a heading and paragraphs, nothing else")]
    texts = [section["heading"], *(section["paragraphs"] if isinstance(section["paragraphs"], list) else [None])]
    if not all(isinstance(text, str) for text in texts) or not str(section["heading"]).strip():
        return [_("the heading and every paragraph are texts")]
    if sum(map(len, texts)) > LONGEST:
        return [_("the section is too long")]
    unknown = sorted({place for text in texts for place in _PLACE.findall(text)} - set(PLACES))
    return [_("nothing fills the place “%(place)s”") % {"place": place} for place in unknown]


def filled(sections: Sequence[Section], places: Mapping[str, str]) -> list[Section]:
    """Return the words with their places filled in; a place whose value is not known gets a line to see."""

    def put(text: str) -> str:
        return _PLACE.sub(lambda found: places.get(found[1], "") or "________", text)

    return [
        {"heading": put(one["heading"]), "paragraphs": [put(text) for text in one["paragraphs"]]} for one in sections
    ]


def templates_for(hromada: Territory, channel: str = "") -> QuerySet[ContractTemplate]:
    """Return the last version of each template that the hromada may use: its own first, then the shipped ones.

    Templates of a channel are those that name it or name none.
    """
    newer = ContractTemplate.objects.filter(code=OuterRef("code"), number__gt=OuterRef("number"))
    rows = ContractTemplate.objects.filter(~Exists(newer), Q(hromada=hromada) | Q(hromada__isnull=True))
    if channel:
        fitting = [
            pk
            for pk, definition in rows.values_list("pk", "definition")
            if not definition.get("channels") or channel in definition["channels"]
        ]
        rows = rows.filter(pk__in=fitting)
    return rows.order_by("hromada", "code")


def first_template(hromada: Territory, channel: str) -> ContractTemplate | None:
    """Return the template that a contract of the channel begins with: the hromada's own before a shipped one."""
    rows = list(templates_for(hromada, channel))
    rows.sort(key=lambda one: (one.hromada_id is None, not one.definition.get("channels"), one.code))
    return rows[0] if rows else None


def words_of(template: ContractTemplate) -> list[Section]:
    """Return a copy of the template's sections, places and all."""
    return [
        {"heading": one["heading"], "paragraphs": list(one["paragraphs"])} for one in template.definition["sections"]
    ]


@transaction.atomic
def save_template(
    *, template_id: int, user: User, hromada: Territory, title: str, sections: Sequence[Section], now: datetime
) -> ContractTemplate:
    """Keep changed words as the hromada's own template: of a shipped one a copy, of its own the next version.

    What was made with an earlier version keeps its words. Raises `StepRefused` for words that would not work.
    """
    if not rules.can_commission(user, hromada):
        raise PermissionDenied
    before = templates_for(hromada).get(pk=template_id)
    if not title.strip():
        raise StepRefused(_("Give the template a title."))
    definition = {"channels": before.definition.get("channels", []), "sections": list(sections)}
    try:
        require_contract_template(definition)
    except ValueError as fault:
        raise StepRefused(str(fault)) from fault
    code, last = _own_code(before, hromada)
    made = ContractTemplate.objects.create(
        code=code,
        number=last + 1,
        hromada=hromada,
        title_uk=title.strip(),
        definition=definition,
        act=before.act,
        point=before.point,
        created_by=user,
    )
    audit.append(
        tag="procurement:contracttemplate:save",
        subject=f"procurement.contracttemplate:{made.code}",
        payload={"number": made.number, "digest": audit.digest_of(definition)},
        actor_role=actor_for(user, Role.COMMISSIONER).role,
        at=now,
    )
    return made


def _own_code(before: ContractTemplate, hromada: Territory) -> tuple[str, int]:
    """Return the code of the hromada's own template and its last number; of two who save at once, one waits."""
    code = before.code if before.hromada_id else f"{before.code}-{hromada.code.lower()}"[:60]
    list(ContractTemplate.objects.select_for_update().filter(code=code).values_list("pk"))
    last = ContractTemplate.objects.filter(code=code).aggregate(last=Max("number"))["last"] or 0
    return code, last
