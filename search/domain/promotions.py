"""Promotions as editors write and remove them; whoever keeps them in memory is told after commit."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from search.models import Promotion
from search.signals import promotions_changed


@transaction.atomic
def save_promotion(promotion: Promotion) -> Promotion:
    promotion.save()
    _announce()
    return promotion


@transaction.atomic
def remove_promotion(promotion: Promotion) -> None:
    promotion.delete()
    _announce()


def _announce() -> None:
    transaction.on_commit(partial(promotions_changed.send, sender=Promotion))
