"""Audits paths in a process of its own, and tells what it took: so that its memory is measured, not this process's."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_CODE = """
import json, re, sys
from pathlib import Path
from worldloom.provenance.audit import audit
said = json.loads(sys.stdin.read())
anchors = [Path(each).read_bytes() for each in said["anchors"]]
found = {}
for path in said["paths"]:
    result = audit(Path(path), anchors=anchors)
    found[path] = {**result.to_json(), "exit": result.exit_code}
# Not ru_maxrss, which a process inherits from the one that started it.
most = re.search(r"VmHWM:\\s+([0-9]+) kB", Path("/proc/self/status").read_text())
print(json.dumps({"found": found, "kilobytes": int(most[1])}))
"""


def audited_apart(paths: Sequence[Path], anchors: Sequence[Path]) -> tuple[Mapping[str, Any], int]:
    """Return the JSON of each path's verdict, and the most memory that the process had, in MB."""
    asked = json.dumps({"paths": list(map(str, paths)), "anchors": list(map(str, anchors))})
    done = subprocess.run(
        [sys.executable, "-c", _CODE], input=asked, capture_output=True, text=True, timeout=300, check=True
    )
    said = json.loads(done.stdout)
    return said["found"], said["kilobytes"] // 1024
