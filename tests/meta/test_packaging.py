"""Five generic package names and a command, and nobody else's."""

import importlib
import importlib.metadata
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGES = ["corpus", "ingest", "retriever", "chat_api", "eval", "console", "wengong"]


@pytest.mark.parametrize("name", PACKAGES)
def test_the_package_is_ours(name: str) -> None:
    module = importlib.import_module(name)
    assert Path(str(module.__file__)).is_relative_to(REPOSITORY)
    owners = set(importlib.metadata.packages_distributions().get(name, []))
    assert owners <= {"wengong"}


def test_the_wheel_holds_exactly_these_packages() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == PACKAGES


def test_every_dependency_is_pinned_exactly() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    wanted = [*project["dependencies"], *(requirement for extra in extras for requirement in extra)]
    assert [requirement for requirement in wanted if "==" not in requirement] == []
    base = {requirement.split("==")[0] for requirement in project["dependencies"]}
    assert not base & {"torch", "sentence-transformers", "transformers"}
