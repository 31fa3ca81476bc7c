"""`wengong eval calibrate`."""

from pathlib import Path

from ingest.handbook import SHIPPED_HANDBOOKS, handbook_folders
from retriever.encoder_choice import open_encoder
from retriever.parameters import FITTED_PARAMETERS, FITTED_PLAIN_PARAMETERS, save_parameters
from retriever.publish import current_version_folder
from retriever.settings import RetrieverSettings, read_settings
from wengong.console import talk
from wengong.evals_extra import needs_evals_extra
from wengong.first_index import ensure_index


def run_calibrate(dataset: str, out: Path | None, *, is_plain: bool) -> None:
    """Fit all parameters on the dev half of a data set and write them."""
    with needs_evals_extra():
        from eval.calibrate import calibrate
        from eval.fit_answer import PLAIN_TARGETS
        from eval.plain_index import plain_version
    settings = read_settings(RetrieverSettings)
    encoder = open_encoder(settings.encoder)
    if is_plain:
        with plain_version(handbook_folders(SHIPPED_HANDBOOKS), encoder) as version_folder:
            parameters = calibrate(version_folder, encoder, dataset, PLAIN_TARGETS)
    else:
        ensure_index(settings)
        parameters = calibrate(current_version_folder(settings.index_folder), encoder, dataset)
    path = out or (FITTED_PLAIN_PARAMETERS if is_plain else FITTED_PARAMETERS)
    save_parameters(parameters, path)
    talk().print(
        f"已写入 {path}：作答阈值 {parameters.answer_threshold}，反问阈值 {parameters.clarify_threshold}", markup=False
    )
