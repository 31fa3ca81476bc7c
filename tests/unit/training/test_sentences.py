from training.sentences import neighbouring_sentences, split_sentences


def test_sentences_keep_their_closing_marks() -> None:
    assert split_sentences("工会是什么？“是组织。”\n会费怎么交；按月交。没有句号") == [
        "工会是什么？",
        "“是组织。”",
        "会费怎么交；",
        "按月交。",
        "没有句号",
    ]


def test_an_empty_text_has_no_sentences() -> None:
    assert split_sentences("") == []
    assert list(neighbouring_sentences(" \n", 1)) == []


def test_neighbours_pass_over_short_sentences() -> None:
    pairs = list(neighbouring_sentences("职工有权加入工会。是。工会按时收取会费。会费用于职工。", 5))
    assert pairs == [("职工有权加入工会。", "工会按时收取会费。"), ("工会按时收取会费。", "会费用于职工。")]
