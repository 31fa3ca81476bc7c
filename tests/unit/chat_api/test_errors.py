from http import HTTPStatus

import pytest

from chat_api.errors import FIELD_REASONS, HTTP_MESSAGES, QUESTION_MESSAGES, status_of
from corpus import access_errors, errors, form_errors, limit_errors
from corpus.errors import InvalidQuestion, WengongError

KINDS = sorted(
    {
        kind
        for module in (errors, access_errors, form_errors, limit_errors)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, WengongError)
    },
    key=lambda kind: kind.__name__,
)


def made(kind: type[WengongError]) -> WengongError:
    return kind("说明", code="question_blank") if issubclass(kind, InvalidQuestion) else kind("说明")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_expected_error_has_a_status_of_its_family(kind: type[WengongError]) -> None:
    families = {
        errors.InvalidQuestion: HTTPStatus.UNPROCESSABLE_ENTITY,
        form_errors.FormInvalid: HTTPStatus.UNPROCESSABLE_ENTITY,
        errors.LookupFailed: HTTPStatus.NOT_FOUND,
        errors.IndexProblem: HTTPStatus.SERVICE_UNAVAILABLE,
        errors.EncoderError: HTTPStatus.SERVICE_UNAVAILABLE,
        errors.StateUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
        access_errors.NotLoggedIn: HTTPStatus.UNAUTHORIZED,
        access_errors.AccessRefused: HTTPStatus.FORBIDDEN,
        access_errors.WeChatOff: HTTPStatus.NOT_FOUND,
        access_errors.QuestionRejected: HTTPStatus.UNPROCESSABLE_ENTITY,
        access_errors.TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
        access_errors.WeChatUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
        access_errors.ContentCheckUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
        limit_errors.Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    }
    expected = next((status for family, status in families.items() if issubclass(kind, family)), None)
    assert status_of(made(kind)) == (expected or HTTPStatus.INTERNAL_SERVER_ERROR)


def test_no_two_errors_share_a_code() -> None:
    codes = [kind.code for kind in KINDS]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    "message",
    [*(message for _, message in HTTP_MESSAGES.values()), *FIELD_REASONS.values(), *QUESTION_MESSAGES.values()],
)
def test_every_message_is_for_people_who_read_chinese(message: str) -> None:
    assert sum("\u4e00" <= character <= "\u9fff" for character in message) * 2 >= len(message)
