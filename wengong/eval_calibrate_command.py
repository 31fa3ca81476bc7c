"""`wengong eval calibrate`."""

from pathlib import Path

from retriever.encoder_choice import open_encoder
from retriever.parameters import FITTED_PARAMETERS, save_parameters
from retriever.publish import current_version_folder
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import talk
from wengong.evals_extra import needs_evals_extra
from wengong.first_index import ensure_index


def run_calibrate(dataset: str, out: Path | None) -> None:
    """Fit all parameters on the dev half of a data set and write them."""
    with needs_evals_extra():
        from eval.calibrate import calibrate
    settings = read_settings(RetrieverSettings)
    ensure_index(settings)
    encoder = open_encoder(settings.encoder)
    parameters = calibrate(current_version_folder(settings.index_folder), encoder, dataset)
    path = out or FITTED_PARAMETERS
    save_parameters(parameters, path)
    talk().print(
        f"已写入 {path}：作答阈值 {parameters.answer_threshold}，反问阈值 {parameters.clarify_threshold}", markup=False
    )
