import dataclasses
import gzip
import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from training.pairs import consultation_pairs, labelled_pairs, law_pairs, read_pair_sets
from training.pipeline import build_model
from training.plain_text import plain_texts
from training.read import read_lines, read_rows
from training.settings import Recipe, TuningRecipe
from training.tuning_pipeline import tune_model
from training.words import build_word_cutter

RECIPE = Recipe(
    vocabulary_size=6_900, dimension=16, context_tokens=6_900, plain_lines_limit=10, steps=100, warmup_steps=2,
    batch_pairs=16, learning_rate=0.05, token_dropout=0.0,
)  # fmt: skip
SUBJECTS = ("工会会费", "职工入会", "劳动合同", "工伤保险", "带薪年假", "产假", "加班工资", "职工代表大会")
LABELLED = (
    "cmrc2018_train",
    "drcd_dev_simplified",
    "drcd_test_simplified",
    "tonghuashun_similar_q",
    "toyhom_internal_medicine_sample",
)


def write_text(path: Path, text: str) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(text)


def write_rows(path: Path, rows: list[dict]) -> None:
    write_text(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    asked = [
        {"a": f"{subject}怎么办理", "b": f"{subject}由单位办理，{subject}按规定执行。", "title": subject, "label": 1}
        for subject in SUBJECTS
    ]
    unlike = {"a": "月亮多远", "b": "今天吃什么", "title": "无", "label": 0}
    for name in LABELLED:
        write_rows(folder / f"{name}.jsonl.gz", [*asked, unlike])
    articles = [
        {"law": f"{subject}条例", "section": "第一章", "text": f"{subject}应当依法办理手续。{subject}受到法律的保护。"}
        for subject in SUBJECTS
    ]
    for name in ("laws", "laws_labour"):
        write_rows(folder / f"{name}.jsonl.gz", [*articles, articles[0]])
    news = "".join(f"记者昨天了解到{subject}的消息。{subject}引起了大家的关注。\n\n" for subject in SUBJECTS)
    for name in ("plain_crud_news", "plain_labour_news"):
        write_text(folder / f"{name}.txt.gz", news)
    questions = "".join(f"如何看待{subject}？\n" for subject in SUBJECTS)
    write_text(folder / "queries_zhihu_hot_2020_2025.txt.gz", questions)
    return folder


def checksums(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def built(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Build the tiny model; return its folder and the lines of progress."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    lines: list[str] = []
    build_model(data, folder, RECIPE, lines.append)
    return folder, lines


@pytest.fixture(scope="module")
def model(built: tuple[Path, list[str]]) -> Path:
    return built[0]


def test_the_same_command_gives_the_same_bytes(data: Path, model: Path, tmp_path: Path) -> None:
    build_model(data, tmp_path / "again", RECIPE, lambda _: None)
    assert checksums(tmp_path / "again") == checksums(model)


def test_another_seed_gives_other_weights(data: Path, model: Path, tmp_path: Path) -> None:
    build_model(data, tmp_path / "other", dataclasses.replace(RECIPE, seed=1, steps=2), lambda _: None)
    differing = {name for name, sum_ in checksums(tmp_path / "other").items() if sum_ != checksums(model)[name]}
    assert differing == {"model.safetensors"}


def test_training_brings_question_and_answer_together(model: Path) -> None:
    encoder = SentenceTransformer(str(model), device="cpu", local_files_only=True)
    questions = encoder.encode([f"{subject}怎么办理" for subject in SUBJECTS])
    answers = encoder.encode([f"{subject}由单位办理" for subject in SUBJECTS])
    cosines = questions @ answers.T
    others = cosines[~np.eye(len(SUBJECTS), dtype=bool)]
    assert cosines.diagonal().min() > 0.8
    assert cosines.diagonal().mean() - others.mean() > 0.1


def test_progress_is_reported(built: tuple[Path, list[str]]) -> None:
    _, lines = built
    assert lines[0].startswith("tokenizer: 6")
    assert any(line.startswith("step 100: loss ") for line in lines)


def test_every_set_holds_each_pair_once(data: Path) -> None:
    for one in read_pair_sets(data, RECIPE, build_word_cutter()):
        assert one.pairs, one.name
        assert len(set(one.pairs)) == len(one.pairs), one.name
        assert not any("月亮" in first for first, _ in one.pairs if one.name != "patient's question → answer")


def test_sets_are_cut_to_the_limit(data: Path) -> None:
    sets = read_pair_sets(data, dataclasses.replace(RECIPE, pairs_limit=3), build_word_cutter())
    assert [len(one.pairs) for one in sets] == [3] * len(sets)


def test_laws_give_title_and_article_and_neighbours_once(data: Path) -> None:
    pairs = list(law_pairs(data / "laws.jsonl.gz"))
    assert len(pairs) == 2 * len(SUBJECTS)
    assert pairs[0] == ("工会会费条例 第一章", "工会会费应当依法办理手续。工会会费受到法律的保护。")
    assert pairs[1] == ("工会会费应当依法办理手续。", "工会会费受到法律的保护。")


def test_unlike_pairs_are_left_out(data: Path) -> None:
    assert len(list(labelled_pairs(data / "tonghuashun_similar_q.jsonl.gz"))) == len(SUBJECTS)


def test_a_title_that_its_question_holds_is_no_pair_of_its_own(tmp_path: Path) -> None:
    rows = [{"a": "产假多久？急", "b": "98天", "title": "产假多久"}, {"a": "急", "b": "98天", "title": "产假多久"}]
    write_rows(tmp_path / "rows.jsonl.gz", rows)
    assert list(consultation_pairs(tmp_path / "rows.jsonl.gz")) == [
        ("产假多久？急", "98天"),
        ("产假多久", "98天"),
        ("急", "98天"),
        ("产假多久", "98天"),
        ("产假多久", "急"),
    ]


def test_plain_text_holds_each_wording_once(data: Path) -> None:
    texts = list(plain_texts(data, RECIPE))
    assert len(texts) == len(set(texts))
    assert {"如何看待产假？", "产假怎么办理", "产假条例"} <= set(texts)


def test_a_missing_file_is_named(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "data")
    (tmp_path / "data" / "laws.jsonl.gz").unlink()
    with pytest.raises(FileNotFoundError, match=r"laws\.jsonl\.gz"):
        build_model(tmp_path / "data", tmp_path / "model", RECIPE, lambda _: None)
    assert not (tmp_path / "model").exists()


def test_a_line_that_is_no_object_is_an_error(tmp_path: Path) -> None:
    write_text(tmp_path / "rows.jsonl.gz", "{}\n[1]\n")
    with pytest.raises(ValueError, match="line 2: not a JSON object"):
        list(read_rows(tmp_path / "rows.jsonl.gz"))


def test_lines_are_stripped_and_limited(tmp_path: Path) -> None:
    write_text(tmp_path / "lines.txt.gz", "甲 \n\n乙\n丙\n")
    assert list(read_lines(tmp_path / "lines.txt.gz", 3)) == ["甲", "乙"]


def test_a_built_model_is_tuned_on_a_handbook(
    data: Path, built: tuple[Path, list[str]], tmp_path: Path, write_handbook: Callable[[Path, dict[str, str]], Path]
) -> None:
    folder = write_handbook(tmp_path / "leave", {"年休假有几天？": "年休假5天。", "会费怎么交？": "按月交到工会。"})
    asked = {1: "年假歇几天", 2: "会费交给谁"}
    rows = [
        {"n": number, "q": f"{words}{end}"} for number, words in asked.items() for end in ("", "啊", "呢", "嘛", "呀")
    ]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "similar_questions.jsonl").write_text(lines, encoding="utf-8")
    told: list[str] = []
    recipe = TuningRecipe(steps=20, warmup_steps=2, general_batch_pairs=8, held_out_percent=40)
    tune_model(data, built[0], folder, tmp_path / "tuned", recipe, told.append)
    assert told[0].endswith("wordings held out")
    assert [line.split(":")[0] for line in told[-2:]] == ["held out, base", "held out, tuned"]
    before, after = (SentenceTransformer(str(path), device="cpu") for path in (built[0], tmp_path / "tuned"))
    texts = ["年假歇几天", "会费交给谁"]
    assert not np.array_equal(before.encode(texts), after.encode(texts))
    assert np.linalg.norm(after.encode(texts), axis=1) == pytest.approx([1, 1], abs=1e-5)
