"""The dashboard and the alerts ask for nothing that the service does not tell."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chat_api import create_app
from chat_api.limits.settings import LimitSettings
from chat_api.settings import ServerSettings
from retriever.settings import RetrieverSettings

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
DASHBOARD = DEPLOY / "grafana" / "wengong.json"
RULES = DEPLOY / "prometheus" / "wengong.rules.yml"
# What Prometheus says by itself.
OF_PROMETHEUS = {"up"}
FUNCTIONS = {"sum", "rate", "increase", "histogram_quantile", "count", "by", "on", "or", "unless", "le"}


def expressions(path: Path) -> list[str]:
    words = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return [target["expr"] for panel in json.loads(words)["panels"] for target in panel.get("targets", [])]
    return re.findall(r"expr: >-\n +(.+)", words)


@pytest.fixture
def exported(small_data: Path) -> dict[str, set[str]]:
    """The names of all samples with the label names that they have, after a little of everything happened."""
    limits = LimitSettings(redis_url="redis://127.0.0.1:1/0", rate_limit_address=60)
    app = create_app(ServerSettings(), RetrieverSettings(data=small_data), limit_settings=limits)
    with TestClient(app, raise_server_exceptions=False) as client:
        client.post("/v1/ask", json={"question": "第1问"})
        client.post("/v1/feedback", json={"answer_id": "a_" + "0" * 16, "useful": True})
        client.get("/v1/handbooks/none")
        for _ in range(25):
            client.get("/nowhere")
        app.state.services.metrics.content_checks.labels("pass").inc()
        app.state.services.metrics.official_account_replies.labels("replied").inc()
        text = client.get("/metrics").text
    found: dict[str, set[str]] = {}
    for name, labels in re.findall(r"^(\w+)(?:\{(.*)\})? \S+$", text, re.MULTILINE):
        found.setdefault(name, set()).update(re.findall(r'(\w+)="', labels))
    return found


@pytest.mark.parametrize("path", [DASHBOARD, RULES], ids=["dashboard", "alerts"])
def test_every_metric_and_label_that_is_asked_for_is_exported(path: Path, exported: dict[str, set[str]]) -> None:
    asked = expressions(path)
    assert len(asked) >= 10
    seen: set[str] = set()
    for expression in asked:
        for name, labels in re.findall(r"\b(wengong_\w+|up)\b(?:\{([^}]*)\})?", expression):
            assert name in exported.keys() | OF_PROMETHEUS, expression
            wanted = set(re.findall(r"(\w+)\s*(?:=|!)", labels)) - {"job"}
            assert wanted <= exported.get(name, set()), expression
            seen.add(name)
    assert len(seen) >= 8


@pytest.mark.parametrize("path", [DASHBOARD, RULES], ids=["dashboard", "alerts"])
def test_every_label_that_is_summed_by_is_there(path: Path, exported: dict[str, set[str]]) -> None:
    known = set().union(*exported.values()) | {"job", "instance"}
    for expression in expressions(path):
        for labels in re.findall(r"\b(?:by|on) \(([^)]*)\)", expression):
            assert {label.strip() for label in labels.split(",")} <= known, expression
        rest = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\b(?:by|on) \([^)]*\)|wengong_\w+", "", expression)
        assert set(re.findall(r"[a-z_]+", rest)) <= FUNCTIONS | OF_PROMETHEUS, expression
        assert [expression.count(left) for left in "([{"] == [expression.count(right) for right in ")]}"], expression


def test_every_metric_of_ours_is_on_the_dashboard(exported: dict[str, set[str]]) -> None:
    words = " ".join(expressions(DASHBOARD))
    names = {re.sub(r"_(bucket|sum|count|created)$", "", name) for name in exported if name.startswith("wengong_")}
    assert {name for name in names if name not in words} == set()


def test_every_alert_says_what_to_do() -> None:
    words = RULES.read_text(encoding="utf-8")
    alerts = re.findall(r"- alert: (\w+)\n", words)
    assert len(alerts) == len(set(alerts)) == len(expressions(RULES))
    for field in ("summary", "description"):
        said = re.findall(rf'{field}: "(.+)"', words)
        assert len(said) == len(alerts)
        assert all(any("\u4e00" <= character <= "\u9fff" for character in each) for each in said)


def test_panels_lie_beside_each_other_and_have_a_number_each() -> None:
    dashboard: dict[str, Any] = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
    numbers = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(numbers)) == len(numbers)
