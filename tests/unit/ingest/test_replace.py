"""The next edition of a handbook: what differs, and what goes along."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.errors import QuestionsMissing
from corpus.manifest import Manifest, file_sha256
from corpus.similar_questions import load_section_wordings
from ingest.add import REPLACED_PREFIX, Replaced, add_handbook, recover, replace_handbook
from ingest.handbook import ingest_handbook

MakeManifest = Callable[..., Manifest]
ANSWERS = {
    "会费怎么交？": "会费按月交到基层工会，也可以由单位代扣代缴。",
    "会籍怎么转？": "调动工作时，凭会员证到新单位的工会办理转移。",
    "被拖欠工资怎么办？": "先与单位协商，再向劳动监察部门投诉，或者申请仲裁。",
    "会员证丢了怎么办？": "向所在工会说明情况，登记以后当场补办一张新证。",
}


def text_of(answers: dict[str, str]) -> str:
    numerals = "一二三四五六七八九十"
    return "\n".join(
        f"{numerals[place]}、{heading}\n{answer}" for place, (heading, answer) in enumerate(answers.items())
    )


@pytest.fixture
def parent(tmp_path: Path, make_manifest: MakeManifest) -> Path:
    """A folder with a handbook of four questions, to which staff have attached this and that."""
    file = tmp_path / "first.txt"
    file.write_text(text_of(ANSWERS), encoding="utf-8")
    parent = tmp_path / "handbooks"
    add_handbook(file, make_manifest(file.read_bytes(), expected_question_count=4), parent)
    folder = parent / "labour-law"
    rows = [(1, "会费交多少"), (3, "老板不给钱"), (4, "证没了")]
    (folder / "similar_questions.jsonl").write_text(
        "".join(json.dumps({"n": number, "q": words}) + "\n" for number, words in rows), encoding="utf-8"
    )
    (folder / "negative_questions.jsonl").write_text('{"q": "工资多少"}\n', encoding="utf-8")
    (folder / "errata.toml").write_text(
        '[[erratum]]\ncontext = "代扣代缴"\nprinted = "缴"\ncorrected = "交"\n'
        '[[erratum]]\ncontext = "一张新证"\nprinted = "张"\ncorrected = "本"\n',
        encoding="utf-8",
    )
    return parent


def next_edition(parent: Path, make_manifest: MakeManifest, answers: dict[str, str], **options: bool) -> Replaced:
    file = parent.parent / "second.txt"
    file.write_text(text_of(answers), encoding="utf-8")
    manifest = make_manifest(file.read_bytes(), expected_question_count=len(answers), edition="2025年版")
    return replace_handbook(file, manifest, parent, **options)


def test_questions_are_found_again_whatever_their_number(parent: Path, make_manifest: MakeManifest) -> None:
    new = {"工会是什么？": "工会是职工自愿结合的群众组织。"} | {
        heading.replace("会籍怎么转", "会员关系如何转移"): answer.replace("申请仲裁", "到法院起诉")
        for heading, answer in ANSWERS.items()
        if heading != "会员证丢了怎么办？"
    }
    replaced = next_edition(parent, make_manifest, new)
    difference = replaced.difference
    assert difference.added == (("第1问", "工会是什么？"),)
    assert difference.removed == (("第4问", "会员证丢了怎么办？"),)
    changes = [
        (change.old_label, change.new_label, change.is_reworded, change.is_rewritten) for change in difference.changed
    ]
    assert changes == [
        ("第1问", "第2问", False, False),
        ("第2问", "第3问", True, False),
        ("第3问", "第4问", False, True),
    ]
    assert difference.unchanged_count == 0


def test_what_staff_attached_goes_along_with_its_question(parent: Path, make_manifest: MakeManifest) -> None:
    new = {"工会是什么？": "工会是职工自愿结合的群众组织。", **ANSWERS}
    del new["会员证丢了怎么办？"]
    lost = next_edition(parent, make_manifest, new).lost
    assert lost.wordings == (("会员证丢了怎么办？", "证没了"),)
    assert lost.errata == ("张（一张新证）",)
    folder = parent / "labour-law"
    assert load_section_wordings(folder) == (("q2", "会费交多少"), ("q4", "老板不给钱"))
    handbook = ingest_handbook(folder).handbook
    assert (handbook.edition, len(handbook.errata), handbook.negative_questions) == ("2025年版", 1, ("工资多少",))
    kept = (folder / "lost_similar_questions.jsonl").read_text(encoding="utf-8")
    assert json.loads(kept) == {"question": "会员证丢了怎么办？", "q": "证没了"}


def test_the_same_file_again_changes_nothing(parent: Path, make_manifest: MakeManifest) -> None:
    difference = next_edition(parent, make_manifest, ANSWERS).difference
    assert (difference.added, difference.removed, difference.changed) == ((), (), ())
    assert difference.unchanged_count == 4


def test_a_dry_run_keeps_the_older_edition(parent: Path, make_manifest: MakeManifest) -> None:
    before = file_sha256(parent / "labour-law" / "source.txt")
    replaced = next_edition(parent, make_manifest, {"工会是什么？": "群众组织。"}, dry_run=True)
    assert len(replaced.difference.removed) == 4
    assert file_sha256(parent / "labour-law" / "source.txt") == before
    assert [path.name for path in parent.iterdir()] == ["labour-law"]


def test_an_incomplete_edition_keeps_the_older_one(parent: Path, make_manifest: MakeManifest, tmp_path: Path) -> None:
    file = tmp_path / "gap.txt"
    file.write_text("一、甲？\n一。\n三、乙？\n二。\n", encoding="utf-8")
    with pytest.raises(QuestionsMissing):
        replace_handbook(file, make_manifest(file.read_bytes(), expected_question_count=3), parent)
    assert len(ingest_handbook(parent / "labour-law").handbook.questions) == 4


def test_what_a_killed_process_took_away_is_put_back(parent: Path) -> None:
    (parent / "labour-law").rename(parent / f"{REPLACED_PREFIX}labour-law")
    recover(parent)
    assert ingest_handbook(parent / "labour-law").report.is_complete
    (parent / f"{REPLACED_PREFIX}labour-law").mkdir()
    recover(parent)
    assert [path.name for path in parent.iterdir()] == ["labour-law"]
