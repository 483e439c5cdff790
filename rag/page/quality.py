"""What happens on the tab that measures: a question set is asked, and its figures are shown."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Generator, Sequence
from contextlib import aclosing, closing
from pathlib import Path

import gradio as gr
from anyio.to_thread import run_sync

from rag.errors import CitableError, EvaluationError
from rag.evaluation.corpora import Corpus
from rag.evaluation.questions import GoldQuestion, load_questions
from rag.evaluation.recorded import ask_all
from rag.evaluation.reporting import Contents
from rag.evaluation.run import check_documents, score_replies
from rag.line import Line
from rag.page.asking import asker, sent
from rag.page.measured import render_asked, render_contents
from rag.page.render import render_notice
from rag.page.steps import Done, steps_of
from rag.page.uploads import uploaded
from rag.page.view import PageEngine

# The set that comes with the project, seen from its folder; it is about the documents of `seeds/`.
SEED_SET = Path("eval/seeds.jsonl")
# A sample that is asked within a minute or two, and what a person may wait for.
SAMPLE, MOST_QUESTIONS = 12, 500


class _LeftError(CitableError):
    """Nobody waits for the figures any more."""


def measuring(
    engine: PageEngine, line: Line
) -> Callable[[gr.EventData, gr.Request], AsyncIterator[str]]:
    """Asks a sample of the set that the browser sent, or of the project's own."""

    async def measure(event: gr.EventData, request: gr.Request) -> AsyncIterator[str]:
        path, client = uploaded(sent(event, "path")), asker(request, "measuring")
        name, count = str(sent(event, "name")), sent(event, "count")
        left = threading.Event()
        try:
            name, questions = await run_sync(_questions, path, name, count)
            yield render_asked("", 0, len(questions))

            # Each question while its turn lasts, so that its time has no waiting in it.
            def in_turn(tell: Callable[[tuple[int, str]], None]) -> Generator[GoldQuestion]:
                for number, question in enumerate(questions):
                    tell((number, question.question))
                    with line.turn(client):
                        if left.is_set():
                            raise _LeftError
                        yield question

            def ask(tell: Callable[[tuple[int, str]], None]) -> Contents:
                check_documents(questions, engine)
                with closing(in_turn(tell)) as asked:
                    recorded = list(ask_all(engine, asked))
                return Contents(name, score_replies(questions, recorded, engine))

            async def asking(tell: Callable[[tuple[int, str]], None]) -> Contents:
                return await run_sync(ask, tell)

            async with aclosing(steps_of(asking)) as steps:
                async for step in steps:
                    if isinstance(step, Done):
                        yield await run_sync(render_contents, step.value)
                    else:
                        yield render_asked(step[1], step[0], len(questions))
        except CitableError as error:
            yield render_notice(str(error))
        finally:
            # The thread that asks is not ended by leaving the page: it has to be told.
            left.set()
            if path is not None:
                path.unlink(missing_ok=True)

    return measure


def measuring_failed() -> str:
    """What an error that nobody foresaw leaves behind."""
    return render_notice("Something went wrong; the terminal says what.")


def _questions(path: Path | None, name: str, count: object) -> tuple[str, Sequence[GoldQuestion]]:
    """The name of a set and the part of it to ask; raises EvaluationError."""
    if path is None and name:
        raise EvaluationError(f"'{name}' did not arrive: it is too large, or none is taken here")
    if path is None and not SEED_SET.is_file():
        raise EvaluationError(
            "choose a question set: a file with a question and its answers as JSON in each line, "
            "as eval/README.md says"
        )
    shown = name or SEED_SET.name
    try:
        loaded = tuple(load_questions(path or SEED_SET))
    except EvaluationError as error:
        # The file has another name here than the one that the user knows.
        raise EvaluationError(str(error).replace(str(path or SEED_SET), shown)) from error
    limit = count if type(count) is int and 0 < count <= MOST_QUESTIONS else SAMPLE
    return Path(shown).stem, Corpus(shown, loaded).part(limit=limit)
