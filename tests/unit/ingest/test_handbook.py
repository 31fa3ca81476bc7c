from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import CorpusChanged, ManifestInvalid, NotAHandbook, QuestionsMissing, UnreadableFile
from ingest.handbook import SHIPPED_HANDBOOKS, handbook_folders, ingest_handbook

WriteHandbook = Callable[..., Path]
ANSWER = "职工依法享有这项权利，单位应当按时办理。"
TEXT = f"一、会费怎么交？\n{ANSWER}\n二、会籍怎么转？\n逐步融人城市。\n三、会员证丢了怎么办？\n{ANSWER}\n"
GAPPED = TEXT.replace("二、", "")


def test_a_folder_becomes_a_handbook_with_everything_beside_its_source(write_handbook: WriteHandbook) -> None:
    folder = write_handbook(TEXT, starter_questions=("会费",))
    (folder / "errata.toml").write_text(
        '[[erratum]]\ncontext = "逐步融人"\nprinted = "融人"\ncorrected = "融入"\n', encoding="utf-8"
    )
    (folder / "similar_questions.jsonl").write_text('{"n": 2, "q": "进城"}\n', encoding="utf-8")
    (folder / "negative_questions.jsonl").write_text('{"q": "补贴多少钱"}\n', encoding="utf-8")
    ingested = ingest_handbook(folder)
    handbook = ingested.handbook
    assert (handbook.handbook_id, handbook.title, handbook.edition) == ("labour-law", "劳动法问答", "2024年版")
    assert handbook.text == TEXT
    assert [question.label for question in handbook.questions] == ["第1问", "第2问", "第3问"]
    assert [TEXT[erratum.start : erratum.end] for erratum in handbook.errata] == ["融人"]
    assert handbook.similar_questions == (("q2", "进城"),)
    assert handbook.negative_questions == ("补贴多少钱",)
    assert handbook.starter_questions == ("会费",)
    assert ingested.report.is_complete


def test_a_missing_question_is_refused_by_number_line_and_file(write_handbook: WriteHandbook) -> None:
    folder = write_handbook(GAPPED)
    with pytest.raises(QuestionsMissing) as refused:
        ingest_handbook(folder)
    assert refused.value.message.startswith(
        "labour-law/source.txt：应有 3 问，找到 2 问，缺少第2问（应在原文第 1 行之后）"
    )


def test_a_missing_question_may_be_allowed(write_handbook: WriteHandbook) -> None:
    ingested = ingest_handbook(write_handbook(GAPPED), allow_missing=True)
    assert [question.number for question in ingested.handbook.questions] == [1, 3]
    assert not ingested.report.is_complete


def test_a_text_without_questions_is_no_handbook(write_handbook: WriteHandbook) -> None:
    folder = write_handbook("工会章程\n总则。\n")
    with pytest.raises(NotAHandbook, match=r"labour-law/source\.txt"):
        ingest_handbook(folder, allow_missing=True)


def test_an_unreadable_source_is_refused_by_name(write_handbook: WriteHandbook) -> None:
    folder = write_handbook("")
    with pytest.raises(UnreadableFile, match=r"source\.txt：文件是空的"):
        ingest_handbook(folder)


def test_a_changed_source_is_refused(write_handbook: WriteHandbook) -> None:
    folder = write_handbook(TEXT)
    (folder / "source.txt").write_text(TEXT + "。", encoding="utf-8")
    with pytest.raises(CorpusChanged, match="校验和"):
        ingest_handbook(folder)


def test_similar_questions_of_a_question_that_is_not_there_are_refused(write_handbook: WriteHandbook) -> None:
    folder = write_handbook(TEXT)
    rows = ['{"n": 9, "q": "甲"}', '{"n": 2, "q": "乙"}', '{"n": 4, "q": "丙"}', '{"n": 9, "q": "丁"}']
    (folder / "similar_questions.jsonl").write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(ManifestInvalid, match=r"similar_questions\.jsonl：《劳动法问答》没有第 4、9 问"):
        ingest_handbook(folder)


def test_an_erratum_that_does_not_fit_the_text_is_refused(write_handbook: WriteHandbook) -> None:
    folder = write_handbook(TEXT)
    content = '[[erratum]]\ncontext = "更好地融人"\nprinted = "融人"\ncorrected = "融入"\n'
    (folder / "errata.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ManifestInvalid, match="“更好地融人”在正文中出现 0 次"):
        ingest_handbook(folder)


def test_folders_come_by_name_and_those_of_later_parents_later(tmp_path: Path) -> None:
    for name in ("own/b", "own/a", "own/.hidden", "shipped/c"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "own" / "note.txt").touch()
    found = handbook_folders(tmp_path / "shipped", tmp_path / "own", tmp_path / "nowhere")
    assert [folder.name for folder in found] == ["c", "a", "b"]


def test_one_id_in_two_places_is_refused(tmp_path: Path) -> None:
    for name in ("own/a", "shipped/a"):
        (tmp_path / name).mkdir(parents=True)
    with pytest.raises(ManifestInvalid, match="手册编号 a 重复"):
        handbook_folders(tmp_path / "shipped", tmp_path / "own")


def test_every_shipped_folder_is_a_complete_handbook_named_by_its_id() -> None:
    folders = handbook_folders(SHIPPED_HANDBOOKS)
    assert folders
    for folder in folders:
        ingested = ingest_handbook(folder)
        assert ingested.handbook.handbook_id == folder.name
        assert ingested.report.is_complete
