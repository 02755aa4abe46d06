"""Rank the proposals of a competition (Python 3.9+ alone): python rank.py scores.csv rubric.json > ranking.csv"""
import csv, json, sys
from decimal import Decimal
from fractions import Fraction  # exact: every number is rounded once, by the rule that the rubric names
from itertools import groupby

ROUNDING = {"half_up": lambda x: (x + Fraction(1, 2)) // 1, "half_even": round, "down": lambda x: x // 1}

def read_bid(rubric, rows):  # a proposal in a lot, from its rows: the criteria, the total, what it is ordered by
    rule, digits = ROUNDING[rubric["rounding"]["rule"]], rubric["rounding"]["digits"]
    bid, exact, limits = dict(rows[0]), {"total": Fraction(0)}, {"total": rubric["threshold"]}
    for one in rubric["criteria"]:
        points = [Fraction(row["points"]) for row in rows if row["criterion"] == one["code"] and row["points"]]
        exact[one["code"]] = sum(points, Fraction(0)) / (len(points) if points and rubric["method"] == "mean" else 1)
        exact["total"] += Fraction(one["weight"]) * exact[one["code"]]
        limits[one["code"]] = one.get("threshold")
    shown = {name: rule(value * 10**digits) for name, value in exact.items()}  # 1250 stands for 12.50
    bid["shown"] = [f"{Decimal(value).scaleb(-digits):f}" for value in shown.values()]
    below = any(shown[name] < Fraction(limit or 0) * 10**digits for name, limit in limits.items())
    unknown = rubric["award"]["kind"] == "budget" and not bid["asked"]
    bid["outcome"] = bid["standing"] or (below and "below_threshold") or (unknown and "over_budget") or "reserve"
    ways = {"earlier": bid["submitted_at"], "casting": (not bid["casting"], int(bid["casting"] or 0)),
            "asked": (not bid["asked"], Fraction(bid["asked"] or 0))}
    tied = [-shown[step["criterion"]] if step["by"] == "criterion" else ways[step["by"]] for step in rubric["ties"]]
    bid["key"] = [-shown["total"], *tied]
    return bid

def choose(award, budget, groups):  # from the top; equals are undecided where only some of them can win
    single, stops = award["kind"] == "single", award.get("when_short") == "stop"
    left, short = (1, "reserve") if single else (Fraction(budget or 0), "over_budget")
    for group in groups:
        able = [(bid, 1 if single else Fraction(bid["asked"])) for bid in group if bid["outcome"] == "reserve"]
        fit = [need for _bid, need in able if need <= left]
        unsure = sum(fit) > max(left, 0) or (stops and 0 < len(fit) < len(able))
        for bid, need in able:
            bid["outcome"] = ("undecided" if unsure else "winner") if need <= left or (stops and unsure) else short
        if unsure:
            return
        left = -1 if stops and len(fit) < len(able) else left - sum(fit)

def rank(scores, rubric):
    document, rows = json.loads(rubric), list(csv.DictReader(scores.split("\n")))
    rubric, codes = document["rubric"], [one["code"] for one in document["rubric"]["criteria"]]
    names = ["", *(":".join([one["by"], *filter(None, [one.get("criterion")])]) for one in rubric["ties"])]
    lines = [["lot", "place", "proposal", "total", *codes, "asked", "outcome", "tie"]]
    for lot in document["lots"]:
        of_lot = groupby((row for row in rows if row["lot"] == str(lot["number"])), lambda row: row["proposal"])
        bids = sorted((read_bid(rubric, list(own)) for _number, own in of_lot), key=lambda bid: bid["key"])
        groups = [list(group) for _key, group in groupby(bids, lambda bid: bid["key"])]
        choose(rubric["award"], lot["budget"], groups)
        keys, place = [[None], *(group[0]["key"] for group in groups), [None]], 1
        for above, own, under, group in zip(keys, keys[1:], keys[2:], groups):
            told = [next(name for name, a, b in zip(names, own, other) if a != b) for other in (above, under)]
            tie, known = told[0] or told[1], [lot["number"], place]
            lines += [[*known, bid["proposal"], *bid["shown"], bid["asked"], bid["outcome"], tie] for bid in group]
            place += len(group)
    return "".join(",".join(map(str, line)) + "\n" for line in lines)

if __name__ == "__main__":
    sys.stdout.buffer.write(rank(*(open(name, encoding="utf-8", newline="").read() for name in sys.argv[1:3])).encode())
