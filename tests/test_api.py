"""The HTTP API: the answers' JSON, its description, and what a wrong request gets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from rag.doors.api import build_api
from rag.doors.contract import MAX_CLAIM_CHARS, AskRequest, Result
from rag.doors.service import MAX_BODY_BYTES, Service
from rag.engine import MAX_QUESTION_CHARS, Engine
from rag.errors import IndexDamagedError
from rag.results import Abstention, Answer
from rag.types import Filters
from tests.browser_support import BREAKS, FOLLOW_UP, PAYERS, FakeEngine, harbour
from tests.planted import Corpus

QUESTION = "What do tickets cost?"


@pytest.fixture
def client(engine: Engine) -> TestClient:
    return TestClient(build_api(Service(engine)))


class Remembering(FakeEngine):
    """Notes the results that a question is asked with."""

    def ask(
        self,
        question: str,
        *,
        filters: Filters = Filters(),  # noqa: B008
        history: Sequence[Answer | Abstention] = (),
    ) -> Answer | Abstention:
        assert not filters
        self.history = tuple(history)
        return super().ask(question, history=history)


def remembering() -> Remembering:
    planted = harbour()
    return Remembering(planted.texts, planted.planted)


def post(client: TestClient, path: str, **body: Any) -> Any:
    headers = {"Content-Type": "application/json"}
    return client.post(f"/api/v1/{path}", content=json.dumps(body), headers=headers)


def faults(response: Any) -> list[tuple[str, str, str]]:
    """The errors of a problem, whose other members have to agree with them."""
    assert response.headers["content-type"] == "application/problem+json"
    told = response.json()
    assert (told["type"], told["status"]) == ("about:blank", response.status_code)
    errors = [(error["what"], error["where"], error["mend"]) for error in told["errors"]]
    assert told["detail"] == "; ".join(f"{what} ({where}): {mend}" for what, where, mend in errors)
    return errors


def test_answers_are_those_of_the_engine(client: TestClient, engine: Engine) -> None:
    for question in (QUESTION, "Qwertz zxcv?"):
        response = post(client, "ask", question=question)
        assert response.status_code == 200
        assert response.content.decode() == json.dumps(
            engine.ask(question).to_json(), ensure_ascii=False, separators=(",", ":")
        )
    assert response.json()["answered"] is False


def test_filters_restrict_what_is_asked_and_searched(client: TestClient, engine: Engine) -> None:
    filters = {"documents": ["bridge.txt"]}
    found = post(client, "search", question=QUESTION, k=3, filters=filters).json()
    assert found["question"] == QUESTION
    assert [hit["document"] for hit in found["hits"]] == ["bridge.txt"]
    hits = engine.search(QUESTION, 3, filters=Filters(("bridge.txt",)))
    assert found["hits"] == [hit.to_json() for hit in hits]
    assert len(post(client, "search", question=QUESTION, k=2).json()["hits"]) == 2
    answer = post(client, "ask", question=QUESTION, filters=filters).json()
    assert {hit["document"] for hit in answer["nearest"]} == {"bridge.txt"}
    filters = {"published_from": "2025-01-01", "published_to": "2025-12-31"}
    assert post(client, "search", question=QUESTION, filters=filters).json()["hits"] == []


def test_documents_come_in_pages(client: TestClient) -> None:
    listed = client.get("/api/v1/documents").json()
    ids = [document["document"] for document in listed["documents"]]
    assert (listed["total"], listed["offset"]) == (3, 0)
    assert ids == ["bridge.txt", "library.md", "towns/ferry.txt"]
    page = client.get("/api/v1/documents", params={"offset": 1, "limit": 1}).json()
    assert page == {"total": 3, "offset": 1, "documents": listed["documents"][1:2]}
    assert client.get("/api/v1/documents?offset=9").json()["documents"] == []


def test_a_document_is_read_whole_and_in_part(client: TestClient, corpus: Path) -> None:
    text = (corpus / "towns/ferry.txt").read_text(encoding="utf-8")
    whole = client.get("/api/v1/documents/towns/ferry.txt").json()
    assert (whole["text"], whole["characters"]) == (text, len(text))
    assert (whole["start"], whole["end"]) == (0, len(text))
    citation = post(client, "ask", question=QUESTION).json()["citations"][0]
    part = client.get(
        f"/api/v1/documents/{citation['document'].replace('/', '%2F')}",
        params={"start": citation["start"], "end": citation["end"]},
    ).json()
    assert part["text"] == citation["quote"] == "Tickets cost 45 kronor."
    assert part["characters"] == len(text)
    empty = client.get("/api/v1/documents/towns/ferry.txt?start=4&end=4").json()
    assert empty["text"] == ""


def test_status_says_nothing_of_this_machine(client: TestClient, tmp_path: Path) -> None:
    response = client.get("/api/v1/status")
    assert response.json() == {
        "version": "1",
        "documents": 3,
        "passages": 3,
        "encoder": "words:64",
    }
    assert str(tmp_path) not in response.text


def test_history_is_the_results_as_they_were_returned() -> None:
    engine = remembering()
    client = TestClient(build_api(Service(engine)))
    first = post(client, "ask", question=PAYERS).json()
    second = post(client, "ask", question="Unheard of?", history=[first]).json()
    assert second["nearest"]
    third = post(client, "ask", question=FOLLOW_UP, history=[first, second])
    assert third.json()["answered"]
    answer, abstention = engine.history
    assert isinstance(answer, Answer)
    assert answer.to_json() == first
    assert isinstance(abstention, Abstention)
    assert (abstention.question, abstention.reason) == ("Unheard of?", second["reason"])


def test_the_engine_reads_a_question_with_its_history(client: TestClient) -> None:
    first = post(client, "ask", question="When did the library in Mora open?").json()
    follow_up = post(client, "ask", question="And the bridge?", history=[first]).json()
    assert follow_up["rewritten_question"] == "When did the bridge in Mora open?"
    long = {**first, "question": f"When did the library open{' in Mora' * 246}?"}
    assert len(long["question"]) < MAX_QUESTION_CHARS
    refused = post(client, "ask", question="And in the case of the towns?", history=[long])
    assert refused.status_code == 422
    assert faults(refused)[0][0].startswith("the question, read with those before it, has 2,0")


def test_schemas_say_what_results_hold() -> None:
    engine = harbour()
    answers = [engine.ask(question).to_json() for question in (PAYERS, FOLLOW_UP, "Nobody?")]
    corpus = Corpus({"a.txt": "Ida Holm leads Orsa.", "b.txt": "Ida Holm leads Orsa town."})
    plans = [("a.txt", "Ida Holm leads Orsa.", "Ida Holm", 0.9)]
    answers.append(corpus.answer("Who leads Orsa?", *plans).to_json())
    for answer in answers:
        told = Result.model_validate(answer)
        assert told.model_dump(mode="json") == answer
        if answer["answered"]:
            assert told.to_result().to_json() == answer


def test_openapi_lists_the_paths_and_the_schemas(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert {(path, *methods) for path, methods in described["paths"].items()} == {
        ("/api/v1/ask", "post"),
        ("/api/v1/search", "post"),
        ("/api/v1/documents", "get"),
        ("/api/v1/documents/{document}", "get"),
        ("/api/v1/status", "get"),
    }
    asking = described["paths"]["/api/v1/ask"]["post"]["responses"]
    assert asking["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/Result")
    assert list(asking["422"]["content"]) == ["application/problem+json"]
    assert "https://" not in json.dumps(described)
    assert "securitySchemes" not in described["components"]
    protected = TestClient(build_api(Service(harbour()), login=True))
    schemes = protected.get("/api/v1/openapi.json").json()["components"]["securitySchemes"]
    assert schemes == {"HTTPBasic": {"type": "http", "scheme": "basic"}}


def test_wrong_bodies_are_refused(client: TestClient) -> None:
    unknown = post(client, "ask", question=QUESTION, publisher="SVT", filters={"after": "1"})
    assert unknown.status_code == 422
    assert faults(unknown) == [
        ("Extra inputs are not permitted", "body.filters.after", "leave it out"),
        ("Extra inputs are not permitted", "body.publisher", "leave it out"),
    ]
    assert faults(post(client, "ask"))[0][1:] == ("body.question", "add it")
    assert faults(post(client, "search", question="Who?", k=0))[0][1] == "body.k"
    half = post(client, "ask", question="Who?", filters={"documents": ["\ud800"]})
    assert half.status_code == 422
    assert "half a character" in faults(half)[0][0]
    day = post(client, "ask", question="Who?", filters={"published_to": "1 May"})
    assert faults(day)[0][:2] == (
        "'1 May' is no day such as 2025-09-05",
        "body.filters.published_to",
    )
    for content in (b"{", b"[" * 100_000, b'{"question": "\\ud800?"}', b"\xff", b""):
        sent = client.post(
            "/api/v1/ask", content=content, headers={"Content-Type": "application/json"}
        )
        assert sent.status_code in (400, 422)
        assert faults(sent)
    text = client.post("/api/v1/ask", content=b'{"question": "Who?"}')
    assert text.status_code == 422
    assert faults(text)[0][2].endswith("the header Content-Type: application/json")


def test_wrong_histories_are_refused() -> None:
    answer = harbour().ask(PAYERS).to_json()
    client = TestClient(build_api(Service(harbour())))
    citations = [{**answer["citations"][0], "number": 7}]
    shorter = [{**answer["citations"][0], "end": 3}, *answer["citations"][1:]]
    long = "a" * (MAX_QUESTION_CHARS + 1)
    spoken = [{**answer["claims"][0], "text": "a" * (MAX_CLAIM_CHARS + 1)}, *answer["claims"][1:]]
    for change in (
        {"citations": citations},
        {"citations": shorter},
        {"claims": []},
        {"more": 1},
        {"question": long},
        {"rewritten_question": long},
        {"claims": spoken},
    ):
        response = post(client, "ask", question="And?", history=[{**answer, **change}])
        assert response.status_code == 422
        assert faults(response)
    many = AskRequest.model_fields["history"].metadata[0].max_length + 1
    assert faults(post(client, "ask", question="And?", history=[answer] * many))


def test_empty_and_long_questions_are_refused(client: TestClient) -> None:
    for question, what in (
        ("?", "the question is empty: ask something in words"),
        ("\ud800 who?", "the question holds bytes that are no text: write it in UTF-8"),
        ("long " * 1_000, "the question has 4,999 characters: ask in at most 2,000"),
    ):
        response = post(client, "ask", question=question)
        assert response.status_code == 422
        assert faults(response)[0][:2] == (what, "body.question")


def test_bodies_are_limited(client: TestClient) -> None:
    long = b'{"question": "' + b"a" * MAX_BODY_BYTES + b'"}'
    headers = {"Content-Type": "application/json"}
    for content in (long, iter([long[:1000], long[1000:]])):
        response = client.post("/api/v1/ask", content=content, headers=headers)
        assert response.status_code == 413
        assert faults(response)[0][2] == "send at most 1,048,576 bytes"


def test_unknown_documents_ranges_paths_and_methods(client: TestClient) -> None:
    unknown = client.get("/api/v1/documents/towns/none.txt")
    assert unknown.status_code == 404
    assert faults(unknown) == [
        (
            "there is no document 'towns/none.txt' in the index",
            "path.document",
            "/api/v1/documents lists the ids",
        )
    ]
    for query in ("start=9&end=4", "end=64000", "start=64000"):
        response = client.get(f"/api/v1/documents/towns/ferry.txt?{query}")
        assert response.status_code == 422
        what, _, mend = faults(response)[0]
        assert "has 64 characters and so no range" in what
        assert mend == "keep to 0 <= start <= end <= characters"
    assert client.get("/api/v1/documents?limit=0").status_code == 422
    assert client.get("/api/v1/nothing").status_code == 404
    wrong_method = client.get("/api/v1/ask")
    assert (wrong_method.status_code, wrong_method.headers["allow"]) == (405, "POST")
    assert faults(wrong_method)[0][1] == "GET /api/v1/ask"


def test_errors_that_are_not_the_callers() -> None:
    class Damaged(FakeEngine):
        def documents(self) -> Any:
            raise IndexDamagedError("the index is damaged: index it again")

        def document(self, _: str) -> Any:
            return self.documents()

    client = TestClient(build_api(Service(Damaged())), raise_server_exceptions=False)
    for path in ("documents", "documents/any.txt"):
        response = client.get(f"/api/v1/{path}")
        assert response.status_code == 503
        assert faults(response)[0][0] == "the index is damaged: index it again"
    client = TestClient(build_api(Service(remembering())), raise_server_exceptions=False)
    broken = post(client, "ask", question=BREAKS)
    assert broken.status_code == 500
    assert faults(broken)[0][0] == "something went wrong"
    assert "planted" not in broken.text
