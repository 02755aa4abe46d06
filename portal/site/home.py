"""What the front page shows: the figures of the register, its map, ways in for common situations, what is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.site.guides.frame import guides_url
from portal.site.guides.lists import guides_of, newest_news
from portal.site.models.languages import FRONT
from procurement.queries.competitions import number_of_open
from registry.models import Territory
from registry.queries.catalogue import basic_rows, providers_by_oblast, providers_of
from registry.queries.figures import (
    entries_in_good_standing,
    hromadas_with_a_provider,
    number_of_hromadas,
    number_of_services,
    per_revision,
    published_carers,
)
from registry.queries.index import register_index
from registry.queries.outlines import Outline, drawing
from registry.queries.register import RegisterFilter, page_of, vocabulary
from registry.queries.rows import rows_of

NEWEST: Final = 4
# the other life situations stand one press away
GUIDES: Final = 9
# the shades of the map: the darkest begins at this share of the way from the least oblast to the largest
_SHADES: Final = ((0.6, 4), (0.3, 3), (0.1, 2), (0.0, 1))

# what people come with, in their words, and the question of the register that answers it: while no guide is written
SITUATIONS: Final = (
    (
        _("Somebody close needs care"),
        _("at home, by day, around the clock"),
        "service=home-care&service=day-care&service=residential-care&service=palliative-care",
    ),
    (
        _("Violence at home"),
        _("shelter, urgent help, a psychologist"),
        "service=shelter&service=crisis-intervention",
    ),
    (
        _("A child with a disability"),
        _("early intervention, day care, support at school"),
        "group=children-with-disabilities",
    ),
    (
        _("Nowhere to live"),
        _("shelter, supported living"),
        "service=shelter&service=supported-living&service=supported-living-homeless",
    ),
    (_("We had to leave home because of the war"), _("help for displaced people"), "group=idps"),
    (
        _("Sign language, somebody to go along"),
        _("an interpreter, an assistant"),
        "service=sign-language-interpreting&service=physical-accompaniment",
    ),
    (
        _("Coming back from the war"),
        _("adaptation, rehabilitation, support for the family"),
        "group=ato-jfo-participants&group=ato-jfo-families",
    ),
    (
        _("I do not know what help there is"),
        _("somebody will explain and go through it with you"),
        "service=counselling&service=information",
    ),
)


@dataclass(frozen=True, slots=True)
class MapUnit:
    """An oblast on the map: its outline, how many providers it has, and how dark it is for that."""

    outline: Outline
    unit: Territory
    providers: int
    shade: int


def home_context(language: str) -> dict[str, Any]:
    register_index.refresh()
    good = entries_in_good_standing()
    basic = [kind for pk, kind in vocabulary().services.items() if pk in basic_rows(timezone.localdate())]
    by_oblast = providers_by_oblast(good)
    newest = page_of(RegisterFilter(chosen={"standing": ("included",)}, sort="newest"), good, 0, NEWEST)
    return {
        "situations": SITUATIONS,
        "guides": [one for one in guides_of(language) if one.on_front_page][:GUIDES],
        "guides_url": guides_url(language),
        "news": newest_news(language),
        "news_url": f"{FRONT[language]}news/",
        "figures": {
            "providers": len(good),
            "services": number_of_services(),
            "hromadas": per_revision("hromadas_here", hromadas_with_a_provider),
            "all_hromadas": number_of_hromadas(),
            "basic_given": sum(1 for kind in basic if providers_of(kind)),
            "basic": len(basic),
            "carers": published_carers().get(None),
            "competitions": number_of_open(timezone.now()),
        },
        "oblasts": by_oblast,
        "most": max((line.providers for line in by_oblast), default=0),
        "map": {"view_box": drawing().view_box, "units": _map(by_oblast)},
        "newest": rows_of(newest, today=timezone.localdate()),
    }


def _map(lines: list[Any]) -> list[MapUnit]:
    # providers of all Ukraine count in every oblast: what tells oblasts apart is what stands above the least of them
    counted = [line.providers for line in lines if line.providers] or [1]
    least, most = min(counted), max(counted)
    outlines = drawing().outlines
    return [
        MapUnit(
            outlines[line.unit.code],
            line.unit,
            line.providers,
            _shade((line.providers - least + 1) / (most - least + 1) if line.providers else 0),
        )
        for line in lines
        if line.unit.code in outlines
    ]


def _shade(share: float) -> int:
    return next(shade for least, shade in _SHADES if share > least) if share else 0
