import inspect

from corpus import access_errors, errors
from corpus.errors import InvalidQuestion, WengongError

CLASSES = sorted(
    {
        kind
        for module in (errors, access_errors)
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, WengongError)
    },
    key=lambda kind: kind.__name__,
)


def test_every_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in CLASSES]
    assert len(set(codes)) == len(codes) > 30


def test_the_tree_in_the_module_docstring_is_the_tree_of_classes() -> None:
    drawn = f"{errors.__doc__}\n{access_errors.__doc__}".splitlines()
    for kind in CLASSES:
        indent = "  " * kind.__mro__.index(WengongError)
        assert any(f"{line} ".startswith(f"{indent}{kind.__name__} ") for line in drawn), kind.__name__


def test_an_error_shows_its_message_and_a_question_brings_its_code() -> None:
    error = InvalidQuestion("请输入问题。", code="question_blank")
    assert str(error) == error.message == "请输入问题。"
    assert error.code == "question_blank"
