"""Conditions that database constraints of all apps share."""

from django.db.models import Q


def together(*fields: str) -> Q:
    """All of these fields are known, or none is."""
    return Q(**{f"{name}__isnull": True for name in fields}) | Q(**{f"{name}__isnull": False for name in fields})
