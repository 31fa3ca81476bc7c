"""What a handbook is: its citable text, its sections, its passages, and the errors of the whole project.

Standard library only. Everything above speaks in these types.
"""

from corpus.errors import WengongError
from corpus.handbook import Handbook, Paragraph, Part, Section
from corpus.passage import Passage

__all__ = ["Handbook", "Paragraph", "Part", "Passage", "Section", "WengongError"]
