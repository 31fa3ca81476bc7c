"""Questions that ask the same, together; greetings and attacks apart from those that want an answer."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from chat_api.state.questions import LoggedQuestion
from retriever.encoder import Encoder
from retriever.normalise import Normaliser

# Cosine similarity to the first question of a group, from which on one asks the same.
ASKS_THE_SAME: Final = 0.72
Kind = Literal["question", "greeting", "attack"]
KIND_NAMES: Final[dict[Kind, str]] = {"question": "待整理", "greeting": "寒暄", "attack": "捣乱"}
_GREETING: Final = re.compile(
    r"(你好|您好|哈喽|嗨|hi|hello|在吗|在不在|有人吗|早上好|上午好|中午好|下午好|晚上好|早安|晚安|谢谢|多谢|感谢|辛苦了|再见|拜拜"
    r"|你是谁|你叫什么|你是机器人吗|测试|test|ok|好的|嗯+|哦+|哈+|呵+|[\d\W_]+)[啊呀吗哈了你您!！?？。,，~\s]*",
    re.IGNORECASE,
)
_ATTACK: Final = re.compile(
    r"忽略.{0,8}(指令|提示|规则|要求)|无视.{0,8}(指令|提示|规则)|系统提示|提示词|system\s*prompt|ignore\s.{0,30}instruction"
    r"|jailbreak|越狱|扮演|<\s*/?\s*(script|img|iframe|svg)|javascript:|union\s+select|drop\s+table|\bor\s+1\s*=\s*1|\.\./|\$\{|\{\{",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Questions that ask the same.

    Attributes:
        kind: Whether they want an answer.
        questions: The one that is most like the others first.
        nearest: Handbook and section that came first most often; ("", "") when none was found.
    """

    kind: Kind
    questions: tuple[LoggedQuestion, ...]
    nearest: tuple[str, str]

    @property
    def reasons(self) -> tuple[str, ...]:
        """What people wrote about the answers, each once."""
        return tuple(dict.fromkeys(question.reason for question in self.questions if question.reason))

    @property
    def useless_count(self) -> int:
        """How many people found the answer of no use."""
        return sum(question.useful is False for question in self.questions)


def kind_of(question: str) -> Kind:
    """Return what somebody wants with a question, by its words; in doubt, an answer."""
    if _ATTACK.search(question):
        return "attack"
    return "greeting" if _GREETING.fullmatch(question.strip()) else "question"


def clusters(questions: Sequence[LoggedQuestion], encoder: Encoder) -> tuple[Cluster, ...]:
    """Return the questions in groups, the largest first, ties in the order of the questions; empty for none.

    Each question joins the group whose first question it is most like, or opens one (leader clustering; Hartigan,
    "Clustering Algorithms", 1975).
    """
    normalise = Normaliser()
    texts = list(dict.fromkeys(normalise(question.question) for question in questions))
    if not texts:
        return ()
    vectors = encoder.encode(texts)
    leaders: list[int] = []
    group_of: dict[str, int] = {}
    for place, text in enumerate(texts):
        similarities = vectors[leaders] @ vectors[place]
        best = int(similarities.argmax()) if leaders else 0
        if leaders and similarities[best] >= ASKS_THE_SAME:
            group_of[text] = best
        else:
            group_of[text] = len(leaders)
            leaders.append(place)
    groups: list[list[LoggedQuestion]] = [[] for _ in leaders]
    for question in questions:
        groups[group_of[normalise(question.question)]].append(question)
    found = [_cluster(group, encoder, normalise) for group in groups]
    return tuple(sorted(found, key=lambda cluster: -len(cluster.questions)))


def _cluster(group: list[LoggedQuestion], encoder: Encoder, normalise: Normaliser) -> Cluster:
    vectors = encoder.encode([normalise(question.question) for question in group])
    closeness = vectors @ vectors.mean(axis=0)
    order = np.argsort(-closeness, kind="stable").tolist()
    nearest = Counter((question.handbook_id, question.section_id) for question in group if question.section_id)
    return Cluster(
        kind=kind_of(group[order[0]].question),
        questions=tuple(group[place] for place in order),
        nearest=nearest.most_common(1)[0][0] if nearest else ("", ""),
    )
