from search.models.asked import AskedQuery
from search.models.promotion import Promotion
from search.models.synonym import Synonym
from search.models.unmet import UnmetNeed

__all__ = ["AskedQuery", "Promotion", "Synonym", "UnmetNeed"]
