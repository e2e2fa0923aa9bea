"""Arrays by what they hold, named once for the whole package."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
I32 = npt.NDArray[np.int32]
I8 = npt.NDArray[np.int8]
U8 = npt.NDArray[np.uint8]
U64 = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]

int64 = cast(Callable[[int], int], np.int64)
"""A number in a kernel as such. What is handed a literal 0 or 4 is compiled for that very number, once for each."""
