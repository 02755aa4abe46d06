"""The API for programs: one shape for every refusal (RFC 9457), and a description that says so of every address."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

PROBLEM_TYPE: Final = "application/problem+json"
_JSON_TYPE: Final = "application/json"
# what every address may answer besides what it says itself
_EVERYWHERE: Final = {
    "404": "There is nothing at this address.",
    "422": "A parameter cannot be understood.",
    "429": "Too many requests from one address; Retry-After says for how many seconds to wait.",
    "503": "The portal cannot answer now.",
}


class Fault(Schema):
    """One parameter that cannot be understood."""

    where: str
    message: str


class Problem(Schema):
    """A refusal as RFC 9457 has it; `reason` is for programs, `errors` name the parameters at fault."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    reason: str = ""
    errors: list[Fault] = []


class PortalAPI(NinjaAPI):
    """The API with its refusals; each address is described with all that it may answer."""

    def get_openapi_schema(self, **options: Any) -> Any:
        schema = super().get_openapi_schema(**options)
        schema["components"].setdefault("schemas", {})["Problem"] = _problem_schema()
        for methods in schema["paths"].values():
            for operation in methods.values():
                _complete(operation)
        return schema


def problem(
    status: int, detail: str = "", *, reason: str = "", errors: list[dict[str, str]] | None = None
) -> HttpResponse:
    """Return a refusal; nobody keeps it."""
    faults = [Fault(**one) for one in errors or ()]
    told = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, reason=reason, errors=faults)
    response = HttpResponse(told.model_dump_json(), status=status, content_type=PROBLEM_TYPE)
    response["Cache-Control"] = "no-store"
    return response


def refuse_in_one_shape(api: NinjaAPI) -> None:
    """Let everything that an address may raise be answered as a `Problem`."""

    @api.exception_handler(HttpError)
    def refused(_request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, str(error))

    @api.exception_handler(Http404)
    def not_found(_request: HttpRequest, _error: Http404) -> HttpResponse:
        return problem(404, "There is nothing at this address.")

    @api.exception_handler(ValidationError)
    def not_understood(_request: HttpRequest, error: ValidationError) -> HttpResponse:
        faults = [{"where": str(one["loc"][-1]), "message": str(one["msg"])} for one in error.errors]
        return problem(422, "A parameter cannot be understood.", errors=faults)


def _problem_schema() -> dict[str, Any]:
    schema = Problem.model_json_schema(mode="serialization")
    fault = schema.pop("$defs")["Fault"]
    schema["properties"]["errors"]["items"] = fault
    return schema


def _complete(operation: dict[str, Any]) -> None:
    """Add what every address may answer, and say of each refusal how it is written."""
    answers = operation["responses"]
    for status in list(answers):
        answers[str(status)] = answers.pop(status)
    for status, words in _EVERYWHERE.items():
        answers.setdefault(status, {"description": words})
    answers.setdefault("304", {"description": "Nothing has changed since the answer with this ETag."})
    for status, answer in answers.items():
        if status >= "400":
            answer["content"] = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    operation["responses"] = dict(sorted(answers.items()))
