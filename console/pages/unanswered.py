"""未答问题: what people asked in vain, those that ask the same together."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.access import Console, ConsoleDep, Posted, PostedDep, SessionDep
from console.clusters import KIND_NAMES, clusters
from console.errors import WordingInvalid
from console.render import page
from console.routing import PageRoute, go_to
from console.sections import choices, key_of, value_of
from console.spreadsheet import csv_response
from console.state.audit import Change
from console.state.wordings import Proposal
from console.wording_check import WordingCheck

router = APIRouter(prefix="/console", route_class=PageRoute, include_in_schema=False)
ADDRESS: Final = "/console/unanswered"
# What becomes of a group of questions, and what it is called.
HANDLED: Final = {"attached": "挂到某一问", "out_of_scope": "不归手册管", "wanted": "手册应当补上", "ignored": "不用管"}
SHOWN: Final = 60
MAX_NOTE_CHARACTERS: Final = 500
# Fewer people than this could be told apart by what they asked.
SMALLEST_COUNT: Final = 5


@router.get("/unanswered")
def show_unanswered(request: Request, session: SessionDep, console: ConsoleDep) -> Response:
    """Show the groups of one kind, the largest first."""
    live = console.services.live_retriever
    found = clusters(console.services.database.questions.open_questions(), live.encoder)
    kind = request.query_params.get("kind", "question")
    return page(
        request,
        "unanswered.html",
        session,
        is_logged=console.services.settings.question_log,
        kept_days=console.services.settings.question_log_days,
        kinds=[(name, label, sum(one.kind == name for one in found)) for name, label in KIND_NAMES.items()],
        kind=kind,
        clusters=[one for one in found if one.kind == kind][:SHOWN],
        handbooks=choices(live.get().index),
        value_of=value_of,
        wanted_count=len(console.services.database.questions.handled_as("wanted")),
    )


@router.post("/unanswered")
def handle(posted: PostedDep, console: ConsoleDep) -> Response:
    """Do with a group of questions what staff decided."""
    what, answer_ids = posted.text("what"), posted.texts("answer_id")
    if what not in HANDLED or not answer_ids:
        raise WordingInvalid("请先选好怎样处理。")
    note = posted.text("note")[:MAX_NOTE_CHARACTERS]
    if what == "attached" or posted.text("as_negative"):
        _propose(posted, console, as_negative=what != "attached")
    console.services.database.questions.handle(answer_ids, what, note)
    change = Change(
        name=posted.session.name,
        action="处理未答问题",
        subject=posted.text("wording"),
        before=f"{len(answer_ids)} 个问题",
        after=f"{HANDLED[what]}{'：' + note if note else ''}",
    )
    console.state.audit.add(change)
    return go_to(ADDRESS, "proposed" if what == "attached" else "handled")


@router.get("/unanswered/wanted.csv")
def export_wanted(_session: SessionDep, console: ConsoleDep) -> Response:
    """Give the questions that the handbook should cover as a table, for its editors."""
    found = clusters(console.services.database.questions.handled_as("wanted"), console.services.live_retriever.encoder)
    rows: list[tuple[str, str, str]] = [("问题", "人次", "备注")]
    for cluster in found:
        count, notes = len(cluster.questions), dict.fromkeys(one.note for one in cluster.questions if one.note)
        shown = str(count) if count >= SMALLEST_COUNT else f"少于 {SMALLEST_COUNT}"
        rows.append((cluster.questions[0].question, shown, "；".join(notes)))
    return csv_response("wanted.csv", rows)


def _propose(posted: Posted, console: Console, *, as_negative: bool) -> None:
    """Propose a wording for the section that was chosen, or as a negative question of its handbook."""
    live = console.services.live_retriever
    retriever, wording = live.get(), posted.text("wording")
    handbook_id, section_id = key_of(posted.text("section"), retriever.index)
    section_id = "" if as_negative else section_id
    finding = WordingCheck(retriever, live.encoder).of(handbook_id, section_id, wording)
    proposal = Proposal(handbook_id=handbook_id, section_id=section_id, wording=wording, finding=finding.text)
    console.state.wordings.propose([proposal], posted.session.name)
