from portal.accounts.models.organisation import Mandate, Organisation
from portal.accounts.models.user import User

__all__ = ["Mandate", "Organisation", "User"]
