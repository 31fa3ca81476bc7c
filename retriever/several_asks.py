"""One message that asks several things: “派遣工还低人一等不？技能等级跟职称能不能打通？”."""

import re

from retriever.terms import topic_words

_END = re.compile(r"[?？。;；!！]|[,，]|(?=还有(?!什么|啥|哪|没有|吗|多)|另外|再一个|再就是|再说说|顺便)")
# A clause with one of these asks something; read on normalised text.
_ASKS = re.compile(
    r"什么|啥|哪|怎么|怎样|咋|如何|多少|几[个种条级届年家]|谁|为何|吗|嘛|呢|么$|有没有|有无|是否|(?<![我他她你们就都也])没有?$|不$|说说|讲讲|介绍|(.)不\1"
)
MIN_TOPIC_WORDS = 2
MAX_ASKS = 3


def several_asks(text: str) -> list[str]:
    """Return the questions that a normalised text asks one after the other; empty when it asks one thing only.

    Clauses that ask nothing tell the circumstances of the next question, and belong to it; those that name next to
    nothing belong to the one before.
    """
    asks: list[str] = []
    circumstances: list[str] = []
    for clause in filter(None, (clause.strip() for clause in _END.split(text) if clause)):
        circumstances.append(clause)
        if _ASKS.search(clause):
            ask = " ".join(circumstances)
            if asks and len(topic_words(clause)) < MIN_TOPIC_WORDS:
                asks[-1] = f"{asks[-1]} {ask}"
            else:
                asks.append(ask)
            circumstances = []
    return asks[:MAX_ASKS] if len(asks) > 1 else []
