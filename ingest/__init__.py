"""Handbooks in, a published index version out."""

from ingest.pipeline import build_index

__all__ = ["build_index"]
