"""Personal numbers out of free text before it is stored."""

import re
import unicodedata

# Prefer a false hit over a miss; sums, dates and document numbers stay. Order matters: the longest numbers first.
_PATTERNS = (
    ("[邮箱]", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("[证件号]", re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)")),
    ("[证件号]", re.compile(r"(?<!\d)\d{6}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")),
    ("[银行卡号]", re.compile(r"(?<!\d)(?:\d[ -]?){15,18}\d(?!\d)")),
    ("[手机号]", re.compile(r"(?<!\d)(?:(?:\+|00)?86[ -]?)?1[3-9](?:[ -]?\d){9}(?!\d)")),
    ("[电话]", re.compile(r"(?<!\d)\(?0\d{2,3}[) -]{0,2}\d{7,8}(?!\d)")),
    (
        "[车牌号]",
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][·\s]?(?=[A-Za-z]*\d)[A-Za-z0-9]{5,6}"
        ),
    ),
    (r"\1[姓名]", re.compile(r"(我叫|我是叫|姓名[：:]\s?)[\u4e00-\u9fff·]{2,4}")),
)


def redacted(text: str) -> str:
    """Return the text, NFKC-normalised, with identity, phone, card and plate numbers, e-mail and names masked."""
    masked = unicodedata.normalize("NFKC", text)
    for mask, pattern in _PATTERNS:
        masked = pattern.sub(mask, masked)
    return masked
