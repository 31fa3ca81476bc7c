"""BEIR folders: what is written is read again, and what other people write is read or refused by file and line."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import DatasetInvalid
from corpus.handbook import Handbook
from eval.dataset import load_dataset
from eval.interchange.beir import MAX_DOCUMENTS, Document, is_beir_folder, read_beir, write_beir
from eval.interchange.handbook_documents import handbook_documents

MakeFolder = Callable[..., Path]
DOCUMENTS = (
    Document("d1", "年休假", "职工累计工作已满1年不满10年的，年休假5天。"),
    Document("d2", "", "平日加班按百分之一百五十支付。\n第二段。"),
    Document("d3", "入会", "填写入会申请书。"),
)


@pytest.fixture
def make_folder(tmp_path: Path) -> MakeFolder:
    """`make_folder(corpus=[…], queries=[…], test="…")`: a folder of two documents and two queries, or others."""

    def make(
        corpus: list[dict] | None = None, queries: list[dict] | None = None, folder: str = "beir", **qrels: str
    ) -> Path:
        corpus = corpus or [{"_id": "d1", "title": "甲", "text": "文一"}, {"_id": "d2", "text": "文二"}]
        queries = queries or [{"_id": "q1", "text": "题一"}, {"_id": "q2", "text": "题二"}]
        (tmp_path / folder / "qrels").mkdir(parents=True)
        for name, records in (("corpus.jsonl", corpus), ("queries.jsonl", queries)):
            lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
            (tmp_path / folder / name).write_text("".join(lines), encoding="utf-8")
        for split, content in (qrels or {"test": "query-id\tcorpus-id\tscore\nq1\td1\t1\nq2\td2\t1\n"}).items():
            (tmp_path / folder / "qrels" / f"{split}.tsv").write_text(content, encoding="utf-8")
        return tmp_path / folder

    return make


def test_what_is_written_is_read_again_split_by_split(row, tmp_path: Path) -> None:
    dev = (
        row("a", {"d1": 2, "d3": 1}, "follow_up", question="那几天？", history=("年休假怎么算", "满五年呢")),
        row("n", {}, "near", question="产假几天\t？"),
    )
    test = (row("b", {"d2": 2}, "everyday", question='他说"加班"'),)
    write_beir(tmp_path, DOCUMENTS, {"dev": dev, "test": test})
    for split, written in (("dev", dev), ("test", test)):
        read = read_beir(tmp_path, split)
        assert read.documents == DOCUMENTS
        assert read.split == split
        assert [
            (one.row_id, one.question, one.history, one.category, one.relevance, one.answering_sections)
            for one in read.rows
        ] == [
            (one.row_id, one.question, one.history, one.category, one.relevance, one.answering_sections)
            for one in written
        ]
    assert read_beir(tmp_path, "dev").unjudged_count == len(test)


def test_a_row_that_nothing_answers_is_kept_as_such(row, tmp_path: Path) -> None:
    write_beir(tmp_path, DOCUMENTS, {"dev": (row("n", {}, "far"),)})
    [read] = read_beir(tmp_path, "dev").rows
    assert (read.row_id, read.category, read.relevance, read.is_answerable) == ("n", "far", {}, False)


def test_a_section_that_only_helps_does_not_become_an_answer(row, tmp_path: Path) -> None:
    write_beir(tmp_path, DOCUMENTS, {"dev": (row("a", {"d1": 2, "d2": 1}),)})
    [read] = read_beir(tmp_path, "dev").rows
    assert read.answering_sections == {"d1"}


def test_no_row_of_the_shipped_set_is_lost_and_its_handbook_is_word_for_word(
    tmp_path: Path, handbook: Handbook
) -> None:
    rows = load_dataset("worker-questions", "dev")
    write_beir(tmp_path, handbook_documents(handbook), {"dev": rows})
    read = read_beir(tmp_path, "dev")
    assert [(one.row_id, one.answering_sections) for one in read.rows] == [
        (one.row_id, one.answering_sections) for one in rows
    ]
    assert [one.document_id for one in read.documents] == [one.section_id for one in handbook.sections]
    for document in read.documents:
        assert all(paragraph in handbook.text for paragraph in document.text.split("\n"))


def test_what_is_written_has_the_layout_that_others_read(row, tmp_path: Path) -> None:
    write_beir(tmp_path, DOCUMENTS[2:], {"dev": (row("a", {"d3": 2}, question="怎么入会"), row("n", {}, "far"))})
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")) == [
        "corpus.jsonl",
        "qrels/dev.tsv",
        "queries.jsonl",
    ]
    corpus = '{"_id": "d3", "title": "入会", "text": "填写入会申请书。"}\n'
    assert (tmp_path / "corpus.jsonl").read_bytes() == corpus.encode()
    assert (tmp_path / "qrels" / "dev.tsv").read_bytes() == b"query-id\tcorpus-id\tscore\na\td3\t2\nn\td3\t0\n"
    queries = [json.loads(line) for line in (tmp_path / "queries.jsonl").read_bytes().splitlines()]
    assert [(query["_id"], query["text"]) for query in queries] == [("a", "怎么入会"), ("n", "n")]


def test_the_checksum_is_that_of_the_corpus(make_folder: MakeFolder) -> None:
    one = read_beir(make_folder(folder="one"), "test").corpus_sha256
    same = read_beir(make_folder(folder="same"), "test").corpus_sha256
    other = read_beir(
        make_folder([{"_id": "d1", "text": "别的"}, {"_id": "d2", "text": "文二"}], folder="o"), "test"
    ).corpus_sha256
    assert one == same != other


def test_gzipped_files_are_read(make_folder: MakeFolder) -> None:
    folder = make_folder()
    plain = read_beir(folder, "test")
    for name in ("corpus.jsonl", "queries.jsonl"):
        (folder / f"{name}.gz").write_bytes(gzip.compress((folder / name).read_bytes()))
        (folder / name).unlink()
    assert is_beir_folder(folder)
    assert read_beir(folder, "test").documents == plain.documents
    assert read_beir(folder, "test").rows == plain.rows


def test_a_mark_at_the_start_of_a_file_is_passed_over(make_folder: MakeFolder) -> None:
    folder = make_folder()
    plain = read_beir(folder, "test")
    for name in ("corpus.jsonl", "queries.jsonl", "qrels/test.tsv"):
        (folder / name).write_bytes(b"\xef\xbb\xbf" + (folder / name).read_bytes())
    marked = read_beir(folder, "test")
    assert (marked.documents, marked.rows) == (plain.documents, plain.rows)


def test_an_id_may_be_called_id_and_be_a_number(make_folder: MakeFolder) -> None:
    folder = make_folder([{"id": 7, "text": "文"}], [{"_id": 0, "text": "题"}], test="0\t7\t1\n")
    read = read_beir(folder, "test")
    assert [document.document_id for document in read.documents] == ["7"]
    assert [(one.row_id, one.relevance) for one in read.rows] == [("0", {"7": 1})]


def test_a_missing_title_is_empty(make_folder: MakeFolder) -> None:
    assert [document.title for document in read_beir(make_folder(), "test").documents] == ["甲", ""]


@pytest.mark.parametrize(
    "content",
    [
        "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t1\n",
        "q1\td1\t1\nq1\td2\t1\n",
        "q1\td1\nq1\td2\n",
        "query-id\tcorpus-id\nq1\td1\n\nq1\td2\n",
        "query-id\tcorpus-id\tscore\r\nq1\td1\t1\r\nq1\td2\t1\r\n",
    ],
    ids=["full", "no-header", "no-header-no-score", "no-score-blank-line", "windows"],
)
def test_judgements_may_lack_header_and_score(make_folder: MakeFolder, content: str) -> None:
    [read] = read_beir(make_folder(test=content), "test").rows
    assert read.relevance == {"d1": 1, "d2": 1}


def test_grades_are_kept_and_those_below_one_are_no_answer(make_folder: MakeFolder) -> None:
    content = "q1\td1\t3\nq1\td2\t0\nq2\td1\t0\nq2\td2\t-1\n"
    first, second = read_beir(make_folder(test=content), "test").rows
    assert (first.relevance, first.is_answerable) == ({"d1": 3}, True)
    assert (second.relevance, second.is_answerable) == ({}, False)


def test_the_only_split_is_read_whatever_its_name(make_folder: MakeFolder) -> None:
    read = read_beir(make_folder(train="q1\td1\t1\n"), "dev")
    assert (read.split, len(read.rows)) == ("train", 1)


def test_a_single_file_of_judgements_may_lie_beside_the_corpus(make_folder: MakeFolder) -> None:
    folder = make_folder()
    (folder / "qrels" / "test.tsv").rename(folder / "qrels.tsv")
    assert len(read_beir(folder, "dev").rows) == 2


def test_among_several_splits_the_named_one_is_read_and_a_missing_one_is_told_which_there_are(
    make_folder: MakeFolder,
) -> None:
    folder = make_folder(train="q1\td1\t1\n", test="q2\td2\t1\n")
    assert [one.row_id for one in read_beir(folder, "train").rows] == ["q1"]
    with pytest.raises(DatasetInvalid, match=r"没有 qrels/dev\.tsv（现有：test、train）"):
        read_beir(folder, "dev")


def test_queries_without_a_judgement_are_counted_and_not_asked(make_folder: MakeFolder) -> None:
    read = read_beir(make_folder(test="q2\td1\t1\n"), "test")
    assert ([one.row_id for one in read.rows], read.unjudged_count) == (["q2"], 1)


def test_rows_stand_in_the_order_of_the_queries(make_folder: MakeFolder) -> None:
    read = read_beir(make_folder(test="q2\td1\t1\nq1\td1\t1\n"), "test")
    assert [one.row_id for one in read.rows] == ["q1", "q2"]


@pytest.mark.parametrize(
    ("metadata", "category", "history"),
    [
        ({"category": "fact", "history": ["一", "二"]}, "fact", ("一", "二")),
        ({}, "query", ()),
        (None, "query", ()),
        ("fact", "query", ()),
        ({"category": "", "history": "一"}, "query", ()),
    ],
)
def test_metadata_of_any_form_is_taken_for_what_it_is_worth(
    make_folder: MakeFolder, metadata: object, category: str, history: tuple[str, ...]
) -> None:
    queries = [{"_id": "q1", "text": "题", "metadata": metadata}]
    [read] = read_beir(make_folder(queries=queries, test="q1\td1\t1\n"), "test").rows
    assert (read.category, read.history, read.answering_grade) == (category, history, 1)


@pytest.mark.parametrize("name", ["corpus", "queries"])
def test_an_id_that_stands_twice_is_refused(make_folder: MakeFolder, name: str) -> None:
    twice = [{"_id": one, "text": "文"} for one in ("d1", "d2", "q1", "q2", "d1", "q1")]
    with pytest.raises(DatasetInvalid, match=rf"{name} 里有编号重复"):
        read_beir(make_folder(**{name: twice}), "test")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td9\t1\n", r"test\.tsv 第 3 行的文 d9 不在 corpus 里"),
        ("q1\td1\t1\nq9\td1\t1\n", r"test\.tsv 里的题 q9 不在 queries 里"),
        ("q1\td1\t1\nq1 d2 1\n", r"test\.tsv 第 2 行应是“题、文、分”"),
        ("q1\td1\thigh\n", r"test\.tsv 第 1 行应是“题、文、分”"),
    ],
    ids=["document", "query", "spaces", "score"],
)
def test_a_wrong_judgement_is_named(make_folder: MakeFolder, content: str, message: str) -> None:
    with pytest.raises(DatasetInvalid, match=message):
        read_beir(make_folder(test=content), "test")


@pytest.mark.parametrize("name", ["corpus", "queries"])
@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"_id": "x", "text": ', "不是 JSON"),
        (b"[" * 100_000, "不是 JSON"),
        (b'["x"]', "不是一个 JSON 对象"),
        (b'{"text": "x"}', "没有 _id"),
        (b'{"_id": "q1"}', "没有 text"),
        (b'{"_id": "q1", "text": 3}', "没有 text"),
    ],
    ids=["cut", "deep", "list", "no-id", "no-text", "number"],
)
def test_a_broken_line_is_named(make_folder: MakeFolder, name: str, line: bytes, message: str) -> None:
    folder = make_folder()
    first = b'{"_id": "ok", "text": "x"}\n'
    (folder / f"{name}.jsonl").write_bytes(first + line + b"\n")
    if name == "queries":
        (folder / "qrels" / "test.tsv").write_text("q1\td1\t1\n", encoding="utf-8")
    with pytest.raises(DatasetInvalid, match=rf"{name}\.jsonl 第 2 行{message}"):
        read_beir(folder, "test")


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl"])
def test_a_missing_file_is_named(make_folder: MakeFolder, name: str) -> None:
    folder = make_folder()
    (folder / name).unlink()
    with pytest.raises(DatasetInvalid, match=rf"没有 {name}（或 {name}\.gz）"):
        read_beir(folder, "test")


def test_a_folder_without_judgements_says_so(make_folder: MakeFolder) -> None:
    folder = make_folder()
    (folder / "qrels" / "test.tsv").unlink()
    with pytest.raises(DatasetInvalid, match="一个也没有"):
        read_beir(folder, "test")


def test_a_broken_gzip_is_refused_wherever_it_is_broken(make_folder: MakeFolder) -> None:
    folder = make_folder()
    records = b"".join(b'{"_id": "%d", "text": "%d"}\n' % (number, number * 7919) for number in range(500))
    packed = gzip.compress(records, mtime=0)
    flipped = [
        packed[:place] + bytes([packed[place] ^ 8]) + packed[place + 1 :] for place in range(20, len(packed), 90)
    ]
    (folder / "corpus.jsonl").unlink()
    for content in (records, packed[:800], *flipped):
        (folder / "corpus.jsonl.gz").write_bytes(content)
        with pytest.raises(DatasetInvalid, match=r"corpus\.jsonl\.gz"):
            read_beir(folder, "test")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("corpus.jsonl", '{"_id": "d1", "text": "文"}'.encode("gb18030")),
        ("qrels/test.tsv", b'q1\td1\t"' + b"1" * 140_000),
    ],
    ids=["encoding", "endless-cell"],
)
def test_a_file_that_is_no_such_text_is_refused(make_folder: MakeFolder, name: str, content: bytes) -> None:
    folder = make_folder()
    (folder / name).write_bytes(content)
    with pytest.raises(DatasetInvalid, match="无法读取，应是 UTF-8"):
        read_beir(folder, "test")


def test_more_documents_than_can_be_measured_are_refused(make_folder: MakeFolder) -> None:
    folder = make_folder(test="q1\t1\t1\nq2\t1\t1\n")
    lines = [b'{"_id": %d, "text": ""}\n' % number for number in range(MAX_DOCUMENTS + 1)]
    (folder / "corpus.jsonl").write_bytes(b"".join(lines))
    with pytest.raises(DatasetInvalid, match="100001 篇文字，最多能评 100000 篇"):
        read_beir(folder, "test")
    (folder / "corpus.jsonl").write_bytes(b"".join(lines[:-1]))
    assert len(read_beir(folder, "test").documents) == MAX_DOCUMENTS


def test_a_folder_of_this_project_is_no_beir_folder(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_bytes(b"")
    assert not is_beir_folder(tmp_path)
