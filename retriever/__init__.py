"""A question in, a cited answer out."""

from retriever.answer import Answer, Citation
from retriever.pipeline import Retriever

__all__ = ["Answer", "Citation", "Retriever"]
