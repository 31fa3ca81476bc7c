"""Arrays that stay on disk: of a file, only what is read comes into memory."""

import json
import mmap
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from corpus.errors import IndexDamaged

# Of safetensors files; the rest of their types has no counterpart in NumPy or is not used here.
DTYPES: Final = {"I8": "i1", "U8": "u1", "I32": "<i4", "I64": "<i8", "F16": "<f2", "F32": "<f4", "F64": "<f8"}
HEADER_LENGTH_BYTES: Final = 8


def load_array(path: Path) -> NDArray[Any]:
    """Return the array in a file of NumPy's.

    Raises:
        IndexDamaged: If it is missing or no array.
    """
    try:
        return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
    except (OSError, ValueError, EOFError) as error:
        raise IndexDamaged(f"索引文件 {path.name} 无法读取，请运行 wengong index 重建。") from error


def load_tensors(path: Path) -> dict[str, NDArray[Any]]:
    """Return the tensors in a file by name.

    Source of the format: the README of the library safetensors, "Format".

    Raises:
        OSError: If the file cannot be read.
        SafetensorError: If it is damaged.
        KeyError: If a tensor has a type that is none of DTYPES.
    """
    with safe_open(path, framework="numpy") as checked:
        names = list(checked.keys())
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    header_length = int.from_bytes(mapped[:HEADER_LENGTH_BYTES], "little")
    header = json.loads(mapped[HEADER_LENGTH_BYTES : HEADER_LENGTH_BYTES + header_length])
    first = HEADER_LENGTH_BYTES + header_length
    tensors = {}
    for name in names:
        described = header[name]
        shape = described["shape"]
        tensors[name] = np.frombuffer(
            mapped, DTYPES[described["dtype"]], count=int(np.prod(shape)), offset=first + described["data_offsets"][0]
        ).reshape(shape)
    return tensors
