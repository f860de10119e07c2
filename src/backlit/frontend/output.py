"""Standard output, kept for our own result."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def reserved() -> Iterator[None]:
    """Lead standard output to standard error while the context lasts, for this process and the children it starts.

    On the level of descriptors, because the real backend's compilers know no other. A process without standard output
    has nothing to keep.
    """
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:
        yield
        return
    try:
        os.dup2(2, 1)
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
