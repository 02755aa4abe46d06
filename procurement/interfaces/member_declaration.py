"""The page on which a member declares ties to the applicants of a competition, or that there are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from procurement.enums import InterestKind
from procurement.models import InterestDeclaration

LONGEST: Final = 1000


@dataclass(slots=True)
class ApplicantLine:
    """An applicant with the tie that was told, if any."""

    organisation: Organisation
    kind: str = ""
    text: str = ""
    error: str = ""

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        return [(value, str(label), value == self.kind) for value, label in InterestKind.choices]


@dataclass(slots=True)
class DeclarationPage:
    """`has_ties` is `yes`, `no` or nothing yet; `errors` by the identifier of the control."""

    lines: list[ApplicantLine]
    has_ties: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, applicants: Iterable[Organisation], said: InterestDeclaration | None, posted: Mapping[str, Any] | None
    ) -> DeclarationPage:
        """Read the page as it was sent, or begin it with what was declared before."""
        before = {tie["organisation"]: tie for tie in (said.ties if said else ())}
        page = cls([ApplicantLine(one) for one in applicants])
        if posted is None:
            page.has_ties = ("yes" if said.has_interest else "no") if said else ""
            for line in page.lines:
                tie = before.get(line.organisation.pk, {})
                line.kind, line.text = str(tie.get("kind", "")), str(tie.get("text", ""))
            return page
        page.has_ties = str(posted.get("has_ties", ""))
        for line in page.lines:
            kind = str(posted.get(f"kind-{line.organisation.pk}", ""))
            line.kind = kind if kind in InterestKind.values else ""
            line.text = str(posted.get(f"text-{line.organisation.pk}", "")).replace("\x00", "").strip()
        page._judge()
        return page

    @property
    def ties(self) -> list[dict[str, Any]]:
        if self.has_ties != "yes":
            return []
        return [
            {"organisation": line.organisation.pk, "kind": line.kind, "text": line.text}
            for line in self.lines
            if line.kind
        ]

    def _judge(self) -> None:
        told = [line for line in self.lines if line.kind]
        if self.has_ties not in ("yes", "no"):
            self.errors["has_ties"] = _("Say whether you are tied to any of them.")
        elif self.has_ties == "yes" and not told:
            self.errors["has_ties"] = _("Say below which applicant you are tied to, and how.")
        elif self.has_ties == "no" and told:
            self.errors["has_ties"] = _("You said that there are no ties, and named one below. Mend one or the other.")
        for line in self.lines:
            if len(line.text) > LONGEST:
                line.error = _("Shorten this to %(most)d characters.") % {"most": LONGEST}
            elif line.kind == InterestKind.OTHER and not line.text:
                line.error = _("Say in words what the tie is.")
            if line.error:
                self.errors[f"text-{line.organisation.pk}"] = line.error
