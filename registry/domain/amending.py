"""An amendment against the register as it is now, which a registrar may have changed since the draft was filled.

What the provider left alone stays as it is now; what the provider changed is entered, unless the register changed the
same field too: then nothing is, and the fields are named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal.kernel.workflow import StepRefused
from registry.domain.contents import PARTS, Content, content_of, is_private, part_of
from registry.domain.rebasing import changed_paths, prefilled_of, rebase
from registry.enums import ApplicationKind, ApplicationState, Outcome, Standing
from registry.models import Application, RegisterEntry
from registry.queries.content_words import UNSAID, ContentWords

_STANDING_AFTER = {
    Outcome.EXCLUDE.value: Standing.EXCLUDED,
    Outcome.SUSPEND.value: Standing.SUSPENDED,
    Outcome.RESTORE.value: Standing.INCLUDED,
}


@dataclass(frozen=True, slots=True)
class ChangedField:
    """One field of an amendment: what the register says, what the provider asks for; both in plain words.

    `private` says that the public does not, or will not, read the values.
    """

    part: str
    label: str
    old: str
    new: str
    private: bool = False


class ChangedInRegisterError(StepRefused):
    """The register changed the same fields since the application was filled; `fields` names them in words."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(
            _("The register has changed the same fields meanwhile, so this cannot be entered: %(fields)s.")
            % {"fields": "; ".join(fields)}
        )
        self.fields = fields


def amended_content(application: Application) -> Content:
    """Return what the register would say with the provider's changes on top of what it says now, the entry locked.

    Raises `ChangedInRegisterError`, and `StepRefused` for an entry that is no longer in the register.
    """
    rows = RegisterEntry.objects.select_for_update(of=("self",)).select_related("organisation", "parent")
    entry = rows.filter(applications=application).first()
    if entry is None or entry.standing == Standing.EXCLUDED:
        raise StepRefused(_("An excluded entry is not changed any more."))
    base, current = prefilled_of(application), content_of(entry)
    rebased = rebase(base=base, mine=application.content, current=current)
    clashes = [*rebased.clashes, *_removed_but_changed(base, application.content, current)]
    if clashes:
        words = ContentWords(base, application.content)
        raise ChangedInRegisterError([words.line(path) for path in clashes])
    return rebased.content


def _removed_but_changed(base: Content, mine: Content, current: Content) -> Iterable[str]:
    """Name the parts that the provider takes away although the register has changed them meanwhile."""
    keys = {(path.split("/")[0], row): path.split("/")[1] for path, row in current.items() if path.endswith("/row")}
    for path in changed_paths(base, mine):
        part, *rest = path.split("/")
        if part not in PARTS or rest[-1] != "removed" or not mine.get(path):
            continue
        key = keys.get((part, base.get(f"{part}/{rest[0]}/row")))
        # places are named by keys, which may differ; they go away with the service
        was, stands = (
            {**part_of(*side), "at_sites": None} for side in ((base, part, rest[0]), (current, part, key or ""))
        )
        if key and was != stands:
            yield path


def changes_of_application(application: Application) -> list[ChangedField]:
    """Return what the application would change in the register, old and new value side by side.

    While it is pending the old value is what the register says now; afterwards, what it said at the beginning. Private
    values are among them: this is for the provider and the officials of the territory.
    """
    if application.kind == ApplicationKind.AMENDMENT:
        return _changed_fields(*_before_and_after(application))
    if application.kind == ApplicationKind.INCLUSION:
        return _changed_fields({}, application.content)
    return _changed_standing(application)


def _before_and_after(application: Application) -> tuple[Content, Content]:
    base, mine, entry = prefilled_of(application), application.content, application.entry
    if entry is None or application.state in ApplicationState.closed:
        return base, mine
    current = content_of(entry)
    return current, rebase(base=base, mine=mine, current=current).content


def _changed_fields(old: Content, new: Content) -> list[ChangedField]:
    words = ContentWords(old, new)
    paths = [path for path in changed_paths(old, new) if path.rpartition("/")[2] not in UNSAID]
    private = {path for path in paths if is_private(path, old) or is_private(path, new)}
    return [
        _changed_field(words, path, old.get(path), new.get(path), private=path in private)
        for path in sorted(paths, key=_order)
    ]


def _changed_field(words: ContentWords, path: str, old: Any, new: Any, *, private: bool) -> ChangedField:
    if path.endswith("/removed"):
        old, new = bool(old), bool(new)
    return ChangedField(words.part(path), words.field(path), words.value(path, old), words.value(path, new), private)


def _order(path: str) -> tuple[int, str, int, str]:
    """Order paths as the form does: part by part, the parts of a kind by their number."""
    part, *rest = path.split("/")
    sections = ("organisation", "about", *PARTS, "criteria")
    number = int(rest[0]) if rest and rest[0].isdecimal() else 0
    return (sections.index(part) if part in sections else len(sections), part, number, "/".join(rest[1:]))


def _changed_standing(application: Application) -> list[ChangedField]:
    """Return the standing that an exclusion asks for, or that a specialist proposes."""
    entry = application.entry
    proposal = application.proposals.order_by("-pk").first()
    wanted = Outcome.EXCLUDE if application.kind == ApplicationKind.EXCLUSION else proposal and proposal.outcome
    after = _STANDING_AFTER.get(wanted or "")
    if entry is None or after is None:
        return []
    meta = RegisterEntry._meta  # noqa: SLF001 Django's public API
    labels = str(meta.verbose_name), str(meta.get_field("standing").verbose_name)
    return [ChangedField(*labels, str(Standing(entry.standing).label), str(after.label))]
