from datetime import date

import pytest

from corpus.editions import EditionDates, first_day, last_day, outdated_ids, works


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-12", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-05-09", date(2024, 5, 9), date(2024, 5, 9)),
    ],
)
def test_days_months_and_years(words: str, first: date, last: date) -> None:
    assert (first_day(words), last_day(words)) == (first, last)


OLD, NEW = EditionDates("old", "2020", "", ""), EditionDates("new", "2024-05-01", "", "old")


@pytest.mark.parametrize(("day", "outdated"), [(date(2024, 4, 30), set()), (date(2024, 5, 1), {"old"})])
def test_an_edition_is_outdated_from_the_day_the_newer_one_is_in_force(day: date, outdated: set[str]) -> None:
    assert outdated_ids([OLD, NEW], day) == outdated


@pytest.mark.parametrize(("day", "is_outdated"), [(date(2023, 12, 31), False), (date(2024, 1, 1), True)])
def test_an_edition_is_outdated_behind_its_last_day(day: date, *, is_outdated: bool) -> None:
    assert (outdated_ids([EditionDates("law", "", "2023", "")], day) == {"law"}) == is_outdated


def test_all_editions_of_a_work_share_a_name_and_a_circle_ends() -> None:
    newest = EditionDates("newest", "", "", "new")
    names = works([OLD, NEW, newest, EditionDates("other", "", "", "")])
    assert len(set(names.values())) == 1
    assert set(names) == {"old", "new", "newest"}
    assert set(works([EditionDates("a", "", "", "b"), EditionDates("b", "", "", "a")])) == {"a", "b"}
