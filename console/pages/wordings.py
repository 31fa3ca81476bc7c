"""相似问: which wordings lead to a question, and what waits for a second person."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.access import Console, ConsoleDep, Posted, PostedDep, SessionDep
from console.draft import edited_negatives, edited_wordings
from console.errors import WordingInvalid
from console.render import page
from console.routing import PageRoute, go_to
from console.sections import choices, key_of, name_of, value_of
from console.spreadsheet import csv_response, read_csv
from console.state.wordings import EDIT_NAMES, MAX_WORDING_CHARACTERS, Edit, Proposal
from console.wording_check import WordingCheck
from corpus.similar_questions import load_negative_questions, load_section_wordings
from retriever.index import SearchIndex, SectionKey

router = APIRouter(prefix="/console", route_class=PageRoute, include_in_schema=False)
ADDRESS: Final = "/console/wordings"
SHOWN: Final = 400
MAX_AT_ONCE: Final = 10
MAX_IMPORTED: Final = 500
NEGATIVE_CELL: Final = "反例"
HEADER: Final = ("问号", "问法")


@router.get("/wordings")
def show_wordings(request: Request, session: SessionDep, console: ConsoleDep) -> Response:
    """Show what waits for a decision, and the wordings of one section."""
    index = console.services.live_retriever.get().index
    value = request.query_params.get("section", "")
    key = key_of(value, index) if value else None
    find = request.query_params.get("find", "").strip()
    found = [wording for wording in _drafted(console, key) if find in wording] if key else []
    return page(
        request,
        "wordings.html",
        session,
        handbooks=choices(index),
        proposed=[
            (wording, name_of(index, (wording.handbook_id, wording.section_id)))
            for wording in console.state.wordings.proposed()
        ],
        edit_names=EDIT_NAMES,
        section=value,
        section_name=name_of(index, key) if key else "",
        find=find,
        wordings=found[:SHOWN],
        found_count=len(found),
        added=_added(console, key) if key else frozenset(),
        max_characters=MAX_WORDING_CHARACTERS,
        checked=None,
    )


@router.post("/wordings/check")
def check(request: Request, posted: PostedDep, console: ConsoleDep) -> Response:
    """Show what some wordings would do, without proposing them."""
    live = console.services.live_retriever
    retriever = live.get()
    key = key_of(posted.text("section"), retriever.index)
    checker = WordingCheck(retriever, live.encoder)
    checked = [(wording, checker.of(*key, wording)) for wording in _lines(posted)]
    return page(request, "wording_check.html", posted.session, checked=checked, section=value_of(key))


@router.post("/wordings")
def propose(posted: PostedDep, console: ConsoleDep) -> Response:
    """Propose wordings of a section: to be added, taken away, or both where one is put in other words."""
    live = console.services.live_retriever
    retriever = live.get()
    key = key_of(posted.text("section"), retriever.index)
    checker = WordingCheck(retriever, live.encoder)
    proposals = [_proposal(key, wording, "add", checker.of(*key, wording).text) for wording in _lines(posted)]
    old = posted.text("old")
    if old:
        if old not in _drafted(console, key):
            raise WordingInvalid("要改的问法已经不在了，请刷新页面。")
        proposals.insert(0, _proposal(key, old, "remove", ""))
    if not proposals:
        raise WordingInvalid("请写下至少一个问法，一行一个。")
    taken = console.state.wordings.propose(proposals, posted.session.name)
    return go_to(f"{ADDRESS}?section={value_of(key)}", "proposed" if taken else "there_already")


@router.post("/wordings/decide")
def decide(posted: PostedDep, console: ConsoleDep) -> Response:
    """Approve or reject a proposal."""
    number, approve = posted.text("id"), posted.text("decision") == "approve"
    console.state.wordings.decide(int(number) if number.isdecimal() else 0, posted.session.name, approve=approve)
    return go_to(ADDRESS, "approved" if approve else "rejected")


@router.post("/wordings/import")
async def import_wordings(posted: PostedDep, console: ConsoleDep) -> Response:
    """Propose the wordings of a table: question number (or 反例) and wording in each row."""
    file = posted.file("file")
    text = (await file.read()).decode("utf-8-sig", "replace") if file else posted.text("table")
    index = console.services.live_retriever.get().index
    handbook = index.handbook(posted.text("handbook"))
    proposals = [_row(handbook.handbook_id, row, index) for row in read_csv(text) if tuple(row[:2]) != HEADER]
    if not 0 < len(proposals) <= MAX_IMPORTED:
        raise WordingInvalid(f"表里应有 1 到 {MAX_IMPORTED} 行：第一列问号（或“{NEGATIVE_CELL}”），第二列问法。")
    taken = console.state.wordings.propose(proposals, posted.session.name)
    return go_to(ADDRESS, "proposed" if taken else "there_already")


@router.get("/wordings/export.csv")
def export_wordings(_session: SessionDep, console: ConsoleDep, handbook: str) -> Response:
    """Give all wordings of a handbook's draft as a table that can be imported again."""
    index = console.services.live_retriever.get().index
    handbook_id = index.handbook(handbook).handbook_id
    approved = list(console.state.wordings.approved(handbook_id))
    folder = console.places.folder_of(handbook_id)
    rows: list[tuple[str, str]] = [HEADER]
    rows += [(section_id.removeprefix("q"), wording) for section_id, wording in edited_wordings(folder, approved)]
    rows += [(NEGATIVE_CELL, wording) for wording in edited_negatives(folder, approved)]
    return csv_response(f"{handbook_id}.csv", rows)


def _drafted(console: Console, key: SectionKey) -> list[str]:
    """Return the wordings of a section in the draft."""
    handbook_id, section_id = key
    folder, approved = console.places.folder_of(handbook_id), list(console.state.wordings.approved(handbook_id))
    if not section_id:
        return list(edited_negatives(folder, approved))
    return [wording for section, wording in edited_wordings(folder, approved) if section == section_id]


def _added(console: Console, key: SectionKey) -> frozenset[str]:
    """Return the wordings of a section's draft that do not stand in the handbook's own files."""
    handbook_id, section_id = key
    folder = console.places.folder_of(handbook_id)
    if not section_id:
        own = frozenset(load_negative_questions(folder))
    else:
        own = frozenset(wording for section, wording in load_section_wordings(folder) if section == section_id)
    return frozenset(_drafted(console, key)) - own


def _lines(posted: Posted) -> list[str]:
    lines = list(dict.fromkeys(line.strip() for line in posted.text("wordings").splitlines() if line.strip()))
    if len(lines) > MAX_AT_ONCE:
        raise WordingInvalid(f"一次最多提议 {MAX_AT_ONCE} 个问法；更多的请用导入。")
    return lines


def _proposal(key: SectionKey, wording: str, change: Edit, finding: str) -> Proposal:
    return Proposal(handbook_id=key[0], section_id=key[1], wording=wording, change=change, finding=finding)


def _row(handbook_id: str, row: list[str], index: SearchIndex) -> Proposal:
    name, wording, *_ = [*row, "", ""]
    section_id = "" if name == NEGATIVE_CELL else f"q{name}" if name.isdecimal() else name
    if name != NEGATIVE_CELL:
        index.section(handbook_id, section_id)
    return _proposal((handbook_id, section_id), wording, "add", "")
