from portal.site.models.feed import FeedHead, FeedObject
from portal.site.models.guides import GuideIndexPage, GuidePage
from portal.site.models.hot_line import HotLine
from portal.site.models.notice import Notice
from portal.site.models.pages import HomePage
from portal.site.models.texts import NewsIndexPage, NewsPage, TextPage
from portal.site.models.webhooks import Webhook, WebhookDelivery, WebhookState

__all__ = [
    "FeedHead",
    "FeedObject",
    "GuideIndexPage",
    "GuidePage",
    "HomePage",
    "HotLine",
    "NewsIndexPage",
    "NewsPage",
    "Notice",
    "TextPage",
    "Webhook",
    "WebhookDelivery",
    "WebhookState",
]
