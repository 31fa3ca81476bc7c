"""`wengong eval …` as somebody types it, in this process; what depends on the process runs in processes of its own."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from openpyxl import Workbook

from corpus.errors import IndexProbeFailed
from eval.dataset import DATASETS, ROWS_NAME
from ingest.pipeline import probe
from retriever.artifact import file_checksums, named, read_manifest
from retriever.encoder import Encoder
from retriever.index import save_manifest
from retriever.publish import building_folder, current_version_folder, publish
from wengong.__main__ import main

# One worker, so that the index of the shipped handbook is built once for this file.
pytestmark = pytest.mark.xdist_group("eval-cli")
WENGONG = Path(sys.executable).with_name("wengong")
FILES_OF_A_RUN = {"run.json", "rows.jsonl", "figures.json", "gates.json", "latency.json", "qrels.trec", "run.trec"}
# Some seventy rows of the shipped set, of every category, half of them dev.
EVERY_NTH_ROW = 22


class Done(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(tmp_path: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """A function that runs `wengong eval` in an empty folder, over the index of the shipped handbook or another."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)

    def run_command(*arguments: str, data: Path = data_folder) -> Done:
        monkeypatch.setenv("WENGONG_DATA", str(data))
        monkeypatch.setattr(sys, "argv", ["wengong", "eval", *arguments])
        capfd.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main()
        captured = capfd.readouterr()
        code = stopped.value.code
        assert code is None or isinstance(code, int)
        return Done(code or 0, captured.out, captured.err)

    return run_command


@pytest.fixture(scope="module")
def some_rows(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A data set of a few rows of the shipped one."""
    folder = tmp_path_factory.mktemp("sets") / "some-rows"
    folder.mkdir()
    lines = (DATASETS / "worker-questions" / ROWS_NAME).read_bytes().splitlines(keepends=True)
    (folder / ROWS_NAME).write_bytes(b"".join(lines[::EVERY_NTH_ROW]))
    return str(folder)


@pytest.fixture(scope="module")
def scrambled_data(
    tmp_path_factory: pytest.TempPathFactory, data_folder: Path, scramble: Callable[[Path], None]
) -> Path:
    """A data folder whose published index attaches everything to another question: whole, verified, and wrong."""
    data = tmp_path_factory.mktemp("scrambled")
    shutil.copytree(data_folder / "index", data / "index")
    with building_folder(data / "index") as folder:
        shutil.copytree(current_version_folder(data / "index"), folder, dirs_exist_ok=True)
        scramble(folder)
        save_manifest(folder, named(replace(read_manifest(folder), file_sha256=file_checksums(folder))))
        publish(folder, data / "index", lambda _version: None)
    return data


@pytest.fixture
def leave_set(run: Run, small_data: Path) -> tuple[Run, str]:
    """A set of eight rows about the handbook of three questions, and the command over its index."""
    wordings = {
        1: ["年休假有几天", "累计工作满一年休几天"],
        2: ["加班费怎么算", "平日加班按多少支付"],
        3: ["怎么加入工会", "入会申请书填写"],
    }
    lines = [f"{text},{number},是\n" for number, texts in wordings.items() for text in texts]
    Path("leave.csv").write_text(f"问题,问号,应否回答\n{''.join(lines)}食堂几点开门,,否\n班车在哪上,,否\n", "utf-8")
    done = run("import", "leave.csv", "--out", "leave", "--handbook", "paid-leave", data=small_data)
    assert done.code == 0, done.err
    assert "8 题没有问题：应回答 6，不应回答 2" in done.out
    return lambda *arguments: run(*arguments, data=small_data), "leave"


def test_as_json_a_run_is_one_object_and_what_was_written_is_reported_and_scored(run: Run, some_rows: str) -> None:
    done = run(
        "run", "--dataset", some_rows, "--out", "run", "--json", "--min", "hit@1=0.2", "--max", "false_answer@near=1"
    )
    assert done.code == 0, done.err
    content = json.loads(done.out)
    assert list(content) == [
        "header",
        "row_count",
        "groups",
        "latency",
        "gates",
        "missed_headings",
        "peers",
        "unavailable_peers",
        "notes",
        "comparison",
    ]
    header = content["header"]
    assert (header["dataset"], header["split"], header["system"]) == ("some-rows", "dev", "hybrid")
    assert header["encoder_id"].startswith("wengong-static")
    assert header["section_names"]["q38"].startswith("第38问 ")
    groups = content["groups"]
    assert content["row_count"] == groups["all"]["answered"]["row_count"] > 30
    assert {"in_scope", "unanswerable", "all", "everyday", "near"} <= groups.keys()
    assert {"hit@1", "hit@3", "mrr@10", "ndcg@10", "recall@10", "evidence@1", "evidence@3"} <= groups["in_scope"].keys()
    for group in groups.values():
        for estimate in group.values():
            assert set(estimate) == {"value", "low", "high", "row_count"}
            assert estimate["value"] is None or estimate["low"] <= estimate["value"] <= estimate["high"]
    assert {"whole", "normalise", "encode", "search", "fuse"} <= content["latency"].keys()
    assert 0 < content["latency"]["whole"]["p50_ms"] <= content["latency"]["whole"]["p99_ms"]
    assert [(gate["name"], gate["passes"]) for gate in content["gates"]] == [
        ("hit@1", True),
        ("false_answer@near", True),
    ]
    assert (content["missed_headings"], content["peers"], content["notes"]) == ([], {}, [])
    assert "\\u" not in done.out  # Chinese stays readable

    assert run("report", "run").code == 0
    assert Path("run/report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    scored = run("score", "run/qrels.trec", "run/run.trec")
    assert (scored.code, scored.err) == (0, "")
    counted = str(groups["in_scope"]["hit@1"]["row_count"])
    assert ["手册能答", counted] in [line.split()[:2] for line in scored.out.splitlines()]


def test_a_gate_that_is_not_reached_ends_with_1_and_names_itself_alone(leave_set: tuple[Run, str]) -> None:
    run, name = leave_set
    Path("gates.toml").write_text('[min]\n"answered@all" = 0.0\n[max]\n"hit@3" = 0.5\n', encoding="utf-8")
    failed = run("run", "--dataset", name, "--gates", "gates.toml", "--min", "hit@1=1", "--max", "mrr@10=0.01")
    assert failed.code == 1
    told = [line for line in failed.err.splitlines() if line.startswith("没有达到门槛")]
    assert told == ["没有达到门槛 hit@3：1.0000，高于 0.5", "没有达到门槛 mrr@10：1.0000，高于 0.01"]
    assert failed.out.count("没有达到") == 2
    passed = run("run", "--dataset", name, "--min", "hit@1=1", "--max", "answered@all=1")
    assert (passed.code, "没有达到" in passed.err + passed.out) == (0, False)
    assert passed.out.count("通过") == 2


def test_equal_runs_write_equal_bytes_in_any_process(
    some_rows: str, data_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENGONG_DATA", str(data_folder))
    for seed in ("1", "2"):
        # Python orders sets by a seed that differs from process to process; none of it may reach the files.
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        command = [str(WENGONG), "eval", "run", "--dataset", some_rows, "--out", seed]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode == 0, done.stderr
    assert {path.name for path in (tmp_path / "1").iterdir()} == FILES_OF_A_RUN
    for name in FILES_OF_A_RUN - {"latency.json"}:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name


def test_a_run_is_compared_with_itself_and_with_a_worse_one(run: Run, some_rows: str) -> None:
    assert run("run", "--dataset", some_rows, "--retriever", "headings", "--out", "before").code == 0
    same = run("run", "--dataset", some_rows, "--retriever", "headings", "--baseline", "before")
    assert (same.code, "变好 0 题，变差 0 题" in same.out) == (0, True)
    after = run("run", "--dataset", some_rows, "--baseline", "before", "--out", "after", "--json")
    told = json.loads(after.out)["comparison"]
    assert len(told["better"]) > len(told["worse"])
    [hit] = [one for one in told["differences"] if (one["group"], one["measure"]) == ("in_scope", "hit@1")]
    assert hit["before"] < hit["after"]
    assert hit["low"] <= hit["after"] - hit["before"] <= hit["high"]

    compared = json.loads(run("compare", "before", "after", "--json").out)
    assert compared == told
    for_people = run("compare", "before", "after", "--rows", "1")
    better, worse = len(told["better"]), len(told["worse"])
    assert f"变好 {better} 题，变差 {worse} 题" in for_people.out
    assert for_people.out.count("\n变好〔") == 1
    assert f"……变好的还有 {better - 1} 题" in for_people.out
    assert told["better"][0]["row"]["question"] in for_people.out


def test_a_sheet_is_checked_then_imported_then_asked(leave_set: tuple[Run, str]) -> None:
    run, name = leave_set
    counts = []
    for split in ("dev", "test"):
        done = run("run", "--dataset", name, "--split", split, "--json")
        assert done.code == 0, done.err
        content = json.loads(done.out)
        assert content["groups"]["in_scope"]["hit@1"]["value"] == 1
        counts.append(content["row_count"])
    assert sum(counts) == 8
    again = run("import", "leave.csv", "--out", name, "--handbook", "paid-leave")
    assert (again.code, "已经有了，请换一个文件夹" in again.err) == (1, True)


def test_results_do_not_overwrite_the_questions(leave_set: tuple[Run, str]) -> None:
    run, name = leave_set
    before = Path(name, ROWS_NAME).read_bytes()
    done = run("run", "--dataset", name, "--out", name)
    assert (done.code, "写到另一个文件夹" in done.err) == (1, True)
    assert Path(name, ROWS_NAME).read_bytes() == before
    for _ in range(2):  # the results of another run may be
        assert run("run", "--dataset", name, "--out", "results").code == 0


def test_a_dry_run_writes_nothing_and_a_sheet_with_mistakes_is_refused_whole(run: Run) -> None:
    workbook = Workbook()
    for cells in (("问题", "问号", "应否回答"), ("春潮行动是什么", 39, "是"), ("有几问", 99, "是"), (None, 38, "是")):
        workbook.worksheets[0].append(cells)
    workbook.save("bad.xlsx")
    refused = run("import", "bad.xlsx", "--out", "set")
    assert refused.code == 1
    assert refused.out.splitlines() == [
        "第 3 行 问号：手册没有第 99 问",
        "第 4 行 问题：是空的",
        "1 题没有问题：应回答 1，不应回答 0",
    ]
    assert "有 2 处要改，没有写入。" in refused.err
    Path("good.csv").write_bytes("问题,问号,应否回答\n春潮行动是什么,39,是\n".encode("gb18030"))
    assert run("import", "good.csv", "--out", "set", "--dry-run").code == 0
    assert not Path("set").exists()
    assert run("import", "good.csv", "--out", "set").code == 0
    assert Path("set", ROWS_NAME).is_file()


def test_an_exported_half_is_run_as_somebody_elses_collection(run: Run, some_rows: str) -> None:
    exported = run("export", "beir", "--dataset", some_rows, "--split", "test")
    assert (exported.code, exported.out) == (0, ""), exported.err
    own = json.loads(run("run", "--dataset", some_rows, "--split", "test", "--retriever", "lexical", "--json").out)
    done = run("run", "--dataset", "beir", "--split", "test", "--retriever", "lexical", "--json")
    assert done.code == 0, done.err
    content = json.loads(done.out)
    assert (content["header"]["dataset"], content["header"]["split"]) == ("beir", "test")
    assert content["header"]["index_version"] == ""
    assert content["row_count"] == own["row_count"]
    for group in ("in_scope", "unanswerable", "everyday"):
        counted = [one["groups"][group]["answered"]["row_count"] for one in (content, own)]
        assert counted[0] == counted[1]
    assert 0.3 < content["groups"]["in_scope"]["hit@1"]["value"] < 1

    rows = Path("beir/qrels/test.tsv").read_text(encoding="utf-8").splitlines(keepends=True)
    Path("beir/qrels/test.tsv").write_text("".join(rows[:2]), encoding="utf-8")
    few = run("run", "--dataset", "beir", "--split", "test", "--json")
    assert json.loads(few.out)["notes"] == [f"{own['row_count'] - 1} 题在这一份里没有标注，没有问"]
    assert "题在这一份里没有标注，没有问" in run("run", "--dataset", "beir", "--split", "test").out


def test_peers_are_asked_the_same_and_one_that_cannot_be_run_is_named(leave_set: tuple[Run, str]) -> None:
    run, name = leave_set
    for dataset, own in ((name, ["dense", "lexical", "classifier", "headings"]), ("beir", ["dense", "lexical"])):
        if dataset == "beir":
            assert run("export", "beir", "--dataset", name).code == 0
        done = run(
            "run", "--dataset", dataset, "--peers", "--encoder", "no/such-model", "--out", f"{dataset}-run", "--json"
        )
        assert done.code == 0, done.err
        content = json.loads(done.out)
        assert list(content["peers"]) == [*own, "bm25s jieba", "bm25s bigrams", "tf-idf", "txtai hybrid"]
        for groups in content["peers"].values():
            assert groups["all"]["answered"]["row_count"] == content["row_count"]
            assert groups["in_scope"]["hit@3"]["value"] == 1
        assert "无法载入模型 no/such-model" in content["unavailable_peers"]["no/such-model"]
        assert {path.name for path in Path(f"{dataset}-run", "peers").iterdir() if path.is_dir()} == {
            *own,
            "bm25s_jieba",
            "bm25s_bigrams",
            "tf-idf",
            "txtai_hybrid",
        }
        assert run("report", f"{dataset}-run").code == 0
        assert "no/such-model" in Path(f"{dataset}-run", "report.html").read_text(encoding="utf-8")
    for_people = run("run", "--dataset", name, "--peers", "--encoder", "no/such-model")
    assert "没有比较 no/such-model：无法载入模型" in for_people.out
    assert "txtai hybrid" in for_people.out


def test_similar_questions_are_asked_while_they_are_left_out(run: Run, leave_handbook: Path, tmp_path: Path) -> None:
    data = tmp_path / "own"
    folder = shutil.copytree(leave_handbook, data / "handbooks" / "paid-leave")
    arguments = ("similar-questions", "--handbook", "paid-leave", "--folds", "2")
    assert run(*arguments, data=data).out == "这本手册还没有相似问。\n"
    wordings = [(1, "年休假几天"), (1, "年休假有多少天"), (2, "加班费按多少算"), (2, "加班费咋算"), (3, "年休假是几天")]
    lines = (json.dumps({"n": number, "q": text}, ensure_ascii=False) + "\n" for number, text in wordings)
    (folder / "similar_questions.jsonl").write_text("".join(lines), encoding="utf-8")
    told = run(*arguments, "--json", data=data)
    assert told.code == 0, told.err
    asked = json.loads(told.out)
    assert [one["wording"] for one in asked] == [text for _, text in wordings]
    assert [(one["expected"], one["served"]) for one in asked if one["place"] != 1] == [("q3", "q1")]
    for_people = run(*arguments, data=data).out
    assert "5 条相似问，拿掉自己后仍问到本问的占 80.0%" in for_people
    assert "  q3 → q1  1\n" in for_people


def test_over_an_index_that_is_whole_and_wrong_the_run_fails_and_says_so(
    run: Run, some_rows: str, scrambled_data: Path, encoder: Encoder
) -> None:
    with pytest.raises(IndexProbeFailed):  # building it would have been refused
        probe(current_version_folder(scrambled_data / "index"), encoder)
    done = run("run", "--dataset", some_rows, "--json", "--min", "hit@1=0.5", "--min", "hit@3=0.5", data=scrambled_data)
    assert done.code == 1
    content = json.loads(done.out)
    assert content["groups"]["in_scope"]["hit@1"]["value"] < 0.1
    assert len(content["missed_headings"]) == 50
    assert "核对没有通过：50 个原题找不到自己" in done.err
    assert done.err.count("没有达到门槛") == 2
    ungated = run("run", "--dataset", some_rows, "--limit", "1", "--retriever", "headings", data=scrambled_data)
    assert (ungated.code, "核对没有通过" in ungated.err, "没有达到门槛" in ungated.err) == (1, True, False)


def test_a_set_without_a_row_is_no_success(run: Run) -> None:
    Path("empty").mkdir()
    Path("empty", ROWS_NAME).write_bytes(b"")
    done = run("run", "--dataset", "empty")
    assert (done.code, done.out) == (1, "")
    assert "错误 dataset_invalid：评测集 empty 的 dev 部分一道题也没有" in done.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["run", "--split", "train"], 2, "只能是 dev 或 test"),
        (["run", "--limit", "0"], 2, "--limit"),
        (["run", "--retriever", "best"], 1, "可用：hybrid、dense、lexical、classifier、headings"),
        (["run", "--dataset", "none"], 1, "没有评测集 none"),
        (["run", "--min", "hit@1"], 1, "hit@1=0.9"),
        (["run", "--limit", "1", "--retriever", "headings", "--min", "hit@7=0.1"], 1, "没有指标 hit@7"),
        (["run", "--gates", "none.toml"], 1, "none.toml"),
        (["run", "--baseline", "none"], 1, "wengong eval run --out"),
        (["compare", "none", "none"], 1, "wengong eval run --out"),
        (["report", "none"], 1, "wengong eval run --out"),
        (["similar-questions", "--handbook", "none"], 1, "现有：industrial-workers-50"),
        (["similar-questions", "--folds", "1"], 2, "--folds"),
        (["import", "none.csv", "--out", "set"], 1, "none.csv 无法读取"),
        (["import", "none.csv", "--out", "set", "--handbook", "none"], 1, "没有编号为“none”的手册"),
        (["export", "beir", "--split", "all"], 2, "只能是 dev 或 test"),
        (["export", "beir", "--dataset", "none"], 1, "没有评测集 none"),
        (["score", "none", "none"], 1, "TREC"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_wrong_is_said_with_what_would_be_right(run: Run, arguments: list[str], code: int, said: str) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "Traceback" not in done.err
    assert not list(Path.cwd().iterdir())
