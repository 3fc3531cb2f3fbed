"""The numeric class of this machine: what decides whether the same floating-point work gives the same bits."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from worldloom.provenance.digests import EVIDENCE, digest_json

_LIBRARIES = ("worldloom", "numpy", "scipy", "torch", "transformers", "diffusers", "ray", "c2pa-python")
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENBLAS_CORETYPE", "NPY_DISABLE_CPU_FEATURES")


def numeric_class() -> dict[str, Any]:
    """Machine, processor features that numpy uses, BLAS, library versions and thread settings, as a JSON value."""
    return {
        "machine": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "cpu_features": _cpu_features(),
        "blas": _blas(),
        "libraries": software(),
        "settings": {name: os.environ[name] for name in _THREADS if name in os.environ},
    }


def class_digest(value: dict[str, Any]) -> str:
    """Hex digest of a numeric class."""
    return digest_json(EVIDENCE, value).hex()


def software() -> dict[str, str]:
    """Versions of the libraries that take part, by name; those not installed are left out."""
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def device() -> str:
    """Name of the processor kind that signs and computes here."""
    return f"{platform.machine()} {platform.system()}"


def _cpu_features() -> list[str]:
    import numpy as np  # noqa: PLC0415  (heavy)

    found = np.show_config(mode="dicts")
    extensions = found.get("SIMD Extensions", {}) if isinstance(found, dict) else {}
    return sorted(map(str, (*extensions.get("baseline", []), *extensions.get("found", []))))


def _blas() -> str:
    import numpy as np  # noqa: PLC0415  (heavy)

    found = np.show_config(mode="dicts")
    blas = found.get("Build Dependencies", {}).get("blas", {}) if isinstance(found, dict) else {}
    return f"{blas.get('name', '')} {blas.get('version', '')}".strip()
