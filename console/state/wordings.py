"""Proposed and approved changes of wordings: what one person proposes and another approves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import ColumnElement, and_, select

from chat_api.state.console_tables import WORDINGS
from console.errors import DecisionRefused, WordingInvalid
from console.state.audit import Change, record
from console.state.store import Store

Edit = Literal["add", "remove"]
State = Literal["proposed", "approved", "rejected"]
MAX_WORDING_CHARACTERS: Final = 200
# Who is said to have rejected a wording whose question is no more.
NEXT_EDITION: Final = "新一版手册"
EDIT_NAMES: Final[dict[str, str]] = {"add": "添加", "remove": "停用"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One way to ask, to be added to a section or taken away from it.

    Attributes:
        id: Unique.
        handbook_id: The handbook.
        section_id: Where it leads; "" for a negative question, which leads nowhere.
        wording: The words.
        change: Whether it is to be added or taken away.
        state: How far it has come.
        proposed_by: Who wants it.
        proposed_at_s: Since when, in seconds since 1970.
        decided_by: Who approved or rejected it; "" while nobody has.
        decided_at_s: When; 0 while nobody has.
        finding: What the check said when it was proposed, in Chinese, a line each.
    """

    id: int
    handbook_id: str
    section_id: str
    wording: str
    change: Edit
    state: State
    proposed_by: str
    proposed_at_s: int
    decided_by: str
    decided_at_s: int
    finding: str

    @property
    def subject(self) -> str:
        """What the list of changes calls it."""
        return _subject(self.handbook_id, self.section_id, self.wording)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A wording that somebody wants to be added or taken away, and what the check said of it."""

    handbook_id: str
    section_id: str
    wording: str
    change: Edit = "add"
    finding: str = ""


class WordingStore(Store):
    """Changes of wordings by id."""

    def propose(self, proposals: Sequence[Proposal], name: str) -> int:
        """Return how many proposals were taken; one that stands there already is left out.

        Raises:
            WordingInvalid: If a wording is blank or too long; then none is taken.
            StateUnavailable: If the database cannot be written.
        """
        now_s, taken = self._now(), 0
        for proposal in proposals:
            if not proposal.wording.strip() or len(proposal.wording) > MAX_WORDING_CHARACTERS:
                raise WordingInvalid(f"问法应为 1 到 {MAX_WORDING_CHARACTERS} 个字：“{proposal.wording[:40]}”。")
        with self._transaction() as connection:
            for proposal in proposals:
                values = {
                    "handbook_id": proposal.handbook_id,
                    "section_id": proposal.section_id,
                    "wording": proposal.wording.strip(),
                    "change": proposal.change,
                }
                same = and_(*(WORDINGS.c[column] == value for column, value in values.items()))
                if connection.execute(select(WORDINGS.c.id).where(same, WORDINGS.c.state != "rejected")).first():
                    continue
                state = {"state": "proposed", "proposed_by": name, "proposed_at_s": now_s, "finding": proposal.finding}
                connection.execute(WORDINGS.insert().values(**values, **state))
                subject = _subject(proposal.handbook_id, proposal.section_id, values["wording"])
                action = f"提议{EDIT_NAMES[proposal.change]}问法"
                record(connection, Change(name=name, action=action, subject=subject, after=values["wording"]), now_s)
                taken += 1
        return taken

    def decide(self, wording_id: int, name: str, *, approve: bool) -> Wording:
        """Return a proposal after approving or rejecting it; its own proposer may only take it back.

        Raises:
            DecisionRefused: If it is one's own, was decided already, or is not there.
            StateUnavailable: If the database cannot be written.
        """
        state = "approved" if approve else "rejected"
        mine = and_(WORDINGS.c.id == wording_id, WORDINGS.c.state == "proposed")
        if approve:
            mine = and_(mine, WORDINGS.c.proposed_by != name)
        decided = WORDINGS.update().where(mine).values(state=state, decided_by=name, decided_at_s=self._now())
        with self._transaction() as connection:
            # The database decides between two people who click at once.
            if connection.execute(decided).rowcount == 0:
                raise DecisionRefused("不能批准：要由提议人以外的另一个人批准，而且每条只决定一次。请刷新页面看看。")
            row = connection.execute(select(WORDINGS).where(WORDINGS.c.id == wording_id)).mappings().one()
            wording = Wording(**row)
            action = ("批准" if approve else "退回") + EDIT_NAMES[wording.change] + "问法"
            change = Change(name=name, action=action, subject=wording.subject, before="proposed", after=state)
            record(connection, change, self._now())
        return wording

    def move(self, handbook_id: str, new_ids: Mapping[str, str]) -> None:
        """Make the wordings of a handbook those of its next edition; what lost its question is rejected.

        Args:
            handbook_id: The handbook.
            new_ids: By the id of each section that is still there, the id that it has now.

        Raises:
            StateUnavailable: If the database cannot be written.
        """
        is_alive = (
            (WORDINGS.c.handbook_id == handbook_id) & (WORDINGS.c.section_id != "") & (WORDINGS.c.state != "rejected")
        )
        with self._transaction() as connection:
            rows = connection.execute(select(WORDINGS.c.id, WORDINGS.c.section_id).where(is_alive)).all()
            for wording_id, section_id in rows:
                new_id = new_ids.get(section_id)
                values = {"section_id": new_id} if new_id else {"state": "rejected", "decided_by": NEXT_EDITION}
                connection.execute(WORDINGS.update().where(WORDINGS.c.id == wording_id).values(**values))

    def proposed(self) -> tuple[Wording, ...]:
        """Return what waits for a second person, oldest first."""
        return self._read(WORDINGS.c.state == "proposed")

    def approved(self, handbook_id: str | None = None) -> tuple[Wording, ...]:
        """Return the approved changes, oldest first: of one handbook, or of all."""
        is_approved = WORDINGS.c.state == "approved"
        return self._read(is_approved if handbook_id is None else is_approved & (WORDINGS.c.handbook_id == handbook_id))

    def of_section(self, handbook_id: str, section_id: str) -> tuple[Wording, ...]:
        """Return every change of a section's wordings, oldest first."""
        return self._read((WORDINGS.c.handbook_id == handbook_id) & (WORDINGS.c.section_id == section_id))

    def _read(self, which: ColumnElement[bool]) -> tuple[Wording, ...]:
        with self._transaction() as connection:
            rows = connection.execute(select(WORDINGS).where(which).order_by(WORDINGS.c.id)).mappings().all()
        return tuple(Wording(**row) for row in rows)


def _subject(handbook_id: str, section_id: str, wording: str) -> str:
    return f"{handbook_id} {section_id or '反例'}：{wording}"
