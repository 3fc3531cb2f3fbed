"""A checkpoint of somebody else's: where it lies, whether it is whole, who it is. Loads no weights, no pickle ever."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cached_property
from pathlib import Path
from typing import Any

from worldloom.generators.errors import WeightsError

PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle")
"""Endings of files that may run code when they are loaded: never opened."""

_SETTINGS = (".json", ".jinja", ".txt", ".model")
"""Endings of files beside the weights that decide answers: configuration, tokenizer, chat template, scheduler."""

_WANTED = ("*.safetensors", "*.json", "*.jinja", "*.txt", "*.model", "README.md")
_ID = re.compile(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)?(@[\w./-]+)?")


class Checkpoint:
    """A folder as `save_pretrained` writes it, or one that a hub id names (`org/name`, `org/name@revision`)."""

    def __init__(self, subject: str) -> None:
        self._subject = subject

    @cached_property
    def folder(self) -> Path:
        """The folder, fetched by huggingface_hub if an id was given and the user's own settings allow it.

        Raises WeightsError when there is none.
        """
        path = Path(self._subject).expanduser()
        if path.suffix.lower() in PICKLES:
            raise WeightsError(f"{path} is a pickle, which may run code: give a folder with safetensors files")
        if path.is_dir():
            return path
        if path.exists() or not _ID.fullmatch(self._subject):
            raise WeightsError(f"{path} is no folder; give the folder that save_pretrained wrote, or a hub id")
        return self._fetched()

    @cached_property
    def files(self) -> list[Path]:
        """The safetensors files, each whole, sorted by path; raises WeightsError."""
        found = _sorted(self.folder, (".safetensors",))
        if not found:
            pickles = _sorted(self.folder, PICKLES)
            hint = f"only {pickles[0].name}, a pickle, which may run code" if pickles else "no weights at all"
            raise WeightsError(f"{self.folder} holds {hint}; save the model again with safe_serialization=True")
        for file in found:
            _require_whole(file)
        for index in self.folder.rglob("*.safetensors.index.json"):
            _require_shards(index)
        return found

    @cached_property
    def digest(self) -> str:
        """Hex SHA-256 over the safetensors files' digests in order of path."""
        return _digest_of(self.folder, self.files)

    def settings_digest(self, *options: str) -> str:
        """Hex SHA-256 over all else that decides answers: files beside the weights, and options."""
        files = _digest_of(self.folder, _sorted(self.folder, _SETTINGS))
        return hashlib.sha256("\n".join((files, *options)).encode()).hexdigest()

    @property
    def name(self) -> str:
        """The model's name: its hub id, else what its card or configuration calls it; never a path."""
        if not Path(self._subject).expanduser().is_dir():
            return self._subject.partition("@")[0]
        config = self.config("config.json") or self.config("model_index.json")
        architectures = config.get("architectures")
        known = architectures[0] if isinstance(architectures, list) and architectures else config.get("_class_name")
        return self._card("model_name") or (known if isinstance(known, str) else "") or "unnamed"

    @property
    def licence(self) -> str:
        """The licence that the card or the configuration names, "" where neither does."""
        named = self._card("license") or self.config("config.json").get("license", "")
        return named if isinstance(named, str) else ""

    def config(self, name: str) -> dict[str, Any]:
        """Return a JSON file of the folder, {} when there is none; raises WeightsError when it cannot be read."""
        path = self.folder / name
        if not path.exists():
            return {}
        return _read_object(path)

    def _card(self, field: str) -> str:
        """Return a field of the model card's front matter, "" where there is none."""
        path = self.folder / "README.md"
        head = path.read_text("utf-8", "replace")[:20_000] if path.is_file() else ""
        front = re.match(r"---\n(.*?)\n---", head, re.DOTALL)
        found = re.search(rf"^{field}:[ \t]*([^\n]{{1,80}})$", front.group(1), re.MULTILINE) if front else None
        return found.group(1).strip().strip("'\"") if found else ""

    def _fetched(self) -> Path:
        from huggingface_hub import snapshot_download  # noqa: PLC0415  (heavy)

        name, _, revision = self._subject.partition("@")
        try:
            # HF_HUB_OFFLINE, HF_HOME, HF_TOKEN and HF_ENDPOINT are the user's; this asks for nothing that may run code.
            return Path(snapshot_download(name, revision=revision or None, allow_patterns=list(_WANTED)))
        except Exception as error:
            # huggingface_hub raises a dozen kinds of error; all of them mean that there are no weights.
            raise WeightsError(
                f"{self._subject!r} is no folder here and could not be fetched as a hub id "
                f"({type(error).__name__}: {str(error)[:200]}); give a folder, or fetch it before"
            ) from error


def _sorted(folder: Path, endings: tuple[str, ...]) -> list[Path]:
    found = [path for path in folder.rglob("*") if path.suffix.lower() in endings and path.is_file()]
    kept = [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    return sorted(kept, key=lambda path: path.relative_to(folder).as_posix())


def _digest_of(folder: Path, files: list[Path]) -> str:
    lines = []
    for path in files:
        with path.open("rb") as stream:
            lines.append(
                f"{hashlib.file_digest(stream, 'sha256').hexdigest()}  {path.relative_to(folder).as_posix()}\n"
            )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _require_whole(file: Path) -> None:
    from safetensors import safe_open  # noqa: PLC0415  (an extra; the audit installation has none)

    try:
        with safe_open(file, framework="numpy"):
            pass
    except Exception as error:
        # The library raises its own Rust error class, or OSError.
        raise WeightsError(f"{file} is no whole safetensors file ({error}); copy or fetch it again") from error


def _require_shards(index: Path) -> None:
    shards = _read_object(index).get("weight_map")
    if not isinstance(shards, dict):
        raise WeightsError(f"{index} has no weight_map; copy or fetch the checkpoint again")
    for name in sorted(set(map(str, shards.values()))):
        if Path(name).name != name or not (index.parent / name).is_file():
            raise WeightsError(f"{index.parent / name} is missing, though {index.name} names it; fetch it again")


def _read_object(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise WeightsError(f"{path} is not readable JSON ({error}); copy or fetch it again") from error
    if not isinstance(value, dict):
        raise WeightsError(f"{path} is no JSON object; copy or fetch it again")
    return value
