import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import IndexProbeFailed, NotAHandbook, QuestionsMissing
from ingest import build_index
from retriever import Retriever
from retriever.encoder import Encoder
from retriever.publish import current_version_folder

WriteHandbook = Callable[..., Path]
TEXT = (
    "一、会费怎么交？\n工会会员应当按月向所在的工会交纳会费，标准是本人每月工资的百分之零点五。\n"
    "二、会籍怎么转？\n会员调动工作时，应当凭会员证到新单位的工会办理会籍转移手续。\n"
    "三、被拖欠工资怎么办？\n可以向劳动监察部门投诉，也可以申请劳动仲裁，工会提供法律援助。\n"
)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_becomes_a_published_version_that_answers(
    tmp_path: Path, write_handbook: WriteHandbook, hash_encoder: Encoder
) -> None:
    manifest = build_index([write_handbook(TEXT)], tmp_path / "index", hash_encoder)
    (entry,) = manifest.handbooks
    assert (entry.handbook_id, entry.question_count, entry.passage_count, entry.wording_count) == (
        "labour-law",
        3,
        3,
        3,
    )
    assert entry.text_sha256 == hashlib.sha256(TEXT.encode()).hexdigest()
    retriever = Retriever.open(current_version_folder(tmp_path / "index"), hash_encoder)
    answer = retriever.answer("会籍怎么转？")
    assert answer.ranking[0].key == ("labour-law", "q2")


def test_two_handbooks_with_the_same_words_keep_passages_of_their_own(
    tmp_path: Path, write_handbook: WriteHandbook, hash_encoder: Encoder
) -> None:
    folders = [write_handbook(TEXT, "a"), write_handbook(TEXT, "b")]
    manifest = build_index(folders, tmp_path / "index", hash_encoder)
    assert [(entry.handbook_id, entry.passage_count) for entry in manifest.handbooks] == [("a", 3), ("b", 3)]


def test_the_same_folders_give_the_same_bytes(
    tmp_path: Path, write_handbook: WriteHandbook, hash_encoder: Encoder
) -> None:
    folder = write_handbook(TEXT)
    first = build_index([folder], tmp_path / "first", hash_encoder)
    second = build_index([folder], tmp_path / "second", hash_encoder)
    assert first == second
    assert files(current_version_folder(tmp_path / "first")) == files(current_version_folder(tmp_path / "second"))


def test_progress_is_told_up_to_the_last_text(
    tmp_path: Path, write_handbook: WriteHandbook, hash_encoder: Encoder
) -> None:
    told: list[tuple[str, int, int]] = []
    build_index([write_handbook(TEXT)], tmp_path / "index", hash_encoder, progress=lambda *step: told.append(step))
    assert [step for step in told if step[1] == step[2]] == [
        ("识别手册", 1, 1),
        ("编码", 1, 1),
        ("写索引", 8, 8),
        ("试查", 1, 1),
    ]


def test_no_handbook_gives_no_index(tmp_path: Path, hash_encoder: Encoder) -> None:
    with pytest.raises(NotAHandbook):
        build_index([], tmp_path / "index", hash_encoder)
    assert not (tmp_path / "index").exists()


def test_an_incomplete_handbook_leaves_the_served_version_alone(
    tmp_path: Path, write_handbook: WriteHandbook, hash_encoder: Encoder
) -> None:
    build_index([write_handbook(TEXT)], tmp_path / "index", hash_encoder)
    served = current_version_folder(tmp_path / "index")
    gapped = write_handbook(TEXT.replace("二、", ""), "gapped")
    with pytest.raises(QuestionsMissing, match=r"gapped/source\.txt：应有 3 问，找到 2 问，缺少第2问"):
        build_index([gapped], tmp_path / "index", hash_encoder)
    assert current_version_folder(tmp_path / "index") == served
    manifest = build_index([gapped], tmp_path / "index", hash_encoder, allow_missing=True)
    assert manifest.handbooks[0].question_count == 2
    assert current_version_folder(tmp_path / "index") != served


def test_a_version_that_finds_none_of_its_first_headings_is_not_published(
    tmp_path: Path, write_handbook: WriteHandbook, hash_encoder: Encoder
) -> None:
    build_index([write_handbook(TEXT)], tmp_path / "index", hash_encoder)
    served = current_version_folder(tmp_path / "index")
    # Asked by its heading, each question leads to another one, as a person who names a number means it.
    asks_for_another = {"会费怎么交？": "第2问？", "会籍怎么转？": "第3问？", "被拖欠工资怎么办？": "第1问？"}
    text = TEXT
    for heading, other in asks_for_another.items():
        text = text.replace(heading, other)
    with pytest.raises(IndexProbeFailed, match="《劳动法问答》前几问的原题都找不到它们自己"):
        build_index([write_handbook(text, "strange")], tmp_path / "index", hash_encoder)
    assert current_version_folder(tmp_path / "index") == served


def test_one_heading_that_asks_for_another_question_does_no_harm(
    tmp_path: Path, write_handbook: WriteHandbook, hash_encoder: Encoder
) -> None:
    strange = write_handbook(TEXT.replace("会费怎么交？", "第3问"), "strange")
    manifest = build_index([strange], tmp_path / "index", hash_encoder)
    assert manifest.handbooks[0].question_count == 3
