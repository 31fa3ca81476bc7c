"""A handbook file that staff uploaded: read and reported on first, taken in when somebody says so."""

import re
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from console.errors import UploadInvalid
from console.places import Places
from console.state import ConsoleState
from corpus.manifest import HANDBOOK_ID, Manifest, file_sha256

MAX_UPLOAD_BYTES: Final = 32 * 1024 * 1024
SUFFIXES: Final = (".txt", ".md", ".docx", ".pdf", ".html", ".htm", ".epub", ".csv", ".xlsx")
UPLOAD_ID: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An uploaded file, and what staff say of it.

    Attributes:
        upload_id: Its folder.
        handbook_id: The id that it gets, or has already.
        title: As printed on the cover.
        edition: What tells this edition from others.
        publisher: Who answers for the text.
    """

    upload_id: str
    handbook_id: str
    title: str
    edition: str
    publisher: str


def keep_upload(places: Places, name: str, content: bytes) -> str:
    """Return the id of an uploaded file, which is kept until it is taken in; older ones are removed.

    Raises:
        UploadInvalid: If it is of a kind that cannot be read.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise UploadInvalid(f"不能读这种文件，可以上传：{' '.join(SUFFIXES)}。")
    shutil.rmtree(places.uploads, ignore_errors=True)
    upload_id = secrets.token_hex(8)
    folder = places.uploads / upload_id
    folder.mkdir(parents=True)
    # Only its ending is taken from the name that a browser sent.
    (folder / f"handbook{suffix}").write_bytes(content)
    return upload_id


def check_upload(places: Places, upload: Upload) -> None:
    """Return when an upload can be read in.

    Raises:
        UploadInvalid: If something was not said, or the id belongs to a handbook that came with the program.
    """
    if not (upload.title and upload.edition and HANDBOOK_ID.fullmatch(upload.handbook_id)):
        raise UploadInvalid("请填好编号（小写字母、数字和连字符，如 labour-law-2024）、书名和版次。")
    if (places.shipped / upload.handbook_id).exists():
        raise UploadInvalid("这个编号属于随程序附带的手册，不能在这里替换。请换一个编号。")
    _file(places, upload)


def read_upload(places: Places, upload: Upload, state: ConsoleState | None) -> dict[str, Any]:
    """Return what was recognised in an upload, and how it differs from the edition that is there, as lines.

    With a `state` it is also taken into the draft, and the wordings move along with their questions.

    Raises:
        CorpusError: If the file cannot be read or is not complete; then nothing is taken.
        StateUnavailable: If the database cannot be written.
    """
    from ingest.add import add_handbook, replace_handbook
    from ingest.report_lines import difference_lines, report_lines

    file = _file(places, upload)
    report, manifest = _recognised(file, upload)
    lines = report_lines(report, f"《{upload.title}》")
    result: dict[str, Any] = {"upload": _fields(upload), "lines": lines, "is_taken": state is not None}
    if (places.handbooks / upload.handbook_id).is_dir():
        replaced = replace_handbook(file, manifest, places.handbooks, dry_run=state is None)
        lines += difference_lines(replaced.difference, replaced.lost)
        if state is not None:
            state.wordings.move(upload.handbook_id, dict(replaced.difference.new_ids))
    elif state is not None:
        add_handbook(file, manifest, places.handbooks)
    return result


def _recognised(file: Path, upload: Upload) -> tuple[Any, Manifest]:
    from ingest.read import read
    from ingest.report import report_on, require_complete
    from ingest.structure import recognise

    document = read(file)
    report = report_on(document, recognise(document, None, upload.title), None)
    require_complete(report, f"《{upload.title}》", allow_missing=False)
    return report, Manifest(
        id=upload.handbook_id,
        title=upload.title,
        edition=upload.edition,
        publisher=upload.publisher,
        date="",
        source_file=f"source{file.suffix}",
        source_sha256=file_sha256(file),
        expected_question_count=report.found_count,
        origin="控制台上传",
        terms="",
    )


def _file(places: Places, upload: Upload) -> Path:
    folder = places.uploads / upload.upload_id
    if not UPLOAD_ID.fullmatch(upload.upload_id) or not folder.is_dir():
        raise UploadInvalid("上传的文件已经不在了，请重新上传。")
    return next(folder.iterdir())


def _fields(upload: Upload) -> dict[str, str]:
    return {name: getattr(upload, name) for name in Upload.__slots__}
