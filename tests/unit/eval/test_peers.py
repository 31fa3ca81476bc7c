from pathlib import Path

import pytest
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Split

from eval.interchange.beir import Document
from eval.peers.catalogue import open_peer, peer_openers
from eval.peers.texts import SearchedText, document_texts
from retriever.encoder import Encoder

TEXTS = [
    SearchedText(handbook_id="h", section_id="q1", text="工资由集体协商确定", excerpt="工资由集体协商确定。"),
    SearchedText(
        handbook_id="h", section_id="q2", text="学历可以通过圆梦行动提升", excerpt="学历可以通过“圆梦行动”提升。"
    ),
    SearchedText(handbook_id="h", section_id="q3", text="劳动模范的评选面向一线", excerpt="劳动模范的评选面向一线。"),
    SearchedText(handbook_id="h", section_id="q1", text="老板给多少钱谁说了算", excerpt=None),
    SearchedText(handbook_id="h", section_id="q2", text="怎么念大专", excerpt=None),
]
NAMES = ["bm25s jieba", "bm25s bigrams", "tf-idf", "txtai hybrid"]


@pytest.fixture(scope="module", params=NAMES)
def peer(request: pytest.FixtureRequest, encoder: Encoder):
    opened = open_peer(peer_openers(TEXTS, encoder, [])[request.param])
    assert not isinstance(opened, str), opened
    return opened


def test_an_exact_wording_leads_to_its_section_and_a_passage_of_it(peer, row) -> None:
    served = peer.serve(row("r", {}, question="怎么念大专", handbook_id="h"))
    assert served.ranking[0].section_id == "q2"
    assert served.excerpts[0].section_id == "q2"
    assert served.excerpts[0].excerpt == "学历可以通过“圆梦行动”提升。"


def test_the_best_comes_first_and_the_same_every_time(peer, row) -> None:
    asked = row("r", {}, question="劳动模范工资学历", handbook_id="h")
    served = peer.serve(asked)
    scores = [ranked.fused_score for ranked in served.ranking]
    assert scores == sorted(scores, reverse=True)
    assert len({ranked.section_id for ranked in served.ranking}) == len(served.ranking)
    assert peer.serve(asked) == served


def test_another_handbook_and_a_question_that_cannot_be_asked_find_nothing(peer, row) -> None:
    assert peer.serve(row("r", {}, question="怎么念大专", handbook_id="other")).ranking == ()
    assert peer.serve(row("r", {}, question="\x00")).outcome == "refused"


def test_a_model_that_is_not_there_is_reported_with_the_reason(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    reason = open_peer(peer_openers(TEXTS, encoder, [str(tmp_path / "none")])[str(tmp_path / "none")])
    assert isinstance(reason, str)
    assert "没有向量模型文件夹" in reason
    reason = open_peer(peer_openers(TEXTS, encoder, ["no/such-model"])["no/such-model"])
    assert isinstance(reason, str)
    assert "无法载入模型 no/such-model" in reason


def test_a_model_of_ones_own_is_one_more_peer(encoder: Encoder, tmp_path: Path, row) -> None:
    characters = sorted({character for text in TEXTS for character in text.text})
    tokenizer = Tokenizer(
        WordLevel({character: place for place, character in enumerate(["[UNK]", *characters])}, "[UNK]")
    )
    tokenizer.pre_tokenizer = Split("", "isolated")
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=16)]).save(str(tmp_path / "model"))
    name = str(tmp_path / "model")
    opened = open_peer(peer_openers(TEXTS, encoder, [name])[name])
    assert not isinstance(opened, str), opened
    assert opened.name == name
    assert opened.serve(row("r", {}, question="怎么念大专", handbook_id="h")).ranking[0].section_id == "q2"


def test_documents_of_a_collection_are_sections_of_their_own() -> None:
    texts = document_texts([Document("d1", "题", "文"), Document("d2", "", "只有文")])
    assert [(text.section_id, text.text, text.excerpt) for text in texts] == [
        ("d1", "题 文", "文"),
        ("d2", "只有文", "只有文"),
    ]
