from portal.accounts.models.claim import Claim
from portal.accounts.models.invitation import Invitation
from portal.accounts.models.mandate import Mandate
from portal.accounts.models.organisation import Organisation
from portal.accounts.models.user import User

__all__ = ["Claim", "Invitation", "Mandate", "Organisation", "User"]
