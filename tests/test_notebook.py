"""The notebook of the documents runs from top to bottom, as it is, in a kernel with a running event loop."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "docs" / "notebook").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_whole_small_and_names_no_place_of_one_machine(path: Path) -> None:
    import nbformat

    nbformat.validate(nbformat.read(path, as_version=4))
    text = path.read_text()
    assert len(text) < 200_000
    assert not any(private in text for private in ("/work/", "/root/", "/home/", "/tmp/"))


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_runs(path: Path, tmp_path: Path) -> None:
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    loop = nbformat.v4.new_code_cell("import asyncio\nassert asyncio.get_running_loop().is_running()")
    notebook.cells.insert(0, loop)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources=resources).execute()
    assert any("image/png" in output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", ()))
