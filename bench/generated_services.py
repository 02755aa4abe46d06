"""Services made of the demonstration's sentences without a database, as documents of the index."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
COMMON = "послугообіг"


def sentences():
    """Yield (service, text) of the demonstration."""
    for path in sorted((ROOT / "registry/reference/demo").glob("services_*.json")):
        for slug, facts in json.loads(path.read_text(encoding="utf-8")).items():
            texts = [
                one for value in facts.values() if isinstance(value, list) for one in value if isinstance(one, str)
            ]
            yield slug, facts, texts


def documents(count, seed=1):
    """Yield index documents; the same for the same seed, tokens of a sentence made once."""
    from search.analysis.tokens import tokens
    from search.documents import Document
    from search.enums import Kind
    from search.needs import NAME, SENTENCE, need_model, read
    from search.reference_words import annotator, gazetteer

    chance = Random(seed)
    kinds = list(sentences())
    told = {text: tokens(text) for _slug, _facts, texts in kinds for text in texts}
    everything = list(told)
    model = need_model()
    shares = {text: model.shares(read(text)) for text in told}
    settlements = [place for place in gazetteer().by_code.values() if place.category in "MXC" and place.hromada]
    for number in range(count):
        slug, facts, texts = chance.choice(kinds)
        place = chance.choice(settlements)
        groups = tuple(chance.sample(list(facts.get("groups") or {"people-in-hardship": 1}), 1))
        chosen = [*chance.sample(texts, min(3, len(texts))), *chance.sample(everything, 3)]
        body = [token for text in chosen for token in told[text]]
        if chance.random() < 0.93:
            body.append(COMMON)
        body += model.levels([(shares[texts[0]], NAME), *((shares[text], SENTENCE) for text in chosen)])
        mode = chance.choice(("free", "differentiated", "tariff"))
        yield Document(
            f"service:{number}",
            Kind.SERVICE,
            entry=number // 3 + 1,
            title=told[texts[0]][:4],
            needs=annotator().of("service", slug),
            body=[*body, *(f"g:{group}" for group in groups), f"p:{place.oblast}"],
            provider=told[chance.choice(everything)][:3],
            facets={
                "service": (slug,),
                "group": groups,
                "form": tuple(chance.sample(("home", "street", "residential", "online", "phone"), 2)),
                "price": (mode,),
                "ownership": (chance.choice(("state", "communal", "private")),),
                "urgent": ("1",) if chance.random() < 0.1 else (),
                "access": tuple(chance.sample(("ramp", "lift", "wide-doors"), 1)),
                "oblast": (place.oblast,),
            },
            place=tuple(dict.fromkeys((place.code, *place.chain))),
            covers=(place.hromada,) if chance.random() < 0.7 else (place.oblast,) if chance.random() < 0.9 else ("UA",),
            latitude=place.latitude,
            longitude=place.longitude,
            verified_on=date(2026, 1, 1) + timedelta(chance.randrange(300)),
            quality=chance.random() * 0.3,
            data={
                "kind": "service", "id": number, "number": f"{number:07}", "url": f"/registry/{number:07}/",
                "title_uk": texts[0], "title_en": slug, "title": "", "provider": "Центр надання соціальних послуг",
                "service": slug, "groups": list(groups), "forms": ["home"], "price_mode": mode, "price": None,
                "price_unit": "", "urgent": False, "access": [], "place": place.label, "hromada": place.hromada,
                "oblast": place.oblast, "phone": "+380 44 000 00 00", "verified_on": "2026-01-01", "is_demo": True,
                "summary": chosen[0][:220], "at": [place.latitude, place.longitude] if place.latitude else None,
                "tokens": " ".join(body),
            },
        )  # fmt: skip
