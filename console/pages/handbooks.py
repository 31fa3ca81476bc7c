"""手册: what there is, the texts beside it, and the next handbook or edition."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from chat_api.state.texts import CONTACT
from console.access import Console, ConsoleDep, Posted, PublisherDep, SessionDep, UploadedDep, require_publisher
from console.errors import UploadInvalid
from console.handbook_texts import HINTS, NAMES, lines_of, text_of
from console.job import start_job
from console.render import page
from console.routing import PageRoute, go_to
from console.uploads import SUFFIXES, Upload, check_upload, keep_upload

router = APIRouter(prefix="/console", route_class=PageRoute, include_in_schema=False)
ADDRESS: Final = "/console/handbooks"
UPLOAD_ADDRESS: Final = "/console/handbooks/upload"
MAX_CONTACT_CHARACTERS: Final = 500


@router.get("/handbooks")
def show_handbooks(request: Request, session: SessionDep, console: ConsoleDep) -> Response:
    """Show the handbooks that are served, whom people are told to ask, and what came of the newest upload."""
    index = console.services.live_retriever.get().index
    job = console.state.jobs.newest("read", "take")
    return page(
        request,
        "handbooks.html",
        session,
        entries=index.manifest.handbooks,
        contact=_contact(console),
        suffixes=SUFFIXES,
        job=job,
        result=job.result if job and job.state == "done" else None,
    )


@router.get("/handbooks/job")
def show_job(request: Request, session: SessionDep, console: ConsoleDep) -> Response:
    """Show how far reading has come; when it has ended, the page is loaded anew to show the report."""
    job = console.state.jobs.newest("read", "take")
    response = page(request, "job.html", session, job=job, address=f"{ADDRESS}/job")
    if job and job.state == "done":
        response.headers["HX-Refresh"] = "true"
    return response


@router.post("/handbooks/contact")
def save_contact(posted: PublisherDep, console: ConsoleDep) -> Response:
    """Replace whom people are told to ask; it counts within seconds, without publishing."""
    text = posted.text("text")
    if not 0 < len(text) <= MAX_CONTACT_CHARACTERS:
        raise UploadInvalid(f"求助信息应为 1 到 {MAX_CONTACT_CHARACTERS} 个字。")
    console.state.documents.save("", CONTACT, text, posted.session.name, before=_contact(console))
    return go_to(ADDRESS, "saved_now")


@router.post("/handbooks/upload")
async def upload(posted: UploadedDep, console: ConsoleDep) -> Response:
    """Keep a file, and have it read in the background."""
    require_publisher(posted.session)
    file = posted.file("file")
    if file is None:
        raise UploadInvalid("请先选好文件。")
    upload_id = keep_upload(console.places, file.filename or "", await file.read())
    read = _upload(posted, upload_id)
    check_upload(console.places, read)
    start_job("read", posted.session.name, console.places, console.state.jobs, read)
    return go_to(ADDRESS, "published")


@router.post("/handbooks/take")
def take(posted: PublisherDep, console: ConsoleDep) -> Response:
    """Take the file that was read into the draft."""
    taken = _upload(posted, posted.text("upload_id"))
    check_upload(console.places, taken)
    start_job("take", posted.session.name, console.places, console.state.jobs, taken)
    return go_to(ADDRESS, "published")


@router.get("/handbooks/{handbook_id}")
def show_handbook(request: Request, session: SessionDep, console: ConsoleDep, handbook_id: str) -> Response:
    """Show the texts beside a handbook as they stand in the draft."""
    handbook = console.services.live_retriever.get().index.handbook(handbook_id)
    folder, edited = console.places.folder_of(handbook_id), console.state.documents.of(handbook_id)
    texts = [(name, label, HINTS[name], lines_of(name, folder, handbook.text, edited)) for name, label in NAMES.items()]
    return page(request, "handbook.html", session, handbook=handbook, texts=texts)


@router.post("/handbooks/{handbook_id}")
def save_text(posted: PublisherDep, console: ConsoleDep, handbook_id: str) -> Response:
    """Save one of the texts beside a handbook to the draft."""
    handbook = console.services.live_retriever.get().index.handbook(handbook_id)
    name, folder = posted.text("name"), console.places.folder_of(handbook_id)
    if name not in NAMES:
        raise UploadInvalid("没有这样的资料。")
    before = lines_of(name, folder, handbook.text, console.state.documents.of(handbook_id))
    text = text_of(name, posted.text("text"), handbook.text)
    console.state.documents.save(handbook_id, name, text, posted.session.name, before=before)
    return go_to(f"{ADDRESS}/{handbook_id}", "saved")


def _contact(console: Console) -> str:
    """Return whom people are told to ask, as last saved or set."""
    return console.state.documents.of("").get(CONTACT, console.services.settings.contact)


def _upload(posted: Posted, upload_id: str) -> Upload:
    fields = {name: posted.text(name) for name in ("handbook_id", "title", "edition", "publisher")}
    return Upload(upload_id=upload_id, **fields)
