"""The portal's API, put together from what each app has for programs."""

from procurement.api import router as procurement_router
from procurement.api_contracts import router as contracts_router
from search.api import api

__all__ = ["api"]

api.add_router("", procurement_router)
api.add_router("", contracts_router)
