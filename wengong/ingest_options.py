"""The options of `wengong ingest` whose words must be among a few."""

from typing import Any, get_args

import typer

from corpus.handbook import Structure, Visibility
from corpus.manifest import is_date
from wengong.ingest_command import NewHandbook


def new_handbook(structure: str, visibility: str, **fields: Any) -> NewHandbook:  # noqa: ANN401 - checked by the class
    """Return what the options say of a handbook.

    Raises:
        typer.BadParameter: If an option's words are not among its own, or a date is none.
    """
    if structure not in {"", *get_args(Structure)}:
        raise typer.BadParameter(f"只能是 {'、'.join(get_args(Structure))}。", param_hint="--structure")
    if visibility not in {"", *get_args(Visibility)}:
        raise typer.BadParameter(f"只能是 {'、'.join(get_args(Visibility))}。", param_hint="--visibility")
    for name in ("effective_from", "effective_to"):
        if not is_date(fields[name]):
            raise typer.BadParameter("应形如 2024-05-01、2024-05 或 2024。", param_hint=f"--{name.replace('_', '-')}")
    kind: Structure | None = next((known for known in get_args(Structure) if known == structure), None)
    return NewHandbook(structure=kind, visibility=visibility, **fields)
