"""Over a broken index the service starts, says what is wrong with a code for each kind, and recovers by itself."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from chat_api import create_app
from chat_api.settings import ServerSettings
from ingest.pipeline import build_index
from retriever.artifact import FORMAT_VERSION, named, read_manifest
from retriever.encoder import Encoder
from retriever.index import save_manifest
from retriever.publish import current_version_folder
from retriever.settings import RetrieverSettings


def remove_pointer(index_folder: Path) -> None:
    (index_folder / "current").unlink()


def remove_version(index_folder: Path) -> None:
    shutil.rmtree(current_version_folder(index_folder))


def garble_pointer(index_folder: Path) -> None:
    (index_folder / "current").write_bytes(b"\xff\xfe\x00")


def garble_manifest(index_folder: Path) -> None:
    (current_version_folder(index_folder) / "manifest.json").write_bytes(b"{")


def flip_a_bit(index_folder: Path) -> None:
    path = current_version_folder(index_folder) / "passages.faiss"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def remove_a_file(index_folder: Path) -> None:
    (current_version_folder(index_folder) / "handbooks.bin").unlink()


def change_manifest(index_folder: Path, **changed: Any) -> None:
    """Write another manifest in the place of the published one, under the name that follows from it."""
    folder = current_version_folder(index_folder)
    manifest = named(replace(read_manifest(folder), **changed))
    save_manifest(folder, manifest)
    folder.rename(index_folder / manifest.version)
    (index_folder / "current").write_text(manifest.version)


def make_newer(index_folder: Path) -> None:
    change_manifest(index_folder, format_version=FORMAT_VERSION + 1)


def make_older(index_folder: Path) -> None:
    change_manifest(index_folder, format_version=FORMAT_VERSION - 1)


def make_foreign(index_folder: Path) -> None:
    change_manifest(index_folder, encoder_id="another-encoder@1")


BREAKAGES = [
    pytest.param(shutil.rmtree, "index_missing", id="no-folder"),
    pytest.param(remove_pointer, "index_missing", id="no-pointer"),
    pytest.param(remove_version, "index_missing", id="no-version"),
    pytest.param(garble_pointer, "index_damaged", id="garbled-pointer"),
    pytest.param(garble_manifest, "index_damaged", id="garbled-manifest"),
    pytest.param(flip_a_bit, "index_damaged", id="flipped-bit"),
    pytest.param(remove_a_file, "index_damaged", id="lost-file"),
    pytest.param(make_newer, "index_too_new", id="newer-format"),
    pytest.param(make_older, "index_too_old", id="older-format"),
    pytest.param(make_foreign, "index_encoder_mismatch", id="other-encoder"),
]


@pytest.mark.parametrize(("breakage", "code"), BREAKAGES)
def test_over_a_broken_index_the_service_starts_says_why_and_recovers_without_a_restart(
    small_data: Path,
    encoder: Encoder,
    leave_handbook: Path,
    assert_problem: Callable[..., None],
    breakage: Callable[[Path], None],
    code: str,
) -> None:
    breakage(small_data / "index")
    app = create_app(ServerSettings(), RetrieverSettings(data=small_data))
    with TestClient(app, raise_server_exceptions=False) as client:
        assert client.get("/healthz").status_code == 200
        assert client.get("/").status_code == 200
        assert client.get("/metrics").status_code == 200
        for path in ("/readyz", "/v1/handbooks", "/v1/handbooks/paid-leave/questions/1", "/v1/suggest?q=a"):
            assert_problem(client.get(path), 503, code)
        assert_problem(client.post("/v1/ask", json={"question": "年休假有几天"}), 503, code)
        feedback = client.post("/v1/feedback", json={"answer_id": "a_" + "0" * 16, "useful": True})
        assert feedback.status_code == 200

        published = build_index([leave_handbook], small_data / "index", encoder).version
        assert client.get("/readyz").json() == {"status": "ok", "index_version": published, "handbook_count": 1}
        assert client.post("/v1/ask", json={"question": "第1问"}).json()["status"] == "answered"
