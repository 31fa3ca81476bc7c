"""Where the console finds handbooks, index and database, and where it writes."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import corpus
from chat_api.settings import ServerSettings
from console.settings import DEFAULT_GATES, ConsoleSettings
from corpus.errors import UnknownHandbook
from corpus.manifest import HANDBOOK_ID
from retriever.settings import RetrieverSettings, read_settings

# As `ingest.handbook` has it, without the document parsers that come with that import.
SHIPPED_HANDBOOKS: Final = Path(corpus.__file__).resolve().parent / "handbooks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What a process needs to do the console's work; goes to a worker as JSON.

    Attributes:
        data: The data folder.
        encoder: Name of the encoder; "" for the shipped one.
        database_url: SQLAlchemy address; "" for the file in the data folder. May hold a password.
        shipped: The handbooks that came with the program; never written.
        dataset: The labelled questions that the draft is measured on.
        gates: The figures that it must reach.
    """

    data: Path
    encoder: str
    database_url: str = field(repr=False)
    shipped: Path = SHIPPED_HANDBOOKS
    dataset: str = "worker-questions"
    gates: Path = DEFAULT_GATES

    @classmethod
    def of(
        cls,
        retriever_settings: RetrieverSettings,
        settings: ServerSettings,
        console_settings: ConsoleSettings | None = None,
        shipped: Path = SHIPPED_HANDBOOKS,
    ) -> "Places":
        """Return the places of some settings; those of the console are read from the environment if not given."""
        console_settings = console_settings or read_settings(ConsoleSettings)
        return cls(
            data=retriever_settings.data,
            encoder=retriever_settings.encoder,
            database_url=settings.database_url,
            shipped=shipped,
            dataset=console_settings.console_dataset,
            gates=console_settings.console_gates,
        )

    @property
    def index_folder(self) -> Path:
        """Where index versions are published."""
        return self.data / "index"

    @property
    def handbooks(self) -> Path:
        """Where added handbooks lie."""
        return self.data / "handbooks"

    @property
    def draft(self) -> Path:
        """Where handbooks lie as staff edited them."""
        return self.data / "draft"

    @property
    def draft_index(self) -> Path:
        """Where the draft is indexed to be measured."""
        return self.data / "draft-index"

    @property
    def uploads(self) -> Path:
        """Where uploaded files wait to be taken in."""
        return self.data / "uploads"

    def folder_of(self, handbook_id: str) -> Path:
        """Return the folder of a handbook as it was added, before any edits of the draft.

        Raises:
            UnknownHandbook: If there is none.
        """
        for parent in (self.handbooks, self.shipped):
            if HANDBOOK_ID.fullmatch(handbook_id) and (parent / handbook_id).is_dir():
                return parent / handbook_id
        raise UnknownHandbook(f"没有编号为“{handbook_id[:64]}”的手册，请回到“手册”页面看看有哪些。")
