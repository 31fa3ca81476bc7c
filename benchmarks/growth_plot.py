"""The growth of answer time and memory with the number of passages, as an SVG picture.

    .venv/bin/python -m benchmarks run --sizes 1,100,1000 | .venv/bin/python -m benchmarks.growth_plot > growth.svg

Reads the JSON lines of `python -m benchmarks run`; other lines are passed over. Both axes are logarithmic: a line that
rises more slowly than the grid says that an answer costs less than in proportion.
"""

import json
import math
import sys
from collections.abc import Sequence

WIDTH, HEIGHT, MARGIN = 640, 360, 60
DECADES_X, DECADES_Y = (2, 6), (0, 4)
SHOWN = {"answer_p50_ms": ("一次回答，毫秒", "#1a5fb4"), "memory_mb": ("内存，MB", "#a51d2d")}


def place(passages: float, value: float) -> tuple[float, float]:
    """Return where a value stands in the picture."""
    across = (math.log10(passages) - DECADES_X[0]) / (DECADES_X[1] - DECADES_X[0])
    up = (math.log10(value) - DECADES_Y[0]) / (DECADES_Y[1] - DECADES_Y[0])
    return MARGIN + across * (WIDTH - 2 * MARGIN), HEIGHT - MARGIN - up * (HEIGHT - 2 * MARGIN)


def picture(rows: Sequence[dict[str, float]]) -> str:
    """Return the picture of some measurements, each with its number of passages."""
    rows = sorted(rows, key=lambda row: row["passage_count"])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-size="13">',
        "<style>text { font-family: sans-serif }</style>",
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for power in range(DECADES_X[0], DECADES_X[1] + 1):
        left, bottom = place(10**power, 10 ** DECADES_Y[0])
        parts.append(f'<path d="M{left} {bottom}V{MARGIN}" stroke="#ddd"/>')
        parts.append(f'<text x="{left}" y="{bottom + 20}" text-anchor="middle">{10**power:,}</text>')
    for power in range(DECADES_Y[0], DECADES_Y[1] + 1):
        left, height = place(10 ** DECADES_X[0], 10**power)
        parts.append(f'<path d="M{left} {height}H{WIDTH - MARGIN}" stroke="#ddd"/>')
        parts.append(f'<text x="{left - 8}" y="{height + 4}" text-anchor="end">{10**power:,}</text>')
    for line, (name, (label, colour)) in enumerate(SHOWN.items()):
        points = [(row[name], place(row["passage_count"], row[name])) for row in rows]
        corners = " ".join(f"{left:.1f},{top:.1f}" for _, (left, top) in points)
        parts.append(f'<polyline points="{corners}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for value, (left, top) in points:
            parts.append(f'<circle cx="{left:.1f}" cy="{top:.1f}" r="4" fill="{colour}"/>')
            parts.append(
                f'<text x="{left:.1f}" y="{top - 10:.1f}" text-anchor="middle" fill="{colour}">{value:,.0f}</text>'
            )
        parts.append(f'<text x="{MARGIN + 150 * line}" y="30" fill="{colour}">{label}</text>')
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 12}" text-anchor="middle">原文段数</text></svg>')
    return "\n".join(parts) + "\n"


def main() -> None:
    """Read measurements and write the picture."""
    rows = [json.loads(line) for line in sys.stdin if line.startswith("{")]
    sys.stdout.write(picture(rows))


if __name__ == "__main__":
    main()
