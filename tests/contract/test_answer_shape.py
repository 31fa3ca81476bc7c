"""The answer of `POST /v1/ask`, field by field. All three outcomes are a 200:

    answered    at least one citation, no suggestions, no contact
    clarify     at least one citation, one to three suggestions, a contact
    abstained   no citations, one to three suggestions, a contact

Each outcome is had from the same index and question by moving the two thresholds to either side of any probability.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chat_api import create_app
from chat_api.settings import DEFAULT_CONTACT, ServerSettings
from corpus.handbook import Handbook
from retriever import Retriever
from retriever.encoder import Encoder
from retriever.settings import RetrieverSettings

ANSWER_FIELDS = [
    "answer_id",
    "status",
    "answer_probability",
    "understood_as",
    "citations",
    "suggestions",
    "contact",
    "index_version",
    "took_ms",
    "urgent_contact",
    "text",
    "question_check",
]
CITATION_FIELDS = [
    "handbook_id",
    "handbook_title",
    "edition",
    "part",
    "question_number",
    "label",
    "question",
    "excerpt",
    "start",
    "end",
    "highlights",
    "passage_id",
    "errata",
    "url",
    "page",
    "outdated",
    "effective_from",
    "effective_to",
]
# (answer_threshold, clarify_threshold); a probability lies in [0, 1]
THRESHOLDS = {"answered": (0.0, 0.0), "clarify": (2.0, 0.0), "abstained": (2.0, 2.0)}
QUESTION = "农民工怎么提升学历"


class OneRetriever:
    """Stands where the app keeps the served version, and serves one retriever."""

    def __init__(self, retriever: Retriever) -> None:
        self._retriever = retriever

    def get(self) -> Retriever:
        return self._retriever


@pytest.fixture(scope="module")
def clients(
    retriever: Retriever, encoder: Encoder, data_folder: Path, version_folder: Path
) -> Iterator[dict[str, TestClient]]:
    """A client for each outcome."""
    made = {}
    for status, (answer_threshold, clarify_threshold) in THRESHOLDS.items():
        parameters = replace(
            retriever.parameters.curated, answer_threshold=answer_threshold, clarify_threshold=clarify_threshold
        )
        app = create_app(ServerSettings(), RetrieverSettings(data=data_folder))
        app.state.services = replace(
            app.state.services, live_retriever=OneRetriever(Retriever.open(version_folder, encoder, parameters))
        )
        made[status] = TestClient(app)
    yield made
    for client in made.values():
        client.app.state.services.database.close()  # type: ignore[attr-defined]


def asked(client: TestClient, question: str = QUESTION, **fields: Any) -> dict[str, Any]:
    response = client.post("/v1/ask", json={"question": question, **fields})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    body: dict[str, Any] = response.json()
    return body


@pytest.mark.parametrize("status", THRESHOLDS)
def test_every_answer_has_the_same_fields_in_the_same_order(
    clients: dict[str, TestClient], status: str, version_folder: Path
) -> None:
    body = asked(clients[status])
    assert list(body) == ANSWER_FIELDS
    assert body["status"] == status
    assert re.fullmatch("a_[0-9a-f]{16}", body["answer_id"])
    assert isinstance(body["answer_probability"], float)
    assert 0 <= body["answer_probability"] <= 1
    assert body["understood_as"] is None
    assert body["index_version"] == version_folder.name
    assert isinstance(body["took_ms"], float)
    assert body["took_ms"] > 0


@pytest.mark.parametrize("status", THRESHOLDS)
def test_an_answer_is_given_as_one_text_where_that_is_wanted(clients: dict[str, TestClient], status: str) -> None:
    assert asked(clients[status])["text"] is None
    body = asked(clients[status], text_max_bytes=400)
    assert 100 < len(body["text"].encode()) <= 400
    said = body["citations"][0]["label"] if body["citations"] else body["contact"]
    assert said in body["text"]
    for unfit in (99, 20_001, "400"):
        refused = clients[status].post("/v1/ask", json={"question": QUESTION, "text_max_bytes": unfit})
        assert refused.status_code == 422


def test_an_answer_cites_and_suggests_nothing(clients: dict[str, TestClient]) -> None:
    body = asked(clients["answered"])
    assert 1 <= len(body["citations"]) <= 3
    assert (body["suggestions"], body["contact"]) == ([], None)


def test_asking_back_cites_and_suggests_and_says_whom_to_ask(clients: dict[str, TestClient]) -> None:
    body = asked(clients["clarify"])
    assert 1 <= len(body["citations"]) <= 3
    assert 1 <= len(body["suggestions"]) <= 3
    assert body["contact"] == DEFAULT_CONTACT


def test_abstaining_cites_nothing_and_says_what_is_near_and_whom_to_ask(clients: dict[str, TestClient]) -> None:
    body = asked(clients["abstained"])
    assert body["citations"] == []
    assert 1 <= len(body["suggestions"]) <= 3
    assert body["contact"] == DEFAULT_CONTACT


def test_what_to_ask_instead_is_the_same_whether_cited_or_not(clients: dict[str, TestClient]) -> None:
    assert asked(clients["clarify"])["suggestions"] == asked(clients["abstained"])["suggestions"]
    assert asked(clients["clarify"])["citations"] == asked(clients["answered"])["citations"]


@pytest.mark.parametrize("status", ["clarify", "abstained"])
def test_a_suggestion_is_a_question_of_the_handbook(
    clients: dict[str, TestClient], status: str, handbook: Handbook
) -> None:
    for suggestion in asked(clients[status])["suggestions"]:
        assert suggestion == {
            "handbook_id": handbook.handbook_id,
            "question_number": suggestion["question_number"],
            "question": handbook.questions[suggestion["question_number"] - 1].heading,
            "label": f"第{suggestion['question_number']}问",
            "url": f"/v1/handbooks/{handbook.handbook_id}/questions/{suggestion['question_number']}",
        }


def test_a_citation_is_a_slice_of_the_question_it_names(client: TestClient, handbook: Handbook) -> None:
    body = asked(client, "第38问", limit=10)
    assert body["citations"]
    for citation in body["citations"]:
        assert list(citation) == CITATION_FIELDS
        section = handbook.questions[37]
        assert citation["handbook_id"] == handbook.handbook_id
        assert citation["handbook_title"] == handbook.title
        assert citation["edition"] == handbook.edition
        assert citation["part"] == (section.part.display if section.part else None)
        assert (citation["question_number"], citation["label"]) == (38, "第38问")
        assert citation["question"] == section.heading
        assert citation["passage_id"]
        assert citation["url"] == f"/v1/handbooks/{handbook.handbook_id}/questions/38"
        whole = client.get(citation["url"]).json()
        start, end = citation["start"] - whole["start"], citation["end"] - whole["start"]
        assert 0 <= start < end <= len(whole["text"])
        assert whole["text"][start:end] == citation["excerpt"] == handbook.text[citation["start"] : citation["end"]]


@pytest.mark.parametrize("number", range(1, 51))
def test_every_question_asked_by_number_is_cited_word_for_word(
    client: TestClient, handbook: Handbook, number: int
) -> None:
    body = asked(client, f"第{number}问", limit=10)
    assert (body["status"], body["answer_probability"]) == ("answered", 1.0)
    assert {citation["question_number"] for citation in body["citations"]} == {number}
    for citation in body["citations"]:
        excerpt = citation["excerpt"]
        assert handbook.text[citation["start"] : citation["end"]] == excerpt
        for erratum in citation["errata"]:
            assert list(erratum) == ["start", "end", "printed", "corrected"]
            assert excerpt[erratum["start"] : erratum["end"]] == erratum["printed"] != erratum["corrected"]
    spans = sorted((citation["start"], citation["end"]) for citation in body["citations"])
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))


def test_errata_are_shown_beside_what_was_printed(client: TestClient, handbook: Handbook) -> None:
    erratum = handbook.errata[0]
    section = next(section for section in handbook.sections if section.start <= erratum.start < section.end)
    notes = [
        (note["printed"], note["corrected"])
        for citation in asked(client, section.label, limit=10)["citations"]
        for note in citation["errata"]
    ]
    assert (erratum.printed, erratum.corrected) in notes


def test_highlights_are_words_of_the_question_inside_the_excerpt(client: TestClient) -> None:
    body = asked(client, "农民工学历提升")
    found = []
    for citation in body["citations"]:
        spans = [(span["start"], span["end"]) for span in citation["highlights"]]
        assert all(list(span) == ["start", "end"] for span in citation["highlights"])
        assert all(0 <= start < end <= len(citation["excerpt"]) for start, end in spans)
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
        found += [citation["excerpt"][start:end] for start, end in spans]
    assert "农民工" in "".join(found)
    assert all(set(word) & set("农民工学历提升") for word in found)


@pytest.mark.parametrize("limit", [1, 2, 5, 10])
def test_no_more_is_cited_than_was_asked_for(clients: dict[str, TestClient], limit: int) -> None:
    few, many = asked(clients["answered"], limit=limit)["citations"], asked(clients["answered"], limit=10)["citations"]
    assert 1 <= len(few) <= limit
    assert few[0] == many[0]


def test_three_are_cited_at_most_when_nothing_is_said(client: TestClient, handbook: Handbook) -> None:
    longest = max(handbook.questions, key=lambda section: section.end - section.start).label
    assert len(asked(client, longest)["citations"]) == 3
    assert len(asked(client, longest, limit=4)["citations"]) == 4


def test_a_question_that_leans_on_another_says_how_it_was_understood(client: TestClient) -> None:
    body = asked(client, "那具体有哪些呢", history=["农民工怎么提升学历"])
    assert body["understood_as"] == "农民工怎么提升学历 那具体有哪些呢"


def test_the_same_question_gets_the_same_answer_under_another_id(client: TestClient) -> None:
    first, second = asked(client), asked(client)
    assert first.pop("answer_id") != second.pop("answer_id")
    del first["took_ms"], second["took_ms"]
    assert first == second


def test_a_number_no_handbook_has_is_an_abstention(client: TestClient) -> None:
    body = asked(client, "第99问")
    assert (body["status"], body["answer_probability"], body["citations"]) == ("abstained", 0.0, [])
    assert body["contact"] == DEFAULT_CONTACT


def test_staff_can_say_whom_to_ask(data_folder: Path) -> None:
    app = create_app(ServerSettings(contact="找车间工会小组长"), RetrieverSettings(data=data_folder))
    with TestClient(app) as client:
        assert asked(client, "第99问")["contact"] == "找车间工会小组长"
