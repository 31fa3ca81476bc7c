from pathlib import Path

import numpy as np
import pytest
from safetensors import SafetensorError
from safetensors.numpy import save_file

from corpus.errors import IndexDamaged
from retriever.mapped_arrays import load_array, load_tensors


def test_an_array_is_what_was_saved(tmp_path: Path) -> None:
    saved = np.arange(12, dtype=np.float32).reshape(3, 4)
    np.save(tmp_path / "array.npy", saved)
    loaded = load_array(tmp_path / "array.npy")
    assert np.array_equal(loaded, saved)
    assert (loaded.dtype, loaded.flags.writeable) == (saved.dtype, False)


@pytest.mark.parametrize("content", [None, b"", b"no array"])
def test_no_array_is_a_damaged_index(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "array.npy"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"array\.npy"):
        load_array(path)


@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.int64, np.float16, np.float32, np.float64])
def test_tensors_of_every_type_are_what_was_saved(dtype: type, tmp_path: Path) -> None:
    # One byte before it, so that nothing lies where its type would like it to.
    saved = {"a": np.array([7], dtype=np.int8), "table": np.arange(6).astype(dtype).reshape(2, 3)}
    save_file(saved, tmp_path / "model.safetensors")
    loaded = load_tensors(tmp_path / "model.safetensors")
    assert loaded.keys() == saved.keys()
    for name, tensor in saved.items():
        assert np.array_equal(loaded[name], tensor)
        assert loaded[name].dtype == tensor.dtype
        assert not loaded[name].flags.writeable
    assert np.array_equal(loaded["table"][[1, 0, 1]], saved["table"][[1, 0, 1]])


def test_a_damaged_file_of_tensors_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    save_file({"table": np.zeros((9, 9), dtype=np.float32)}, path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(SafetensorError):
        load_tensors(path)
    with pytest.raises(OSError, match="absent"):
        load_tensors(tmp_path / "absent")
