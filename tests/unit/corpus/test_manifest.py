import hashlib
from pathlib import Path

import pytest

from corpus.errors import CorpusChanged, ManifestInvalid
from corpus.manifest import file_sha256, load_manifest, verify_source

SOURCE = "一、工会是什么？\n工会是职工自愿结合的群众组织。\n".encode()
LINES = {
    "id": '"labour-law-2024"',
    "title": '"劳动法问答"',
    "edition": '"2024年版"',
    "publisher": '"工会"',
    "date": '"2024"',
    "source_file": '"source.txt"',
    "source_sha256": f'"{hashlib.sha256(SOURCE).hexdigest()}"',
    "expected_question_count": "1",
    "origin": '"测试"',
    "terms": '""',
    "starter_questions": '["工会是什么"]',
}


def write(folder: Path, **changed: str | None) -> Path:
    lines = [f"{name} = {value}" for name, value in {**LINES, **changed}.items() if value is not None]
    (folder / "manifest.toml").write_text("\n".join(lines), encoding="utf-8")
    (folder / "source.txt").write_bytes(SOURCE)
    return folder


def test_a_manifest_is_read_field_by_field(tmp_path: Path) -> None:
    manifest = load_manifest(write(tmp_path))
    assert manifest.id == "labour-law-2024"
    assert manifest.title == "劳动法问答"
    assert manifest.expected_question_count == 1
    assert manifest.starter_questions == ("工会是什么",)


def test_starter_questions_may_be_left_out(tmp_path: Path) -> None:
    assert load_manifest(write(tmp_path, starter_questions=None)).starter_questions == ()


@pytest.mark.parametrize("field", [field for field in LINES if field != "starter_questions"])
def test_a_missing_field_is_named(tmp_path: Path, field: str) -> None:
    with pytest.raises(ManifestInvalid, match=f"字段 {field} 缺失"):
        load_manifest(write(tmp_path, **{field: None}))


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("title", "50", "字段 title"),
        ("expected_question_count", '"50"', "字段 expected_question_count"),
        ("expected_question_count", "true", "字段 expected_question_count"),
        ("expected_question_count", "50.0", "字段 expected_question_count"),
        ("expected_question_count", "0", "至少为 1"),
        ("starter_questions", '"怎么办"', "字段 starter_questions"),
        ("starter_questions", "[1]", "starter_questions 的每一项都应是字符串"),
        ("colour", '"red"', "不认识的字段 colour"),
        ("id", '"Labour Law"', "id “Labour Law”"),
        ("id", '"../etc"', "id “../etc”"),
        ("id", '"-a"', "id “-a”"),
        ("id", '""', "id “”"),
        ("id", f'"{"a" * 65}"', "不超过 64 个字符"),
        ("source_file", '"../source.txt"', "source_file 只能是本文件夹里的文件名"),
        ("source_file", '"/etc/passwd"', "source_file 只能是本文件夹里的文件名"),
    ],
)
def test_a_wrong_field_is_refused_with_file_and_reason(tmp_path: Path, field: str, value: str, reason: str) -> None:
    with pytest.raises(ManifestInvalid) as refused:
        load_manifest(write(tmp_path, **{field: value}))
    assert str(tmp_path / "manifest.toml") in refused.value.message
    assert reason in refused.value.message


def test_an_id_of_64_characters_is_accepted(tmp_path: Path) -> None:
    assert len(load_manifest(write(tmp_path, id=f'"{"a" * 64}"')).id) == 64


def test_a_folder_without_manifest_is_no_handbook(tmp_path: Path) -> None:
    with pytest.raises(ManifestInvalid, match=r"没有 manifest\.toml"):
        load_manifest(tmp_path)


@pytest.mark.parametrize("content", [b"id = ", 'title = "劳动法"'.encode("gb18030")], ids=["no TOML", "not UTF-8"])
def test_a_manifest_that_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.toml").write_bytes(content)
    with pytest.raises(ManifestInvalid, match=r"manifest\.toml 无法读取"):
        load_manifest(tmp_path)


def test_a_manifest_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").mkdir()
    with pytest.raises(ManifestInvalid, match=r"manifest\.toml 无法读取"):
        load_manifest(tmp_path)


def test_the_source_with_the_right_checksum_is_found(tmp_path: Path) -> None:
    write(tmp_path)
    assert verify_source(tmp_path, load_manifest(tmp_path)) == tmp_path / "source.txt"


def test_a_source_changed_by_one_byte_is_refused_with_both_checksums(tmp_path: Path) -> None:
    write(tmp_path)
    changed = SOURCE.replace(b"\n", b" ", 1)
    (tmp_path / "source.txt").write_bytes(changed)
    with pytest.raises(CorpusChanged) as refused:
        verify_source(tmp_path, load_manifest(tmp_path))
    assert hashlib.sha256(changed).hexdigest()[:12] in refused.value.message
    assert hashlib.sha256(SOURCE).hexdigest()[:12] in refused.value.message


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "source.txt").unlink()
    with pytest.raises(ManifestInvalid, match=r"没有清单所说的原文 source\.txt"):
        verify_source(tmp_path, load_manifest(tmp_path))


def test_a_checksum_covers_files_larger_than_one_block(tmp_path: Path) -> None:
    content = bytes(range(256)) * 9_000
    (tmp_path / "large").write_bytes(content)
    assert len(content) > 2 << 20
    assert file_sha256(tmp_path / "large") == hashlib.sha256(content).hexdigest()
