import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import CorpusChanged, CorpusError, HandbookExists, ManifestInvalid, QuestionsMissing, UnreadableFile
from corpus.manifest import Manifest
from ingest.add import add_handbook, manifest_toml
from ingest.handbook import handbook_folders, ingest_handbook

MakeManifest = Callable[..., Manifest]
TEXT = "一、会费怎么交？\n按月交。\n二、会籍怎么转？\n到新单位转。\n三、会员证丢了怎么办？\n补办。\n"


def write(folder: Path, text: str = TEXT) -> Path:
    path = folder / "我的手册.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_handbook_is_kept_with_its_manifest_and_a_copy_of_its_source(
    tmp_path: Path, make_manifest: MakeManifest
) -> None:
    file = write(tmp_path)
    parent = tmp_path / "data" / "handbooks"
    added = add_handbook(file, make_manifest(TEXT.encode()), parent)
    assert sorted(path.name for path in (parent / "labour-law").iterdir()) == ["manifest.toml", "source.txt"]
    assert (parent / "labour-law" / "source.txt").read_bytes() == file.read_bytes()
    assert ingest_handbook(parent / "labour-law") == added
    assert handbook_folders(parent) == [parent / "labour-law"]
    assert (parent / "labour-law").stat().st_mode & 0o777 == 0o755


def test_an_id_that_is_taken_is_refused_and_what_is_there_stays(tmp_path: Path, make_manifest: MakeManifest) -> None:
    manifest = make_manifest(TEXT.encode())
    add_handbook(write(tmp_path), manifest, tmp_path / "handbooks")
    with pytest.raises(HandbookExists, match="labour-law 已经存在"):
        add_handbook(write(tmp_path), manifest, tmp_path / "handbooks")
    assert ingest_handbook(tmp_path / "handbooks" / "labour-law").report.is_complete


@pytest.mark.parametrize("handbook_id", ["", "Labour", "劳动法", "../outside", "a/b", ".hidden", "a--b"])
def test_an_id_that_is_no_plain_name_is_refused(tmp_path: Path, make_manifest: MakeManifest, handbook_id: str) -> None:
    manifest = make_manifest(TEXT.encode(), id=handbook_id)
    with pytest.raises(ManifestInvalid, match="只能用小写字母、数字和连字符"):
        add_handbook(write(tmp_path), manifest, tmp_path / "handbooks")
    assert [path.name for path in tmp_path.iterdir()] == ["我的手册.txt"]


@pytest.mark.parametrize(
    ("text", "changed", "error"),
    [
        (TEXT.replace("二、", ""), {}, QuestionsMissing),
        (TEXT, {"source_sha256": "0" * 64}, CorpusChanged),
        (TEXT, {"source_file": "source.pdf"}, UnreadableFile),
        (TEXT, {"id": "a" * 65}, ManifestInvalid),
        ("", {}, UnreadableFile),
    ],
    ids=["question missing", "other checksum", "other kind", "id too long", "empty"],
)
def test_a_handbook_that_is_refused_leaves_nothing_behind(
    tmp_path: Path, make_manifest: MakeManifest, text: str, changed: dict[str, str], error: type[CorpusError]
) -> None:
    file = write(tmp_path, text)
    with pytest.raises(error):
        add_handbook(file, make_manifest(text.encode(), **changed), tmp_path / "handbooks")
    assert list((tmp_path / "handbooks").iterdir()) == []


def test_a_file_that_is_not_there_is_refused_and_leaves_nothing_behind(
    tmp_path: Path, make_manifest: MakeManifest
) -> None:
    with pytest.raises(UnreadableFile, match=r"nowhere\.txt"):
        add_handbook(tmp_path / "nowhere.txt", make_manifest(b""), tmp_path / "handbooks")
    assert list((tmp_path / "handbooks").iterdir()) == []


def test_a_missing_question_may_be_allowed(tmp_path: Path, make_manifest: MakeManifest) -> None:
    text = TEXT.replace("二、", "")
    manifest = make_manifest(text.encode())
    added = add_handbook(write(tmp_path, text), manifest, tmp_path / "handbooks", allow_missing=True)
    assert [question.number for question in added.handbook.questions] == [1, 3]


def test_a_manifest_is_written_as_toml_whatever_its_words_hold(make_manifest: MakeManifest) -> None:
    title = '工会"问\\答"\n第二行\t\u2028😀'
    manifest = make_manifest(TEXT.encode(), title=title, starter_questions=("一", '"二"'))
    table = tomllib.loads(manifest_toml(manifest))
    assert table["title"] == title
    assert Manifest(**{**table, "starter_questions": tuple(table["starter_questions"])}) == manifest
