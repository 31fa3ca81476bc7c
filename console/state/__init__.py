"""What the console remembers; its tables lie in the database of `chat_api.state`."""

from chat_api.state import Database
from console.state.audit import AuditStore
from console.state.documents import DocumentStore
from console.state.jobs import JobStore
from console.state.logins import LoginStore
from console.state.publications import PublicationStore
from console.state.staff import StaffStore
from console.state.wordings import WordingStore


class ConsoleState:
    """One store for each kind of thing, all in one database.

    Attributes:
        staff: Who may work here.
        logins: Who does.
        audit: Who changed what.
        wordings: Changes of wordings.
        documents: Edited texts.
        publications: Which versions were published.
        jobs: Work that takes long.
    """

    def __init__(self, database: Database) -> None:
        self.staff = StaffStore(database.engine)
        self.logins = LoginStore(database.engine)
        self.audit = AuditStore(database.engine)
        self.wordings = WordingStore(database.engine)
        self.documents = DocumentStore(database.engine)
        self.publications = PublicationStore(database.engine)
        self.jobs = JobStore(database.engine)


__all__ = ["ConsoleState"]
