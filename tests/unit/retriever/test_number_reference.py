import pytest

from retriever.normalise import Normaliser
from retriever.number_reference import number_reference


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("第十九问", 19),
        ("第三十二问讲啥", 32),
        ("第 38 问", 38),
        ("第７个问题", 7),
        ("第50題", 50),
        ("Q38", 38),
        ("q 12 说的什么", 12),
        ("Q.5", 5),
        ("问题三十八讲什么", 38),
        ("问题38", 38),
        ("看看38题", 38),
        ("翻到17问", 17),
        ("35号问题给我看看", 35),
        ("44", 44),
        ("第贰拾捌问", 28),
        ("question 16", 16),
        ("35问第一句", 35),
        ("我要看第 十二 个", 12),
        ("小册子里第四十四条写的啥", 44),
        ("第三十八", 38),
        ("第38个是啥", 38),
        ("第28道", 28),
        ("第12小题", 12),
        ("第 二 十 八 问", 28),
        ("问38", 38),
        ("38那个问题", 38),
        ("给我28问", 28),
        ("翻到28", 28),
        ("50问里第28个", 28),
        ("地二十八问", 28),
        ("第28闻", 28),
        ("题28", 28),
        ("廿八问", 28),
        ("第卅问", 30),
        ("第3十8问", 38),
        ("question number 38", 38),
        ("the 12th question", 12),
        ("#38", 38),
        ("（三十八）", 38),
        ("di 38 wen", 38),
        ("题号：38", 38),
        ("查一下38问", 38),
        ("给我看看第38", 38),
        ("手册里38", 38),
        ("五十问里的三十八", 38),
        ("50个问题里第38个", 38),
        ("把12问发我", 12),
        ("Q：三十八", 38),
        ("低三十八问", 38),
        ("第38吻", 38),
        ("头一问", 1),
        ("第（三十八）问", 38),
        ("第38.问", 38),
        ("第 3 8 问", 38),
        ("第3️⃣8️⃣问", 38),
        ("第30八问", 38),
        ("di san shi ba wen", 38),
        ("编号38的问题", 38),
        ("瞅瞅第38", 38),
        ("38那道题", 38),
        ("倒着数第三问", -3),
        ("倒数第一问", -1),
        ("倒数第二个问题讲的啥", -2),
        ("最后一问", -1),
        ("最后一个问题讲了什么", -1),
    ],
)
def test_a_question_asked_for_by_number_is_recognised(question: str, number: int) -> None:
    reference = number_reference(Normaliser()(question))
    assert reference is not None
    assert (reference.numbers, reference.is_certain) == ((number,), True)


@pytest.mark.parametrize(
    ("question", "numbers"),
    [
        ("第12、13问", (12, 13)),
        ("第十二问和第三问", (12, 3)),
        ("12问到15问", (12, 13, 14, 15)),
        ("第四十八至五十问讲什么", (48, 49, 50)),
        ("第3问，第7问", (3, 7)),
        ("38问39问", (38, 39)),
        ("第38跟39问都发我", (38, 39)),
        ("38 39", (38, 39)),
        ("第12到48问", (12, 48)),
    ],
)
def test_several_numbers_are_several_questions(question: str, numbers: tuple[int, ...]) -> None:
    reference = number_reference(Normaliser()(question))
    assert reference is not None
    assert reference.numbers == numbers


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("第三十八条写的什么", 38),
        ("15号", 15),
        ("38呢", 38),
        ("我要38", 38),
        ("最后一个问题", -1),
        ("农民工38问", 38),
        ("38问农民工", 38),
        ("第8是啥", 8),
        ("手册8", 8),
        ("第四是八问", 48),
        ("第三时问", 30),
    ],
)
def test_a_number_that_may_mean_something_else_is_uncertain(question: str, number: int) -> None:
    reference = number_reference(Normaliser()(question))
    assert reference is not None
    assert (reference.numbers, reference.is_certain) == ((number,), False)


@pytest.mark.parametrize(
    "question",
    [
        "第七届全国职工职业技能大赛在哪办的",
        "“10+N”专项服务是什么",
        "25条措施是哪些",
        "135个公共实训基地",
        "第一产业包括什么",
        "问题三天了没人管",
        "问题一大堆找谁",
        "两个问题想请教",
        "产改知识50问这本书谁编的",
        "2022年",
        "十",
        "十大流行语",
        "FAQ3",
        "第零问",
        "退伍军人第一次问路",
        "国家级第十二个五年规划",
        "工会法第四十四条写的啥",
        "看第十二个五年规划",
        "25条第一句",
        "第二条展开说说",
        "第二条",
        "第一个是什么",
        "12号发工资吗",
        "请问十天算不算",
        "工地三个问题",
        "第二门课",
        "看3个月",
        "给我来50题模拟卷",
        "来10道题考考我",
        "我一问，人家说没这回事",
        "抽到一题，叫说出三个政策",
        "问一 下工伤认定要多久",
        "工种编号 12",
        "产改知识问答50",
        "25条",
        "12个",
        "给我20个问题",
        "要50题",
        "第二个",
        "38.4亿",
        "十二五",
        "2.5%到8%",
    ],
)
def test_other_numbers_are_no_question_numbers(question: str) -> None:
    assert number_reference(Normaliser()(question)) is None


def test_the_other_words_of_the_question_are_kept() -> None:
    reference = number_reference("第38问里资助了多少人")
    assert reference is not None
    assert reference.rest == "里资助了多少人"
