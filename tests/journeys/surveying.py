"""An external evaluation of quality: the working group, a survey of recipients, ratings, publication."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from portal.kernel.verification import normalise
from procurement.domain.quality.ballots import answer_by_code
from procurement.domain.quality.ratings import rate
from procurement.models import QualityEvaluation, Survey
from tests.journeys.contracting import Manager, Steps
from tests.journeys.evaluating import fits
from tests.journeys.joining import pdf_words

Answers = Mapping[str, str]


class Surveyor(Manager):
    """The official who leads the evaluation."""

    @property
    def evaluation(self) -> QualityEvaluation:
        return QualityEvaluation.objects.get()

    @property
    def desk(self) -> str:
        return f"/cabinet/quality/{self.evaluation.pk}/"

    def begin_evaluation(self, first: date, last: date, **about: Any) -> None:
        """Begin from the page of the contract, which is chosen already."""
        self.open()
        self.go(f"?kind=external&contract={self.contract.number}")
        self.fill(period_from=first, period_to=last, **about)
        self.send()

    def name_member(self, name: str, body: str, what: str) -> None:
        self.page.goto(f"{self.desk}group/")
        self.fill(name=name, body=body)
        self.named(what).check()
        self.send()
        self.sees(name)

    def open_survey(self, last_on: date) -> list[str]:
        """Open the survey and print the slips; return the codes that stand on the paper."""
        self.page.goto(f"{self.desk}survey/")
        self.fill(last_on=last_on)
        self.send()
        with self.page.expect_download() as download:
            self.main.locator("form[action$='/survey/codes/'] button").click()
        words = pdf_words(download.value.path().read_bytes())
        return re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", words)

    def enter_from_paper(self, answers: Answers) -> None:
        self.page.goto(f"{self.desk}survey/paper/")
        choose(self, answers)
        self.send()

    def close_survey(self) -> None:
        self.page.goto(f"{self.desk}survey/")
        self.send("form[action$='/survey/close/'] button")

    def take_from_survey(self) -> None:
        self.page.goto(f"{self.desk}ratings/")
        self.send("form .actions button")

    def rate(self, code: str, value: str, evidence: str, on: date) -> None:
        self.page.goto(f"{self.desk}ratings/{code}/")
        self.fill(value=value, evidence=evidence, evidence_on=on)
        self.tick_value("method", "visit")
        self.send()

    def publish(self, conclusion: str) -> None:
        self.page.goto(f"{self.desk}about/")
        self.fill(conclusion=conclusion)
        self.send()
        self.go("/publish/")
        self.send()


class Recipient(Steps):
    """Who gets the service and has drawn a slip, before a telephone and without an account."""

    def answer(self, code: str, answers: Answers) -> None:
        self.page.goto("/survey/")
        self.page.locator("#code").fill(code.lower())
        self.send("form button.button")
        choose(self, answers)
        fits(self)
        self.send("[name=send]")
        fits(self)


def choose(person: Steps, answers: Answers) -> None:
    for question, option in answers.items():
        person.main.locator(f"#q-{question}-{option}").check()


def answer_as_others(codes: Sequence[str], answers: Sequence[Answers], now: datetime) -> None:
    """Answer with these slips as the page does."""
    for code, one in zip(codes, answers, strict=True):
        answer_by_code(code=normalise(code), answers=one, now=now)


def rate_the_rest(evaluation: QualityEvaluation, user: Any, now: datetime, *codes: str, on: date) -> None:
    """Rate by documents what the survey says nothing of."""
    values = {"value": 75, "method": "documents", "evidence": "Журнал звернень і накази", "evidence_on": on}
    for code in codes:
        rate(evaluation_id=evaluation.pk, code=code, values=values, user=user, now=now)


def survey_is_anonymous(answers: int) -> None:
    """Find only answers: no code is left, and no row says when or of whom it is."""
    survey = Survey.objects.get()
    assert (survey.ballots.count(), survey.codes.count(), survey.state) == (answers, 0, "closed")
