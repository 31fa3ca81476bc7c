"""Many handbooks at once: each with its own words, dates and visibility, and only what changes is made again."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from chat_api import create_app
from chat_api.settings import ServerSettings
from corpus.errors import UnknownHandbook
from ingest.pieces import PIECES_FOLDER
from ingest.pipeline import build_index
from retriever import Retriever
from retriever.encoder import Encoder, Vectors
from retriever.settings import RetrieverSettings

Write = Callable[[Path, dict[str, str]], Path]
FEE = "会费按照本人工资收入的百分之零点五交纳，由基层工会按月收取，尾数不足十元的部分不计交会费。"
LEAVE = "职工累计工作已满1年不满10年的，年休假5天；已满10年不满20年的，年休假10天；已满20年的，年休假15天。"


class CountingEncoder:
    """The shipped encoder, which remembers what it was asked to encode."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.encoder_id = encoder.encoder_id
        self.dimension = encoder.dimension
        self.texts: list[str] = []

    def encode(self, texts: list[str]) -> Vectors:
        self.texts += texts
        return self._encoder.encode(texts)


def add_lines(folder: Path, *lines: str) -> None:
    with (folder / "manifest.toml").open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


@pytest.fixture
def folders(tmp_path: Path, write_handbook: Write) -> list[Path]:
    parent = tmp_path / "handbooks"
    return [
        write_handbook(parent / "fees", {"会费怎么交？": FEE, "会员证怎么补？": "向所在基层工会申请补办会员证。"}),
        write_handbook(parent / "leave", {"年休假有几天？": LEAVE, "会费怎么交？": FEE}),
        write_handbook(parent / "help", {"困难职工怎么申请帮扶？": "向基层工会提出申请，附上家庭收入证明。"}),
    ]


def opened(index_folder: Path, folders: list[Path], encoder: Encoder) -> Retriever:
    build_index(folders, index_folder, encoder)
    return Retriever.open_current(index_folder, encoder)


def test_the_same_words_in_two_handbooks_are_two_citations_and_do_not_compete(
    tmp_path: Path, folders: list[Path], encoder: Encoder
) -> None:
    alone = opened(tmp_path / "one", [folders[0], folders[2]], encoder).answer("会费怎么交")
    both = opened(tmp_path / "all", folders, encoder).answer("会费怎么交")
    assert [citation.handbook_id for citation in both.citations[:2]] == ["fees", "leave"]
    assert both.citations[0].excerpt == both.citations[1].excerpt == FEE
    assert both.answer_probability == pytest.approx(alone.answer_probability, abs=0.2)


def test_one_handbook_can_be_asked_alone(tmp_path: Path, folders: list[Path], encoder: Encoder) -> None:
    retriever = opened(tmp_path / "index", folders, encoder)
    answer = retriever.answer("会费怎么交", handbook_id="leave")
    assert {citation.handbook_id for citation in answer.citations} == {"leave"}
    with pytest.raises(UnknownHandbook):
        retriever.answer("会费怎么交", handbook_id="nothing")


def test_of_two_editions_the_newer_comes_first_and_the_older_is_marked(
    tmp_path: Path, write_handbook: Write, encoder: Encoder, folders: list[Path]
) -> None:
    answer = "职工每年带薪休假六天，具体办法由单位与工会协商确定。"
    newer = write_handbook(
        tmp_path / "handbooks" / "a-leave-2", {"年休假有几天？": answer, "产假几天？": "一百五十八天。"}
    )
    add_lines(newer, 'replaces = "leave"', 'effective_from = "2024-01-01"')
    retriever = opened(tmp_path / "index", [*folders, newer], encoder)
    found = retriever.answer("年休假有几天", limit=10).citations
    assert [(citation.handbook_id, citation.is_outdated) for citation in found[:2]] == [
        ("a-leave-2", False),
        ("leave", True),
    ]
    assert found[0].effective_from == "2024-01-01"
    older = retriever.answer("年休假有几天", handbook_id="leave").citations[0]
    assert older.is_outdated


def test_an_edition_that_is_not_in_force_yet_outdates_nothing(
    tmp_path: Path, write_handbook: Write, encoder: Encoder, folders: list[Path]
) -> None:
    newer = write_handbook(
        tmp_path / "handbooks" / "leave-2", {"年休假有几天？": "六天。", "产假几天？": "一百五十八天。"}
    )
    add_lines(newer, 'replaces = "leave"', 'effective_from = "2999"')
    found = opened(tmp_path / "index", [*folders, newer], encoder).answer("年休假有几天", limit=10).citations
    assert not any(citation.is_outdated for citation in found)


def test_only_who_names_an_unlisted_handbook_is_answered_from_it_and_nobody_from_a_hidden_one(
    tmp_path: Path, folders: list[Path], encoder: Encoder
) -> None:
    add_lines(folders[0], 'visibility = "unlisted"')
    add_lines(folders[2], 'visibility = "hidden"')
    retriever = opened(tmp_path / "data" / "index", folders, encoder)
    assert {citation.handbook_id for citation in retriever.answer("会费怎么交").citations} == {"leave"}
    assert {citation.handbook_id for citation in retriever.answer("会员证怎么补", handbook_id="fees").citations} == {
        "fees"
    }
    assert not any(suggestion.handbook_id == "fees" for suggestion in retriever.suggest("会员证", 5))
    with pytest.raises(UnknownHandbook):
        retriever.answer("帮扶", handbook_id="help")
    with TestClient(create_app(ServerSettings(), RetrieverSettings(data=tmp_path / "data"))) as client:
        assert [handbook["id"] for handbook in client.get("/v1/handbooks").json()["handbooks"]] == ["leave"]


def test_the_words_of_a_dictionary_lead_to_the_passage(tmp_path: Path, folders: list[Path], encoder: Encoder) -> None:
    before = opened(tmp_path / "before", folders, encoder).answer("特困补助金")
    (folders[2] / "dictionary.toml").write_text('groups = [["帮扶", "特困补助金"]]', encoding="utf-8")
    after = opened(tmp_path / "after", folders, encoder).answer("特困补助金")
    assert after.ranking[0].key == ("help", "q1")
    assert after.ranking[0].signals.passage_coverage > (
        before.ranking[0].signals.passage_coverage if before.ranking else 0.0
    )


def test_a_change_of_one_handbook_encodes_that_one_only(
    tmp_path: Path, write_handbook: Write, encoder: Encoder
) -> None:
    parent = tmp_path / "many"
    folders = [
        write_handbook(parent / f"book-{place}", {f"第{place}项怎么办理？": f"{FEE}{place}"}) for place in range(20)
    ]
    counting = CountingEncoder(encoder)
    first = build_index(folders, tmp_path / "index", counting)
    assert len(counting.texts) >= 40
    counting.texts.clear()
    (folders[7] / "negative_questions.jsonl").write_text('{"q": "别的事情怎么办"}\n', encoding="utf-8")
    second = build_index(folders, tmp_path / "index", counting)
    assert second.version != first.version
    assert "别的事情怎么办" in counting.texts
    encoded = {text for text in counting.texts if FEE[:10] in text and "项怎么办理" in text}
    assert {place for place in range(20) if any(f"第{place}项" in text for text in encoded)} == {7}


def test_the_same_index_comes_from_pieces_and_from_nothing(
    tmp_path: Path, folders: list[Path], encoder: Encoder
) -> None:
    build_index(folders[:2], tmp_path / "grown", encoder)
    grown = build_index(folders, tmp_path / "grown", encoder)
    assert grown == build_index(folders, tmp_path / "new", encoder)


def test_a_damaged_piece_is_made_again(tmp_path: Path, folders: list[Path], encoder: Encoder) -> None:
    version = build_index(folders, tmp_path / "index", encoder).version
    for path in (tmp_path / "index" / PIECES_FOLDER).iterdir():
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    assert build_index(folders, tmp_path / "index", encoder).version == version


def test_pieces_of_handbooks_that_are_gone_go_too(tmp_path: Path, folders: list[Path], encoder: Encoder) -> None:
    build_index(folders, tmp_path / "index", encoder)
    build_index(folders[:1], tmp_path / "index", encoder)
    assert len(list((tmp_path / "index" / PIECES_FOLDER).iterdir())) == 2


def test_an_article_is_asked_for_by_its_law_and_number(tmp_path: Path, folders: list[Path], encoder: Encoder) -> None:
    from corpus.manifest import Manifest, file_sha256
    from ingest.add import add_handbook

    source = tmp_path / "law.txt"
    source.write_text(
        "中华人民共和国工会法\n第一章 总则\n第一条　为保障工会的地位，制定本法。\n"
        "第二条　工会是职工自愿结合的群众组织。\n第三条　职工都有参加和组织工会的权利。\n",
        encoding="utf-8",
    )
    manifest = Manifest(
        id="union-law", title="中华人民共和国工会法", edition="2021年修正", publisher="", date="2021",
        source_file="source.txt", source_sha256=file_sha256(source), expected_question_count=3, origin="", terms="",
    )  # fmt: skip
    add_handbook(source, manifest, tmp_path / "handbooks")
    retriever = opened(tmp_path / "index", [*folders, tmp_path / "handbooks" / "union-law"], encoder)
    citation = retriever.answer("工会法第三条怎么说").citations[0]
    assert citation.label == "《工会法》第三条"
    assert (citation.question_number, citation.part) == (None, "第一章 总则")
    assert citation.excerpt == "第三条　职工都有参加和组织工会的权利。"
    assert ("union-law", "a3") in [section.key for section in retriever.answer("谁有权利组织工会").ranking]
    assert retriever.answer("劳动法第三条").matched_by == "content"
