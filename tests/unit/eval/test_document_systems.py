"""Our searches over somebody else's texts, with an encoder that was never trained on them."""

from collections.abc import Callable

import numpy as np
import pytest

from corpus.errors import DatasetInvalid
from eval.dataset import LabelledQuestion
from eval.document_systems import DOCUMENT_SYSTEM_NAMES, SHOWN, DocumentIndex, DocumentSystem
from eval.interchange.beir import Document
from eval.served import RANKED_SECTIONS_KEPT, Served
from retriever.encoder import Encoder, Vectors
from retriever.parameters import load_parameter_sets

TOPICS = [
    "年休假按累计工作年限计算",
    "加班费按小时工资的倍数支付",
    "高温津贴每年六月开始发放",
    "工伤认定应在三十日内申请",
    "产假期间照发基本工资",
    "探亲路费由所在单位负担",
    "劳动合同应当采用书面形式",
    "试用期最长不超过六个月",
    "经济补偿按本单位工作年限支付",
    "失业保险金由经办机构按月发放",
    "公积金可以用来偿还房贷",
    "工会会费由会员按月缴纳",
    "职工代表大会每年至少召开一次",
    "集体协商由双方代表进行",
    "技能等级证书全国通用",
    "师傅带徒弟享受带徒津贴",
    "劳动模范每五年评选一次",
    "困难职工可以申请帮扶",
    "女职工哺乳时间每天一小时",
    "退休年龄实行弹性制度",
]
DOCUMENTS = tuple(
    Document(f"d{number}", "" if number % 2 else topic[:3], f"{topic}。") for number, topic in enumerate(TOPICS)
)
EVERY_SYSTEM = pytest.mark.parametrize("name", DOCUMENT_SYSTEM_NAMES)
Open = Callable[[str], DocumentSystem]

WEIGHTS = load_parameter_sets().plain.fusion


def nobody_looks(_doing: str, _done: int, _total: int) -> None:
    pass


@pytest.fixture(scope="module")
def opened(hash_encoder: Encoder) -> Open:
    index = DocumentIndex(DOCUMENTS, hash_encoder, nobody_looks)
    return lambda name: DocumentSystem(name, index, WEIGHTS)


def asked(question: str) -> LabelledQuestion:
    return LabelledQuestion(row_id="r", category="query", question=question, handbook_id=None, relevance={"d0": 1})


def order(served: Served) -> list[str]:
    return [ranked.section_id for ranked in served.ranking]


@EVERY_SYSTEM
def test_a_text_asked_for_in_its_own_words_comes_first_and_is_shown_whole(opened: Open, name: str) -> None:
    for document, topic in zip(DOCUMENTS, TOPICS, strict=True):
        served = opened(name).serve(asked(topic))
        assert order(served)[0] == document.document_id
        assert (served.outcome, served.answer_probability) == ("answered", None)
        assert served.excerpts[0].excerpt == document.text


@EVERY_SYSTEM
def test_a_ranking_falls_and_stops_at_ten_and_three_are_shown(opened: Open, name: str) -> None:
    served = opened(name).serve(asked("职工按月工资一年工作"))
    scores = [ranked.fused_score for ranked in served.ranking]
    assert scores == sorted(scores, reverse=True)
    assert SHOWN < len(set(order(served))) == len(scores) <= RANKED_SECTIONS_KEPT
    assert [excerpt.section_id for excerpt in served.excerpts] == order(served)[:SHOWN]


@EVERY_SYSTEM
def test_the_same_question_is_served_the_same_by_an_index_made_anew(
    opened: Open, hash_encoder: Encoder, name: str
) -> None:
    again = DocumentSystem(name, DocumentIndex(DOCUMENTS, hash_encoder, nobody_looks), WEIGHTS)
    for question in ("工会", "职工按月工资一年工作", "App"):
        assert again.serve(asked(question)) == opened(name).serve(asked(question))


def test_words_alone_find_nothing_where_none_is_shared_and_meaning_alone_always_guesses(opened: Open) -> None:
    question = asked("ＸＹＺ")
    assert opened("lexical").serve(question) == Served(row_id="r", outcome="abstained")
    assert len(order(opened("dense").serve(question))) == RANKED_SECTIONS_KEPT


def test_the_hybrid_adds_both_numbers(opened: Open) -> None:
    question = asked("会费")
    single = {
        name: {ranked.section_id: ranked.fused_score for ranked in opened(name).serve(question).ranking}
        for name in ("dense", "lexical")
    }
    best = opened("hybrid").serve(question).ranking[0]
    both = single["dense"][best.section_id] + single["lexical"][best.section_id]
    assert best.section_id == "d11"
    assert best.fused_score == pytest.approx(both, abs=0.001)


def test_a_vector_of_nothing_is_not_searched_with() -> None:
    class Blind:
        encoder_id, dimension = "blind", 4

        def encode(self, texts: list[str]) -> Vectors:
            return np.zeros((len(texts), 4), dtype=np.float32)

    index = DocumentIndex(DOCUMENTS, Blind(), nobody_looks)
    weights = WEIGHTS
    assert DocumentSystem("dense", index, weights).serve(asked("会费")) == Served(row_id="r", outcome="abstained")
    assert order(DocumentSystem("hybrid", index, weights).serve(asked("会费"))) == ["d11"]


@EVERY_SYSTEM
@pytest.mark.parametrize("question", [" ", "问" * 501, "工会\x07"])
def test_a_question_that_cannot_be_asked_is_refused(opened: Open, name: str, question: str) -> None:
    assert opened(name).serve(asked(question)) == Served(row_id="r", outcome="refused")


def test_traditional_characters_and_wide_letters_are_read_alike(opened: Open) -> None:
    for name in DOCUMENT_SYSTEM_NAMES:
        assert opened(name).serve(asked("勞動模範")) == opened(name).serve(asked("劳动模范"))


def test_progress_is_told_and_reaches_its_end(hash_encoder: Encoder) -> None:
    told: list[tuple[str, int, int]] = []
    many = [Document(str(number), "", "工会") for number in range(300)]
    DocumentIndex(many, hash_encoder, lambda doing, done, total: told.append((doing, done, total)))
    assert told == [("编码文字", 256, 300), ("编码文字", 300, 300), ("建词项索引", 0, 1), ("建词项索引", 1, 1)]


def test_a_single_text_is_a_collection(hash_encoder: Encoder) -> None:
    index = DocumentIndex(DOCUMENTS[:1], hash_encoder, nobody_looks)
    for name in DOCUMENT_SYSTEM_NAMES:
        assert order(DocumentSystem(name, index, WEIGHTS).serve(asked("年休假"))) == ["d0"]


def test_ties_go_to_the_text_that_stands_first(hash_encoder: Encoder) -> None:
    index = DocumentIndex([Document(name, "", "工会") for name in ("z", "a", "m")], hash_encoder, nobody_looks)
    assert order(DocumentSystem("lexical", index, WEIGHTS).serve(asked("工会"))) == [
        "z",
        "a",
        "m",
    ]


def test_texts_without_a_word_are_refused(hash_encoder: Encoder) -> None:
    with pytest.raises(DatasetInvalid, match="没有一个可以检索的词"):
        DocumentIndex([Document("d", "", "……"), Document("e", "", "")], hash_encoder, nobody_looks)
