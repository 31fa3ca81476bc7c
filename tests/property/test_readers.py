"""Files that were broken on their way: every reader gives a document or an expected error, and nothing else."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chat_api.wechat.xml_message import parse_message
from corpus.errors import WengongError
from ingest.document import Document
from ingest.faq_sheet import load_faq
from ingest.read import read
from tests.fuzz.targets import TARGETS
from tests.fuzz.whole_files import MESSAGE, WHOLE

FINDINGS = sorted(path for path in (Path(__file__).parents[1] / "fuzz" / "findings").iterdir() if path.suffix != ".md")

# Where, as a share of the file; what is put there; how much is taken away.
Change = tuple[float, bytes, int]
CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.binary(max_size=12), st.integers(0, 40)),
    min_size=1,
    max_size=6,
)


def changed(content: bytes, changes: list[Change]) -> bytes:
    """A file with some bytes taken out and others put in."""
    for place, added, removed in changes:
        at = int(place * len(content))
        content = content[:at] + added + content[at + removed :]
    return content


@pytest.mark.parametrize("kind", WHOLE)
def test_a_whole_file_is_read(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"file.{kind}"
    path.write_bytes(WHOLE[kind]())
    assert "days" in read(path).text if kind == "pdf" else "年休假" in read(path).text


@pytest.mark.parametrize("kind", WHOLE)
@given(changes=CHANGES)
@example(changes=[(0.8125, b"", 6), (0.81640625, b"\x00\x00\x00 " + b"\x00" * 8, 6)])  # a way of packing nobody knows
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_broken_file_is_read_or_refused(kind: str, changes: list[Change], tmp_path: Path) -> None:
    path = tmp_path / f"file.{kind}"
    path.write_bytes(changed(WHOLE[kind](), changes))
    try:
        assert isinstance(read(path), Document)
        if kind in {"csv", "xlsx"}:
            load_faq(path)
    except WengongError as error:
        assert error.message  # noqa: PT017 - either outcome is right


@given(changes=CHANGES)
@settings(max_examples=300, deadline=None)
def test_a_broken_message_is_read_or_refused(changes: list[Change]) -> None:
    try:
        assert isinstance(parse_message(changed(MESSAGE, changes)), dict)
    except WengongError as error:
        assert error.message  # noqa: PT017 - either outcome is right


@pytest.mark.parametrize("name", TARGETS)
def test_what_the_fuzzer_begins_with_is_sound(name: str) -> None:
    target = TARGETS[name]()
    assert target.reads(target.whole)


@pytest.mark.parametrize("finding", FINDINGS, ids=lambda path: path.name)
def test_what_once_broke_a_reader_no_longer_does(finding: Path) -> None:
    name = finding.name.rsplit("-", 2)[0]  # then the kind of finding and its checksum
    TARGETS[name]().tried(finding.read_bytes())
