"""Every peer keeps one contract over the same texts, and one that this machine cannot run says why."""

from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split

from eval.dataset import LabelledQuestion
from eval.interchange.beir import Document
from eval.known_good import heading_rows, missed_headings
from eval.peers.catalogue import open_peer, peer_openers
from eval.peers.texts import SHOWN, SearchedText, document_texts, searched_texts
from eval.served import RANKED_SECTIONS_KEPT, Served
from eval.systems import System
from retriever import Retriever
from retriever.artifact import NO_SECTION
from retriever.encoder import Encoder

# Passages first, then ways to ask, as `searched_texts` gives them.
TEXTS = [
    SearchedText(handbook_id="h", section_id="q1", text="工资由集体协商确定", excerpt="工资由集体协商确定。"),
    SearchedText(
        handbook_id="h", section_id="q2", text="学历可以通过圆梦行动提升", excerpt="学历可以通过“圆梦行动”提升。"
    ),
    SearchedText(handbook_id="h", section_id="q3", text="劳动模范的评选面向一线", excerpt="劳动模范的评选面向一线。"),
    SearchedText(handbook_id="h", section_id="q1", text="老板给多少钱谁说了算", excerpt=None),
    SearchedText(handbook_id="h", section_id="q2", text="怎么念大专", excerpt=None),
    SearchedText(handbook_id="h", section_id="q4", text="没有原文的一问", excerpt=None),
]
LIBRARIES = ["bm25s jieba", "bm25s bigrams", "tf-idf", "txtai hybrid"]
# These count common words or characters, so that they know when there are none.
COUNTING = LIBRARIES[:3]


@pytest.fixture(scope="module")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sentence-transformers model of our own: characters, each at right angles to every other."""
    folder = tmp_path_factory.mktemp("models") / "characters"
    characters = ["[UNK]", *sorted({character for text in TEXTS for character in text.text})]
    tokenizer = Tokenizer(WordLevel({character: place for place, character in enumerate(characters)}, "[UNK]"))
    tokenizer.pre_tokenizer = Split("", "isolated")
    vectors = np.eye(len(characters), dtype=np.float32)
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_weights=vectors)], device="cpu").save(str(folder))
    return folder


@pytest.fixture(scope="module", params=[*LIBRARIES, "model"])
def peer(request: pytest.FixtureRequest, encoder: Encoder, model_folder: Path) -> System:
    name = str(model_folder) if request.param == "model" else request.param
    opened = open_peer(peer_openers(TEXTS, encoder, [str(model_folder)])[name])
    assert not isinstance(opened, str), opened
    assert opened.name == name
    return opened


def asked(question: str, handbook_id: str | None = "h") -> LabelledQuestion:
    return LabelledQuestion(
        row_id="r", category="everyday", question=question, handbook_id=handbook_id, relevance={"q1": 2}
    )


def order(served: Served) -> list[str]:
    return [ranked.section_id for ranked in served.ranking]


def test_every_peer_is_tried_here(encoder: Encoder) -> None:
    assert list(peer_openers(TEXTS, encoder, [])) == LIBRARIES


def test_an_exact_wording_leads_to_its_section_and_a_passage_of_it(peer: System) -> None:
    for text in TEXTS:
        served = peer.serve(asked(text.text))
        assert (order(served)[0], served.outcome) == (text.section_id, "answered")
    served = peer.serve(asked("怎么念大专"))
    assert served.excerpts[0].section_id == "q2"
    assert served.excerpts[0].excerpt == "学历可以通过“圆梦行动”提升。"


def test_the_best_comes_first_and_no_section_twice(peer: System) -> None:
    served = peer.serve(asked("劳动模范工资学历"))
    scores = [ranked.fused_score for ranked in served.ranking]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0
    assert len(set(order(served))) == len(scores) >= 2
    assert [excerpt.section_id for excerpt in served.excerpts] == [
        section for section in order(served)[:SHOWN] if section != "q4"
    ]
    assert (served.answer_probability, served.understood_as) == (None, None)


def test_the_same_is_served_again_and_by_the_same_peer_made_anew(
    peer: System, encoder: Encoder, model_folder: Path
) -> None:
    again = open_peer(peer_openers(TEXTS, encoder, [str(model_folder)])[peer.name])
    assert not isinstance(again, str)
    for question in ("劳动模范工资学历", "怎么念大专", "没有", "xyz"):
        served = peer.serve(asked(question))
        assert peer.serve(asked(question)) == served
        assert again.serve(asked(question)) == served


def test_a_section_without_a_passage_is_ranked_and_shows_none(peer: System) -> None:
    served = peer.serve(asked("没有原文的一问"))
    assert order(served)[0] == "q4"
    assert "q4" not in {excerpt.section_id for excerpt in served.excerpts}


def test_a_question_that_shares_nothing_is_abstained_where_a_peer_can_know(peer: System) -> None:
    served = peer.serve(asked("xyz"))
    if peer.name in COUNTING:
        assert (served.outcome, served.ranking, served.excerpts) == ("abstained", (), ())
    else:
        assert served.outcome in {"answered", "abstained"}


def test_another_handbook_finds_nothing_and_none_named_finds_all(peer: System) -> None:
    nothing = peer.serve(asked("怎么念大专", "other"))
    assert (nothing.outcome, nothing.ranking, nothing.excerpts) == ("abstained", (), ())
    assert peer.serve(asked("怎么念大专", None)) == peer.serve(asked("怎么念大专"))


@pytest.mark.parametrize("question", [" ", "\x00", "问" * 501])
def test_a_question_that_cannot_be_asked_is_refused(peer: System, question: str) -> None:
    assert peer.serve(asked(question)) == Served(row_id="r", outcome="refused")


@pytest.mark.parametrize("name", COUNTING)
def test_over_the_shipped_index_every_heading_leads_to_its_own_section(
    retriever: Retriever, encoder: Encoder, name: str
) -> None:
    peer = open_peer(peer_openers(searched_texts(retriever.index), encoder, [])[name])
    assert not isinstance(peer, str)
    rows = heading_rows(retriever.index, retriever.index.handbooks)
    assert missed_headings(rows, peer) == ()
    assert len(peer.serve(rows[0]).ranking) == RANKED_SECTIONS_KEPT


def test_peers_search_what_our_index_holds_and_no_negative_question(retriever: Retriever) -> None:
    index = retriever.index
    texts = searched_texts(index)
    negative = [wording for wording in index.wordings if wording.section_id == NO_SECTION]
    assert negative
    assert len(texts) == len(index.passages) + len(index.wordings) - len(negative)
    assert {text.section_id for text in texts} <= {section for _, section in index.sections}
    for text, passage in zip(texts, index.passages, strict=False):
        handbook = index.handbooks[passage.handbook_id]
        assert (text.section_id, text.excerpt) == (passage.section_id, handbook.text[passage.start : passage.end])
    assert all(text.excerpt is None for text in texts[len(index.passages) :])


def test_documents_of_a_collection_are_sections_of_their_own() -> None:
    texts = document_texts([Document("d1", "题", "文"), Document("d2", "", "只有文")])
    assert [(text.section_id, text.text, text.excerpt) for text in texts] == [
        ("d1", "题 文", "文"),
        ("d2", "只有文", "只有文"),
    ]


def test_a_model_that_is_not_there_is_reported_with_the_reason(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # The environment is read when the library is imported, which it is by now.
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    missing = str(tmp_path / "none")
    openers = peer_openers(TEXTS, encoder, [missing, "no/such-model"])
    reason = open_peer(openers[missing])
    assert isinstance(reason, str)
    assert f"没有向量模型文件夹 {missing}" in reason
    reason = open_peer(openers["no/such-model"])
    assert isinstance(reason, str)
    assert "无法载入模型 no/such-model" in reason


@pytest.mark.parametrize(
    ("name", "package", "module"),
    [
        ("bm25s jieba", "jieba", "eval.peers.bm25"),
        ("tf-idf", "sklearn", "eval.peers.tf_idf"),
        ("txtai hybrid", "txtai", "eval.peers.txtai_hybrid"),
    ],
)
def test_a_library_that_is_not_installed_is_reported_with_the_command(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch, name: str, package: str, module: str
) -> None:
    modules = __import__("sys").modules
    for loaded in [loaded for loaded in modules if loaded == module or loaded.partition(".")[0] == package]:
        monkeypatch.delitem(modules, loaded)
    monkeypatch.setitem(modules, package, None)
    reason = open_peer(peer_openers(TEXTS, encoder, [])[name])
    assert isinstance(reason, str)
    assert reason.startswith(f"没有安装 {package}")
    assert "pip install -e '.[peers]'" in reason
