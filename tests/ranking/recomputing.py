"""What anybody does with the published files: run the script, compare the bytes, those of the minutes' table too."""

import csv
import io

from procurement.models import Competition
from procurement.published.rank import rank


def text_of(table) -> str:
    """Write the table of minutes as the file that it was read from."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(table["header"])
    writer.writerows(table["rows"])
    return file.getvalue()


def recomputed(competition: Competition) -> int:
    """Make the ranking of every decision and of every minutes again; return how many rankings were compared."""
    count = 0
    for decision in competition.decisions.all():
        assert rank(decision.inputs["scores"], decision.inputs["rubric"]) == decision.ranking
        count += 1
    for round_ in competition.rounds.all():
        for minutes in round_.minutes.exclude(ranking=""):
            assert rank(minutes.inputs["scores"], minutes.inputs["rubric"]) == minutes.ranking
            assert text_of(minutes.content["ranking"]) == minutes.ranking
            count += 1
    return count
