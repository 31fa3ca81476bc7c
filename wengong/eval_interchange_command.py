"""`wengong eval import`, `export` and `score`: data sets and results from and for other tools."""

from pathlib import Path

from wengong.evals_extra import needs_evals_extra

with needs_evals_extra():
    from eval.dataset import ROWS_NAME, Split, load_dataset
    from eval.figures import compute_figures
    from eval.interchange.beir import write_beir
    from eval.interchange.handbook_documents import handbook_documents
    from eval.interchange.sheet import read_sheet, write_rows
    from eval.interchange.trec import read_qrels, read_run
    from eval.run import RunHeader
    from eval.store import StoredRun

from corpus.errors import DatasetInvalid
from corpus.handbook import Handbook
from retriever.encoder_choice import open_encoder
from retriever.pipeline import Retriever
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import data, talk
from wengong.eval_tables import figures_tables
from wengong.first_index import ensure_index


def run_import(sheet_path: Path, out: Path, handbook_id: str, *, dry_run: bool) -> bool:
    """Check a spreadsheet and write it as a data set; return whether it was free of problems."""
    path = out / ROWS_NAME
    if path.exists():
        raise DatasetInvalid(f"{path} 已经有了，请换一个文件夹。")
    sheet = read_sheet(sheet_path, _handbook(handbook_id))
    for problem in sheet.problems:
        data().print(f"第 {problem.row_number} 行 {problem.column}：{problem.message}")
    answerable = sum(bool(row.answers) for row in sheet.rows)
    data().print(f"{len(sheet.rows)} 题没有问题：应回答 {answerable}，不应回答 {len(sheet.rows) - answerable}")
    if sheet.problems:
        talk().print(f"有 {len(sheet.problems)} 处要改，没有写入。", markup=False)
        return False
    if not dry_run:
        write_rows(path, sheet.rows)
        talk().print(f"已写入 {path}。接着可以：wengong eval run --dataset {out}", markup=False)
    return True


def run_export(dataset: str, split: Split, out: Path) -> None:
    """Write one half of a data set and the handbooks it asks as a BEIR folder."""
    rows = load_dataset(dataset, split)
    handbooks = [
        _handbook(handbook_id) for handbook_id in dict.fromkeys(row.handbook_id for row in rows) if handbook_id
    ]
    if len(handbooks) != 1:
        raise DatasetInvalid(f"{dataset} 问的是 {len(handbooks)} 本手册；BEIR 文件夹一次只能放一本。")
    write_beir(out, handbook_documents(handbooks[0]), {split: rows})
    talk().print(f"已写入 {out}：{len(rows)} 题，{len(handbooks[0].sections)} 篇", markup=False)


def run_score(qrels: Path, run_file: Path) -> None:
    """Print the figures of a TREC run."""
    rows = read_qrels(qrels)
    served = read_run(run_file, rows)
    header = RunHeader(dataset=qrels.name, split="", system=run_file.name, encoder_id="", corpus_sha256={})
    run = StoredRun(header=header, rows=rows, served=served, figures=compute_figures(rows, served))
    for table in figures_tables(run):
        data().print(table)


def _handbook(handbook_id: str) -> Handbook:
    settings = read_settings(RetrieverSettings)
    ensure_index(settings)
    return Retriever.open_current(settings.index_folder, open_encoder(settings.encoder)).index.handbook(handbook_id)
