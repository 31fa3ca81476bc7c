"""What a plain HTML form of the page sends."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from pydantic import ValidationError

from chat_api.schema import MAX_HISTORY, AskRequest, FeedbackRequest
from corpus.form_errors import FormInvalid
from retriever.normalise import MAX_QUESTION_CHARACTERS, checked_question

MOST_FIELDS: Final = 50
NOT_OURS: Final = "这份表单不是本页发出的，请回到首页重新提问。"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageForm:
    """The fields of a form.

    Attributes:
        question: What was typed, or the question of the button that was pressed.
        history: Earlier questions, oldest first.
        handbook: The chosen handbook, or None for all.
        access_code: The key that was typed, or "".
        language: What the page was in, or "".
        answer_id: The answer that is being rated, or "".
        useful: What was thought of it.
    """

    question: str
    history: tuple[str, ...]
    handbook: str | None
    access_code: str
    language: str
    answer_id: str
    useful: bool

    @classmethod
    def read(cls, body: bytes) -> "PageForm":
        """Return the fields of an `application/x-www-form-urlencoded` body.

        Raises:
            FormInvalid: If it has more fields than any form of ours.
        """
        try:
            fields = parse_qs(body.decode("utf-8", "replace"), errors="replace", max_num_fields=MOST_FIELDS)
        except ValueError as error:
            raise FormInvalid(NOT_OURS) from error
        # A button that asks its own question is sent along with the field, which may hold something half typed.
        questions = fields.get("choice", fields.get("question", [""]))
        return cls(
            question=questions[0].replace("\r\n", "\n"),
            history=tuple(fields.get("history", []))[-MAX_HISTORY:],
            handbook=fields.get("handbook", [""])[0] or None,
            access_code=fields.get("access_code", [""])[0].strip(),
            language=fields.get("lang", [""])[0],
            answer_id=fields.get("answer_id", [""])[0],
            useful=fields.get("useful", [""])[0] == "yes",
        )

    def asked(self) -> AskRequest:
        """Return the question as the API takes it.

        Raises:
            InvalidQuestion: If it cannot be asked.
        """
        question = checked_question(self.question)
        history = [earlier for earlier in self.history if 0 < len(earlier) <= MAX_QUESTION_CHARACTERS]
        handbook = None if self.handbook is None else self.handbook[:64]
        return AskRequest(question=question, history=history, handbook=handbook)

    def feedback(self) -> FeedbackRequest:
        """Return what was thought of an answer.

        Raises:
            FormInvalid: If no answer has that id.
        """
        try:
            return FeedbackRequest(answer_id=self.answer_id, useful=self.useful)
        except ValidationError as error:
            raise FormInvalid(NOT_OURS) from error
