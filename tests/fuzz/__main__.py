"""Input that atheris changes until it reaches new lines of the readers.

    .venv/bin/python -m tests.fuzz --seconds 60             # make fuzz-readers: every target
    .venv/bin/python -m tests.fuzz --seconds 600 docx       # one of them

What breaks a reader is written to `tests/fuzz/findings/`, where the tests try it from then on. Exit code 1 if any did.
Source: libFuzzer, "a library for coverage-guided fuzz testing", the LLVM project.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

FINDINGS = Path(__file__).with_name("findings")
LARGEST_BYTES = 65_536
SLOW_S = 10


def fuzz_one(name: str, seconds: int) -> None:
    """Never returns: libFuzzer ends the process, with an exit code other than 0 when the target broke."""
    import atheris

    with atheris.instrument_imports(include=["ingest", "chat_api.wechat.xml_message"]):
        from tests.fuzz.targets import TARGETS
    target = TARGETS[name]()
    with tempfile.TemporaryDirectory() as seeds:
        (Path(seeds) / "whole").write_bytes(target.whole)
        options = [
            f"-max_total_time={seconds}",
            f"-max_len={LARGEST_BYTES}",
            f"-timeout={SLOW_S}",
            "-print_final_stats=1",
        ]
        atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={FINDINGS / name}-", seeds], target.tried)
        atheris.Fuzz()


def main() -> int:
    """Run every target that is asked for, each in a process of its own."""
    from tests.fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("targets", nargs="*", metavar="target", help=f"{', '.join(TARGETS)}; all when none is named")
    given = parser.parse_args()
    FINDINGS.mkdir(exist_ok=True)
    broken = []
    print("| target | runs | branches reached |\n|---|---|---|")  # noqa: T201
    for name in given.targets or TARGETS:
        program = f"from tests.fuzz.__main__ import fuzz_one; fuzz_one({name!r}, {given.seconds})"
        command = [sys.executable, "-c", program]
        ended = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
        if ended.returncode:
            broken.append(name)
            sys.stderr.write("\n".join(ended.stderr.splitlines()[-40:]))
        runs, branches = (_last(ended.stderr, label) for label in ("stat::number_of_executed_units:", " cov: "))
        print(f"| {name} | {runs} | {branches} |", flush=True)  # noqa: T201
    print(f"\n{len(broken)} broken{': ' if broken else ''}{', '.join(broken)}")  # noqa: T201
    return bool(broken)


def _last(text: str, label: str) -> str:
    """The word behind the last occurrence of a label."""
    return (text.rpartition(label)[2].split() or ["?"])[0] if label in text else "?"


if __name__ == "__main__":
    raise SystemExit(main())
