from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.enums import LegalForm, OwnershipForm, PersonType, Sector
from portal.kernel.identifiers import validate_edrpou, validate_rnokpp


class Organisation(models.Model):
    """A legal entity, a sole proprietor or a natural person that gives or orders services.

    Known by ЄДРПОУ, or by РНОКПП (never public), or, when a real source names no code, by `external_ref`.
    """

    code = models.CharField(_("EDRPOU"), max_length=8, null=True, blank=True, unique=True, validators=[validate_edrpou])
    rnokpp = models.CharField(
        _("RNOKPP"), max_length=10, null=True, blank=True, unique=True, validators=[validate_rnokpp]
    )
    external_ref = models.CharField(_("reference in the source"), max_length=120, null=True, blank=True, unique=True)
    name = models.CharField(_("name"), max_length=500)
    short_name = models.CharField(_("short name"), max_length=200, blank=True)
    person_type = models.CharField(
        _("kind of person"), max_length=20, choices=PersonType.choices, default=PersonType.LEGAL_ENTITY
    )
    legal_form = models.CharField(_("legal form"), max_length=30, choices=LegalForm.choices, default=LegalForm.OTHER)
    ownership_form = models.CharField(
        _("ownership form"), max_length=10, choices=OwnershipForm.choices, default=OwnershipForm.UNKNOWN
    )
    sector = models.CharField(_("sector"), max_length=10, choices=Sector.choices, default=Sector.UNKNOWN)
    is_demo = models.BooleanField(_("invented for demonstration"), default=False)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                name="organisation_edrpou_only_for_legal_entities",
                condition=Q(code__isnull=True) | Q(person_type=PersonType.LEGAL_ENTITY),
                violation_error_message=_("Only a legal entity has an EDRPOU code."),
            ),
            models.CheckConstraint(
                name="organisation_rnokpp_only_for_people",
                condition=Q(rnokpp__isnull=True) | ~Q(person_type=PersonType.LEGAL_ENTITY),
                violation_error_message=_("A legal entity has no RNOKPP."),
            ),
            models.CheckConstraint(
                name="organisation_carers_are_natural_persons",
                condition=~Q(legal_form__in=LegalForm.carers) | Q(person_type=PersonType.NATURAL_PERSON),
                violation_error_message=_("Carers under decrees 1040 and 859 are natural persons."),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name
