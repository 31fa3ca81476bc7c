from pathlib import Path

import pytest

import eval.dataset as dataset_module
from eval.calibrate import calibrate
from retriever import Retriever
from retriever.encoder import Encoder
from retriever.parameters import load_parameters, save_parameters


def test_parameters_are_fitted_from_rows_and_written_so_that_they_load(
    version_folder: Path, encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = dataset_module.DATASETS / "worker-questions" / dataset_module.ROWS_NAME
    small = tmp_path / "small" / dataset_module.ROWS_NAME
    small.parent.mkdir()
    small.write_text("\n".join(shipped.read_text(encoding="utf-8").splitlines()[::6]), encoding="utf-8")
    monkeypatch.setattr(dataset_module, "DATASETS", tmp_path)
    parameters = calibrate(version_folder, encoder, "small")
    save_parameters(parameters, tmp_path / "fitted" / "parameters.json")
    loaded = load_parameters(tmp_path / "fitted" / "parameters.json")
    assert loaded == parameters
    assert 0 < loaded.clarify_threshold <= loaded.answer_threshold <= 1
    answer = Retriever.open(version_folder, encoder, loaded).answer("春潮行动培训合格率要达到多少")
    assert answer.ranking[0].key[1] == "q39"
