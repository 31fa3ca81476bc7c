"""One piece of long work, in a process of its own: the service keeps neither its memory nor its libraries.

Reads the job as one JSON object from standard input; what comes of it goes to the database.
"""

import json
import sys
import time
from typing import Final

from pydantic import TypeAdapter

from chat_api.state import Database
from console.job import JobOrder
from console.publishing import Progress, publish_draft
from console.state import ConsoleState
from console.uploads import read_upload
from corpus.errors import WengongError
from retriever.encoder_choice import open_encoder

SHOWN_EVERY_S: Final = 0.5


def run(order: JobOrder) -> None:
    """Do what a job asks for; an expected error becomes its result."""
    database = Database.open(order.places.database_url, order.places.data)
    state = ConsoleState(database)
    try:
        state.jobs.finish(order.job_id, _result(order, state))
    except WengongError as error:
        state.jobs.fail(order.job_id, error.message)
    finally:
        database.close()


def _result(order: JobOrder, state: ConsoleState) -> dict[str, object]:
    progress = _shown(order.job_id, state)
    encoder = open_encoder(order.places.encoder)
    if order.kind == "evaluate":
        from console.measuring import measure_draft

        return measure_draft(order.places, state, encoder, progress)
    if order.upload is not None:
        taken_into = state if order.kind == "take" else None
        return read_upload(order.places, order.upload, taken_into)
    manifest = publish_draft(order.places, state, encoder, order.name, progress)
    return {"version": manifest.version}


def _shown(job_id: int, state: ConsoleState) -> Progress:
    """Return a progress that writes to the database, not more often than anybody reads it."""
    shown_at_s = 0.0

    def progress(doing: str, done: int, total: int) -> None:
        nonlocal shown_at_s
        if time.monotonic() - shown_at_s >= SHOWN_EVERY_S:
            shown_at_s = time.monotonic()
            state.jobs.show_progress(job_id, f"{doing} {done}/{total}")

    return progress


if __name__ == "__main__":
    run(TypeAdapter(JobOrder).validate_python(json.load(sys.stdin)))
