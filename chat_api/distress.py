"""Words of somebody who may need help now; such a question is answered as any other, and told whom to call."""

import re

_PATTERN = re.compile(
    r"自杀|轻生|自残|自尽|跳楼|割腕|寻死|遗书|不想活|活不下去|活着没意思|想死|去死"
    r"|性骚扰|猥亵|强奸|家暴|被打|殴打|挨打|人身威胁|非法拘禁|限制人身自由|扣押身份证|强迫劳动"
    r"|受重伤|断了手|断指|砸伤|烫伤|烧伤|触电|中毒"
)


def is_distressed(question: str) -> bool:
    """Return whether a question speaks of danger to life, violence or injury."""
    return _PATTERN.search(question) is not None
