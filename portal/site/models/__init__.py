from portal.site.models.hot_line import HotLine
from portal.site.models.pages import HomePage

__all__ = ["HomePage", "HotLine"]
