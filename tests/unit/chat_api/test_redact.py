import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat_api.redact import redacted


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("打13812345678找我", "打[手机号]找我"),
        ("138 1234 5678", "[手机号]"),
        ("138-1234-5678", "[手机号]"),
        ("+86 13812345678", "[手机号]"),
        ("008613812345678", "[手机号]"),
        ("１３８１２３４５６７８", "[手机号]"),
        ("0553-1234567", "[电话]"),
        ("(0553)1234567", "[电话]"),
        ("（021）12345678", "[电话]"),
        ("110101199003071234", "[证件号]"),
        ("身份证11010119900307123X。", "身份证[证件号]。"),
        ("11010119900307123x", "[证件号]"),
        ("旧证110101900307123", "旧证[证件号]"),
        ("6222021234567890123", "[银行卡号]"),
        ("6222 0212 3456 7890 123", "[银行卡号]"),
        ("6222-0212-3456-7890", "[银行卡号]"),
        ("写信到 zhang.san+work@example.com.cn", "写信到 [邮箱]"),
        ("京A12345", "[车牌号]"),
        ("粤B·D12345", "[车牌号]"),
        ("粤BD12345", "[车牌号]"),
        ("沪a12345", "[车牌号]"),
        ("我叫张三，13812345678", "我叫[姓名],[手机号]"),
        ("姓名：欧阳小明", "姓名:[姓名]"),
        ("姓名: 李四", "姓名: [姓名]"),
    ],
)
def test_personal_numbers_and_names_are_masked(written: str, kept: str) -> None:
    assert redacted(written) == kept


@pytest.mark.parametrize(
    "text",
    [
        "工资3500元",
        "补贴1000元到2000元",
        "13800元",
        "奖金100000000元",
        "2022年5月1日",
        "2022-05-01",
        "20220501",
        "2022-05-01至2023-06-01",
        "国发〔2022〕12号",
        "中办发〔2017〕14号",
        "第38问",
        "12351",
        "9点到11点30分",
        "工号20220012",
        "满1年不满10年",
        "91110000MA0012345X",
        "新三板",
    ],
)
def test_sums_dates_and_document_numbers_stay(text: str) -> None:
    assert redacted(text) == text


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=30), number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_phone_number_never_survives_among_other_words(text: str, number: str) -> None:
    assert number not in redacted(f"{text}，{number}，{text}")
