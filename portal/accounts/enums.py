"""Who a person or an organisation is in law (Law 2671-VIII, art. 13)."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PersonType(models.TextChoices):
    LEGAL_ENTITY = "legal_entity", _("legal entity")
    SOLE_PROPRIETOR = "sole_proprietor", _("sole proprietor")
    NATURAL_PERSON = "natural_person", _("natural person")


class OwnershipForm(models.TextChoices):
    STATE = "state", pgettext_lazy("ownership", "state")
    COMMUNAL = "communal", pgettext_lazy("ownership", "communal")
    PRIVATE = "private", pgettext_lazy("ownership", "private")
    UNKNOWN = "unknown", pgettext_lazy("ownership", "not stated")


class Sector(models.TextChoices):
    """Kept beside ownership, never derived from it: a registrar may say otherwise."""

    STATE = "state", pgettext_lazy("sector", "state")
    COMMUNAL = "communal", pgettext_lazy("sector", "communal")
    NON_STATE = "non_state", pgettext_lazy("sector", "non-state")
    UNKNOWN = "unknown", pgettext_lazy("sector", "not stated")


class LegalForm(models.TextChoices):
    PUBLIC_ASSOCIATION = "public_association", _("public association")
    ASSOCIATION_UNION = "association_union", _("union of public associations")
    CHARITABLE_FOUNDATION = "charitable_foundation", _("charitable foundation")
    CHARITABLE_SOCIETY = "charitable_society", _("charitable society")
    CHARITABLE_INSTITUTION = "charitable_institution", _("charitable institution")
    RELIGIOUS_ORGANISATION = "religious_organisation", _("religious organisation")
    LIMITED_COMPANY = "limited_company", _("limited liability company")
    PRIVATE_ENTERPRISE = "private_enterprise", _("private enterprise")
    PRIVATE_INSTITUTION = "private_institution", _("private institution")
    COOPERATIVE = "cooperative", _("cooperative")
    COMMUNAL_INSTITUTION = "communal_institution", _("communal institution")
    COMMUNAL_NONPROFIT = "communal_nonprofit", _("communal non-profit enterprise")
    COMMUNAL_ENTERPRISE = "communal_enterprise", _("communal enterprise")
    STATE_INSTITUTION = "state_institution", _("state institution")
    SELF_ORGANISATION_BODY = "self_organisation_body", _("body of self-organisation of the population")
    SOLE_PROPRIETOR = "sole_proprietor", _("sole proprietor")
    CARER_PROFESSIONAL = "carer_professional", _("natural person, care on a professional basis")
    CARER_NONPROFESSIONAL = "carer_nonprofessional", _("natural person, care on a non-professional basis")
    OTHER = "other", pgettext_lazy("legal form", "other")

    carers = nonmember(("carer_professional", "carer_nonprofessional"))
    civil_society = nonmember(
        (
            "public_association",
            "association_union",
            "charitable_foundation",
            "charitable_society",
            "charitable_institution",
            "religious_organisation",
        )
    )


class MandateScope(models.TextChoices):
    REPRESENTATIVE = "representative", _("representative")
    EDITOR = "editor", pgettext_lazy("mandate", "editor")
    SIGNATORY = "signatory", _("signatory")

    # who may speak with the law in hand: put a signature under an application or a contract
    signing = nonmember(("representative", "signatory"))


class ClaimState(models.TextChoices):
    """Where a person's word of speaking for an organisation stands."""

    PENDING = "pending", pgettext_lazy("claim", "waits for a decision")
    CONFIRMED = "confirmed", pgettext_lazy("claim", "confirmed")
    REFUSED = "refused", pgettext_lazy("claim", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("claim", "withdrawn")


class Role(models.TextChoices):
    """What an official account may do at the desk; the value is the name of its auth group."""

    ADMINISTRATOR = "administrator", _("administrator")
    REGISTRAR = "registrar", _("registrar")
    APPROVER = "approver", _("approver")
    EDITOR = "editor", pgettext_lazy("role", "editor")
    AUDITOR = "auditor", _("auditor")
    COMMISSIONER = "commissioner", _("commissioner of services")
