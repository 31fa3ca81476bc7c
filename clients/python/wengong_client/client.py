"""Calls of a wengong service, with bodies checked against its description.

The models are generated from the description at `/openapi.json`; the calls are written by hand, one a route.
"""

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from pydantic import BaseModel

from wengong_client.models import (
    AskResponse,
    FeedbackResponse,
    HandbookBody,
    HandbookList,
    QuestionBody,
    QuestionList,
    Ready,
    SuggestionList,
)

TIMEOUT_S = 10.0
Body = TypeVar("Body", bound=BaseModel)


class WengongProblem(Exception):
    """What the service says instead of an answer.

    Attributes:
        status: HTTP status.
        code: Stable identifier, such as "question_blank".
        detail: What happened and what to do next, in Chinese, fit to be shown.
        retry_after_s: Seconds after which to try again, or None.
    """

    def __init__(self, status: int, code: str, detail: str, retry_after_s: int | None) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail
        self.retry_after_s = retry_after_s


class Client:
    """A service at an address; to be closed, best by `with`. Threads may share it."""

    def __init__(self, address: str, key: str | None = None, timeout_s: float = TIMEOUT_S) -> None:
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        self._http = httpx.Client(base_url=address, headers=headers, timeout=timeout_s)

    def ask(
        self, question: str, history: Sequence[str] = (), handbook: str | None = None, limit: int = 3
    ) -> AskResponse:
        """Return the answer to a question; see the fields of `AskRequest` for what they may hold.

        Raises:
            WengongProblem: If the service does not answer.
            httpx.HTTPError: If it cannot be reached.
        """
        body = {"question": question, "history": list(history), "handbook": handbook, "limit": limit}
        return self._call("POST", "/v1/ask", AskResponse, body=body)

    def suggest(self, typed: str, limit: int = 5) -> SuggestionList:
        """Return questions to offer while somebody is typing; raises like `ask`."""
        return self._call("GET", "/v1/suggest", SuggestionList, query={"q": typed, "limit": limit})

    def give_feedback(self, answer_id: str, *, useful: bool, reason: str | None = None) -> FeedbackResponse:
        """Say whether an answer was useful; raises like `ask`."""
        body = {"answer_id": answer_id, "useful": useful, "reason": reason}
        return self._call("POST", "/v1/feedback", FeedbackResponse, body=body)

    def list_handbooks(self) -> HandbookList:
        """Return the handbooks that are served; raises like `ask`."""
        return self._call("GET", "/v1/handbooks", HandbookList)

    def get_handbook(self, handbook_id: str) -> HandbookBody:
        """Return one handbook; raises like `ask`."""
        return self._call("GET", f"/v1/handbooks/{handbook_id}", HandbookBody)

    def list_questions(self, handbook_id: str) -> QuestionList:
        """Return the table of contents of a handbook; raises like `ask`."""
        return self._call("GET", f"/v1/handbooks/{handbook_id}/questions", QuestionList)

    def get_question(self, handbook_id: str, question_number: int) -> QuestionBody:
        """Return a question with its whole answer; raises like `ask`."""
        return self._call("GET", f"/v1/handbooks/{handbook_id}/questions/{question_number}", QuestionBody)

    def get_section(self, handbook_id: str, section_id: str) -> QuestionBody:
        """Return a section whole; raises like `ask`."""
        return self._call("GET", f"/v1/handbooks/{handbook_id}/sections/{section_id}", QuestionBody)

    def ready(self) -> Ready:
        """Return which index is served; raises like `ask`, also while there is none."""
        return self._call("GET", "/readyz", Ready)

    def close(self) -> None:
        """Give back the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _call(
        self,
        method: str,
        path: str,
        kind: type[Body],
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Body:
        response = self._http.request(method, path, params=query, json=body)
        if response.is_success:
            return kind.model_validate_json(response.content)
        raise _problem(response)


def _problem(response: httpx.Response) -> WengongProblem:
    try:
        said = response.json()
    except ValueError:  # a proxy's own page
        said = {}
    after = response.headers.get("retry-after", "")
    return WengongProblem(
        status=response.status_code,
        code=str(said.get("code", "http_error")),
        detail=str(said.get("detail", response.reason_phrase)),
        retry_after_s=int(after) if after.isdigit() else None,
    )
