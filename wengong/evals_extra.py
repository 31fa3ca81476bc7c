"""The optional packages that evaluation needs."""

from collections.abc import Iterator
from contextlib import contextmanager

from corpus.errors import EvalsExtraMissing

PACKAGES = {"ir_measures", "scipy", "openpyxl"}


@contextmanager
def needs_evals_extra() -> Iterator[None]:
    """Around imports of `eval`: say how to install what is missing.

    Raises:
        EvalsExtraMissing: If one of the packages is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in PACKAGES:
            raise
        raise EvalsExtraMissing(
            "评测需要的软件包还没有安装，请先运行：make evals，或 .venv/bin/pip install -e '.[evals]'"
        ) from error
