"""Typed client of wengong. `Client(address).ask(question)` is where to begin."""

from wengong_client.client import Client, WengongProblem

__all__ = ["Client", "WengongProblem"]
