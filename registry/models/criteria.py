from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from portal.kernel.models import RuleProfile
from portal.kernel.models.reference import ReferenceRow, in_language
from registry.enums import CriterionGroup, Outcome
from registry.models.catalogue import DeliveryForm, ServiceType


class CitedRow(ReferenceRow):
    """A sentence of the law that a decision cites: its words, the act that says it and how far that is known."""

    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    text_uk = models.TextField(_("text"))
    text_en = models.TextField(_("text in English"), blank=True)
    act = models.CharField(_("act"), max_length=60, blank=True)
    point = models.CharField(_("point"), max_length=60, blank=True)
    mark = models.CharField(_("how far confirmed"), max_length=20, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until, not including"), null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return in_language(self.text_uk, self.text_en)


class Criterion(CitedRow):
    """A requirement to providers (decree 185 of 03.03.2020) that a registrar judges service by service.

    A general one applies to every service; a special one to the services and forms of delivery it names, and to urgent
    ones if it says so.
    """

    group = models.CharField(_("group"), max_length=10, choices=CriterionGroup.choices)
    help_uk = models.TextField(_("what confirms it"), blank=True)
    help_en = models.TextField(_("what confirms it, in English"), blank=True)
    evidence_required = models.BooleanField(_("needs a document"), default=False)
    evidence_expires = models.BooleanField(_("the document has a last day"), default=False)
    for_services = models.ManyToManyField(ServiceType, blank=True, related_name="+", verbose_name=_("for services"))
    for_forms = models.ManyToManyField(
        DeliveryForm, blank=True, related_name="+", verbose_name=_("for forms of delivery")
    )
    for_urgent = models.BooleanField(_("for urgent services"), default=False)
    # a person without staff or premises cannot meet some of them
    not_for_carers = models.BooleanField(_("not for natural persons giving care"), default=True)

    class Meta:
        verbose_name = _("criterion for providers")
        verbose_name_plural = _("criteria for providers")
        ordering = ["order", "slug"]

    @property
    def help(self) -> str:
        return in_language(self.help_uk, self.help_en)


class Ground(CitedRow):
    """A ground on which a decision of the register may rest, with the act that names it and how far that is known."""

    outcome = models.CharField(_("outcome"), max_length=15, choices=Outcome.choices)

    class Meta:
        verbose_name = _("ground of a decision")
        verbose_name_plural = _("grounds of decisions")
        ordering = ["outcome", "order", "slug"]


class FreshnessRule(ReferenceRow):
    """How often a human confirms a card with this service, and what follows where nobody does; all in days.

    The rule without a service is for the rest. A card with several services follows the strictest. Not law: the
    portal's own promise to its readers, an administrator may change it.
    """

    service_type = models.OneToOneField(
        ServiceType,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="freshness_rule",
        verbose_name=_("service type"),
    )
    due_after = models.PositiveSmallIntegerField(_("asked to confirm after, days"))
    overdue_after = models.PositiveSmallIntegerField(_("marked after, days"))
    lowered_after = models.PositiveSmallIntegerField(_("lowered in the search after, days"))
    hidden_after = models.PositiveSmallIntegerField(_("left out of the search after, days"))
    # a word about free places is short-lived
    availability_expires = models.PositiveSmallIntegerField(_("word about free places holds, days"))
    # an expiring document makes a task this many days before
    evidence_notice = models.PositiveSmallIntegerField(_("task before a document expires, days"))

    class Meta:
        verbose_name = _("freshness rule")
        verbose_name_plural = _("freshness rules")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="freshness_steps_in_order",
                condition=models.Q(due_after__lt=models.F("overdue_after"))
                & models.Q(overdue_after__lt=models.F("lowered_after"))
                & models.Q(lowered_after__lt=models.F("hidden_after")),
                violation_error_message=_("Each step comes later than the one before it."),
            ),
            models.UniqueConstraint(
                Coalesce("service_type", 0),
                name="freshness_rule_once",
                violation_error_message=_("There is already a rule for this service."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_type or '*'}: {self.due_after}"


class RegisterPolicy(ReferenceRow):
    """What a rule profile of the register settles besides terms."""

    profile = models.OneToOneField(
        RuleProfile, models.CASCADE, related_name="register_policy", verbose_name=_("rule profile")
    )
    # paths of an application, such as `contacts`, whose change alone needs no decision
    trivial_parts = models.JSONField(_("parts changed without a decision"), default=list, blank=True)
    correction_days = models.PositiveSmallIntegerField(_("days to correct"), null=True, blank=True)
    corrections = models.PositiveSmallIntegerField(_("how many times a correction may be asked for"), default=1)

    class Meta:
        verbose_name = _("policy of the register")
        verbose_name_plural = _("policies of the register")

    def __str__(self) -> str:
        return str(self.profile)
