from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import RuleProfile
from portal.kernel.models.reference import ReferenceRow, in_language
from procurement.enums import Bound, Channel, Moment


class TimetableRule(ReferenceRow):
    """How a term of a rule profile binds two points of the timetable; its length stands in the deadline rule `code`."""

    profile = models.ForeignKey(
        RuleProfile, models.CASCADE, related_name="timetable_rules", verbose_name=_("rule profile")
    )
    code = models.SlugField(_("code of the term"), max_length=60)
    start = models.CharField(_("counted from"), max_length=20, choices=Moment.choices)
    end = models.CharField(_("binds"), max_length=20, choices=Moment.choices)
    bound = models.CharField(_("how"), max_length=12, choices=Bound.choices)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("rule of the timetable")
        verbose_name_plural = _("rules of the timetable")
        ordering = ["profile", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["profile", "code", "start", "end"],
                name="timetable_rule_once",
                violation_error_message=_("This rule is already in the list."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.start} → {self.end}"


class CompetitionPolicy(ReferenceRow):
    """What a rule profile of a competition settles besides terms; each with the act it is from, or unverified."""

    profile = models.OneToOneField(
        RuleProfile, models.CASCADE, related_name="competition_policy", verbose_name=_("rule profile")
    )
    name = models.CharField(_("what the procedure is called"), max_length=200, blank=True)
    name_en = models.CharField(_("what the procedure is called, in English"), max_length=200, blank=True)
    # by what channel the decision must order the services, and whether each lot is a specified service
    channel = models.CharField(_("channel of the decision"), max_length=20, choices=Channel.choices, blank=True)
    needs_specification = models.BooleanField(_("each lot has a specification"), default=True)
    # who may submit
    needs_register = models.BooleanField(_("only providers in good standing in the register"), default=True)
    needs_service = models.BooleanField(_("only with the service of the lot in the register"), default=False)
    legal_forms = models.JSONField(_("legal forms that may submit, empty for all"), default=list, blank=True)
    sectors = models.JSONField(_("sectors that may submit, empty for all"), default=list, blank=True)
    # questions
    unanswered_holds = models.BooleanField(_("an unanswered question holds the end"), default=True)
    # changes: below so many days before the end (deadline rule `change-freeze`) only with an extension
    change_unsettles = models.BooleanField(_("a change makes bidders confirm again"), default=True)
    form = models.SlugField(_("form of the proposal"), max_length=60, blank=True)
    rubric = models.SlugField(_("rubric"), max_length=60, blank=True)
    # the commission: how many it has at least, and whose part must take part ("1/2"), more than it or at least it
    commission_min = models.PositiveSmallIntegerField(_("fewest members of a commission"), null=True, blank=True)
    quorum_share = models.CharField(_("share that makes a quorum"), max_length=10, blank=True)
    quorum_strict = models.BooleanField(_("a quorum is more than the share"), default=True)
    # the evaluation
    admission = models.JSONField(_("what is checked before admission"), default=list, blank=True)
    takes_clarifications = models.BooleanField(_("named fields may be clarified once"), default=True)
    blind_scoring = models.BooleanField(_("members score without knowing the applicants"), default=False)
    names_members = models.BooleanField(_("scores are published under the members' names"), default=True)
    has_defence = models.BooleanField(_("applicants defend their proposals"), default=False)
    # where in the form the sum asked for stands; `{lot}` is the number of the lot
    asked_path = models.CharField(_("place of the sum asked for"), max_length=120, blank=True)
    appeal_stops = models.BooleanField(_("an open appeal stops the award"), default=False)
    # where a project has no lots of its own, one public register of what was funded
    in_project_register = models.BooleanField(_("winners stand in the register of projects"), default=False)
    act = models.CharField(_("act"), max_length=60, blank=True)
    point = models.CharField(_("point"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("policy of competitions")
        verbose_name_plural = _("policies of competitions")

    def __str__(self) -> str:
        return in_language(self.name, self.name_en) or str(self.profile)


class Template(ReferenceRow):
    """A version of something that a competition keeps as it was: never edited once used, replaced by the next one."""

    code = models.SlugField(_("code"), max_length=60)
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    title_uk = models.CharField(_("title"), max_length=300)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    # described in procurement/reference/README.md
    definition = models.JSONField(_("definition"))
    act = models.CharField(_("act"), max_length=60, blank=True)
    point = models.CharField(_("point"), max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.number}"

    @property
    def title(self) -> str:
        return in_language(self.title_uk, self.title_en)


class FormVersion(Template):
    """A form of a proposal as data: sections, fields, conditions, calculations, documents."""

    class Meta:
        verbose_name = _("version of a form")
        verbose_name_plural = _("versions of forms")
        ordering = ["code", "-number"]
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="form_version_once")]


class RubricVersion(Template):
    """How proposals are scored: criteria, meaning of each value, weights, thresholds."""

    class Meta:
        verbose_name = _("version of a rubric")
        verbose_name_plural = _("versions of rubrics")
        ordering = ["code", "-number"]
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="rubric_version_once")]
