"""`worldloom import`: signs what a person edited outside, with what it was before as its parent. It only calls."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import shared
from .faults import quoted

if TYPE_CHECKING:
    from worldloom.provenance.importing import Edited, Imported
    from worldloom.provenance.operator_file import Operator
    from worldloom.provenance.signing import SignedFile

_MARK = ".imported"


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file as it was edited.")],
    parent: Annotated[
        Path | None,
        typer.Option(
            "--parent", metavar="PATH", help="The signed original; or a run, its zip or a bundle that has it."
        ),
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who edited it; the operator unless given.")] = "",
    tool: Annotated[str, typer.Option("--tool", metavar="NAME", help="With what, such as 'Blender 4.2'.")] = "",
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="What was done, in a sentence.")] = "",
    licence: Annotated[
        str, typer.Option("--licence", metavar="NAME", help="Of the outcome; the original's unless given.")
    ] = "",
    bad_parent: Annotated[
        bool, typer.Option("--bad-parent", help="Take an original whose credential does not hold; audit will tell.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="PATH", help="Write there instead of NAME.imported.EXT beside FILE.")
    ] = None,
    as_json: shared.Json = False,
) -> None:
    """Sign a file that was edited outside, so that it keeps where it came from.

    Its credential opens the original as its parent and says who edited it, with what. FILE stays as it is; the signed
    file, and for formats that cannot carry a credential the sidecar, are new.
    """
    if not file.is_file():
        raise typer.BadParameter(f"{file}: there is no such file")
    if parent is not None and not parent.exists():
        raise typer.BadParameter(f"--parent {parent}: there is no such file or folder")
    if not tool.strip():
        raise typer.BadParameter("--tool: say with what it was edited, such as --tool 'Blender 4.2'")
    target = file.with_name(f"{file.stem}{_MARK}{file.suffix}") if out is None else out
    for path in (target, target.with_name(target.name + ".c2pa")):
        if path.exists():
            raise typer.BadParameter(f"--out {path}: stands there already; choose another place")
    imported = _sign(file, parent, target.name, (by, tool, note, licence), bad_parent=bad_parent)
    _write(target, imported.signed)
    _tell(target, imported, as_json=as_json)


def _sign(file: Path, parent: Path | None, name: str, said: tuple[str, str, str, str], *, bad_parent: bool) -> Imported:
    from worldloom.provenance.importing import sign_edited  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.keys import Keystore  # noqa: PLC0415
    from worldloom.provenance.originals import find_original  # noqa: PLC0415

    keystore = Keystore.open()
    return sign_edited(
        file.read_bytes(),
        _edited(name, said, keystore.operator),
        find_original(file, parent),
        keystore.operator,
        algorithm=keystore.policy.algorithm,
        doubtful=bad_parent,
    )


def _edited(name: str, said: tuple[str, str, str, str], operator: Operator) -> Edited:
    from worldloom.provenance.importing import Edited  # noqa: PLC0415  (start-up time)
    from worldloom.provenance.media import media_type_of  # noqa: PLC0415

    by, tool, note, licence = (text.strip() for text in said)
    program, _, last = tool.rpartition(" ")
    versioned = bool(program) and last[:1].isdigit()
    return Edited(
        name=name,
        media_type=media_type_of(name),
        person=by or operator.organisation,
        tool=program if versioned else tool,
        tool_version=last if versioned else "",
        note=note,
        licence=licence,
    )


def _write(target: Path, signed: SignedFile) -> None:
    from worldloom.provenance.storage import storage_error  # noqa: PLC0415  (start-up time)

    try:
        if signed.sidecar is not None:
            target.with_name(target.name + ".c2pa").write_bytes(signed.sidecar)
        target.write_bytes(signed.data)
    except OSError as error:
        raise storage_error(error, str(target)) from error


def _tell(target: Path, imported: Imported, *, as_json: bool) -> None:
    parent = imported.parent
    if as_json:
        told = {
            "file": str(target),
            "sidecar": imported.signed.sidecar is not None,
            "source_type": imported.source_type,
        }
        shared.print_json(
            told | {"manifest": imported.signed.manifest, "parent": parent.manifest, "parent_state": parent.state}
        )
        return
    beside = " and its .c2pa" if imported.signed.sidecar is not None else ""
    shared.say(f"{target}{beside}: {imported.source_type}")
    shared.say(shared.printable(f"  parent {parent.title!r}, {parent.manifest}"))
    if not parent.holds:
        shared.say(shared.printable(f"  whose credential does NOT hold: {', '.join(parent.failures)[:300]}"))
    shared.say(f"  worldloom audit {quoted(str(target))}")
