"""A stored run as one HTML file that needs no network."""

from eval.report.page import build_report

__all__ = ["build_report"]
