"""One table from errors to HTTP, and the one shape in which every error leaves the service."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import Scope

from chat_api.completion_schema import CompletionError, CompletionErrorDetail
from chat_api.schema import Problem
from corpus.access_errors import (
    AccessRefused,
    ContentCheckUnavailable,
    NotLoggedIn,
    QuestionRejected,
    TooManyRequests,
    WeChatOff,
    WeChatUnavailable,
)
from corpus.errors import (
    EncoderError,
    IndexProblem,
    InvalidQuestion,
    LookupFailed,
    StateUnavailable,
    WengongError,
)
from corpus.form_errors import FormInvalid
from corpus.limit_errors import Overloaded, RateLimited

# The first class that fits decides.
STATUS_OF: dict[type[WengongError], HTTPStatus] = {
    InvalidQuestion: HTTPStatus.UNPROCESSABLE_ENTITY,
    FormInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    LookupFailed: HTTPStatus.NOT_FOUND,
    IndexProblem: HTTPStatus.SERVICE_UNAVAILABLE,
    EncoderError: HTTPStatus.SERVICE_UNAVAILABLE,
    StateUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    NotLoggedIn: HTTPStatus.UNAUTHORIZED,
    AccessRefused: HTTPStatus.FORBIDDEN,
    WeChatOff: HTTPStatus.NOT_FOUND,
    QuestionRejected: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    WeChatUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    ContentCheckUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    WengongError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
# What the framework raises by itself, as (code, message).
HTTP_MESSAGES: dict[int, tuple[str, str]] = {
    400: ("bad_json", "请求内容不是有效的 JSON。"),
    404: ("no_such_route", "没有这个地址。"),
    405: ("method_not_allowed", "这个地址不支持该请求方法。"),
    413: ("body_too_large", "请求内容超过 64 KB，请说得短一些。"),
    431: ("headers_too_large", "请求头太长，请清除浏览器里本网站的数据后再试。"),
    500: ("internal_error", "服务内部出错，已经记下，请稍后再试。"),
}
# What a client is told beside the body.
STATUS_HEADERS: dict[int, dict[str, str]] = {
    401: {"WWW-Authenticate": "Bearer"},
    429: {"Retry-After": "60"},
    503: {"Retry-After": "5"},
}
# What is wrong with a field, by the kind of error that pydantic reports.
FIELD_REASONS: dict[str, str] = {
    "missing": "缺少",
    "extra_forbidden": "是多余的",
    "string_too_short": "是空的",
    "string_too_long": "太长",
    "too_long": "太多",
    "string_pattern_mismatch": "格式不对",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "string_unicode": "含有无效的字符",
}
COMPLETION_PATHS = frozenset({"/v1/chat/completions", "/v1/models"})
QUESTION_CODES = {"string_too_short": "question_blank", "string_too_long": "question_too_long"}
QUESTION_MESSAGES = {
    "string_too_short": "问题是空的，请输入想问的内容。",
    "string_too_long": "问题超过 500 个字，请说得短一些。",
}


def problem_response(
    scope: Scope, status: int, code: str, detail: str, retry_after_s: int | None = None
) -> JSONResponse:
    """Return an error as `application/problem+json`; `retry_after_s` where more is known than the status says.

    Where programs of OpenAI's interface ask, it has the shape that they read.
    """
    if scope["path"] in COMPLETION_PATHS:
        is_their_fault = status < HTTPStatus.INTERNAL_SERVER_ERROR
        described = CompletionErrorDetail(
            message=detail, type="invalid_request_error" if is_their_fault else "server_error", code=code
        )
        body = CompletionError(error=described).model_dump(mode="python")
        return JSONResponse(body, status, headers=headers_of(status, retry_after_s))
    problem = Problem(
        type=f"urn:wengong:error:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=scope["path"],
        code=code,
        request_id=scope.get("state", {}).get("request_id", ""),
    )
    headers = headers_of(status, retry_after_s)
    # A path may hold characters that cannot be encoded; they are escaped rather than refused.
    return JSONResponse(
        problem.model_dump(mode="python"), status, media_type="application/problem+json", headers=headers
    )


def headers_of(status: int, retry_after_s: int | None = None) -> dict[str, str]:
    """Return what a client is told beside the body of an error."""
    headers = STATUS_HEADERS.get(status, {})
    return headers if retry_after_s is None else {**headers, "Retry-After": str(retry_after_s)}


def status_of(error: WengongError) -> HTTPStatus:
    """Return the HTTP status of an expected error."""
    return next(status for kind, status in STATUS_OF.items() if isinstance(error, kind))


def add_error_handlers(app: FastAPI) -> None:
    """Make every error of an app leave it as a problem body; those nobody expected are `RequestObserver`'s."""

    @app.exception_handler(WengongError)
    async def expected(request: Request, error: WengongError) -> JSONResponse:
        request.app.state.services.metrics.errors.labels(error.code).inc()
        retry_after_s = error.retry_after_s if isinstance(error, RateLimited) else None
        return problem_response(request.scope, status_of(error), error.code, error.message, retry_after_s)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        status, code, detail = _explain(error)
        return problem_response(request.scope, status, code, detail)

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> JSONResponse:
        code, detail = HTTP_MESSAGES.get(error.status_code, ("http_error", "请求无法处理。"))
        response = problem_response(request.scope, error.status_code, code, detail)
        response.headers.update(error.headers or {})  # such as Allow, which a 405 must have
        return response


def _explain(error: RequestValidationError) -> tuple[int, str, str]:
    """Return status, code and message for the first thing that is wrong with a request."""
    first = error.errors()[0]
    kind, place = str(first["type"]), [str(step) for step in first["loc"] if step not in {"body", "query", "path"}]
    if kind == "json_invalid":
        return 400, *HTTP_MESSAGES[400]
    field = ".".join(place) or "请求内容"
    if field == "question" and kind in QUESTION_CODES:
        return 422, QUESTION_CODES[kind], QUESTION_MESSAGES[kind]
    return 422, "invalid_request", f"请求的 {field} {FIELD_REASONS.get(kind, '类型或取值不对')}。"
