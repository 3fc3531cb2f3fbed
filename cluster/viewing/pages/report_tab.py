"""The report of a sealed run, in a frame that cannot reach this page."""

from __future__ import annotations

from nicegui import ui
from worldloom.cluster.viewing.follower import Follower
from worldloom.provenance.audit import State
from worldloom.provenance.folder import REPORT

from .frame import tag, text


class ReportTab:
    """The tab's elements; `refresh` shows the report once the run is sealed."""

    def __init__(self, follower: Follower, key: str) -> None:
        self._follower = follower
        self._address = f"/files/{key}/{REPORT}"
        self._shown = False
        self._area = ui.element("div").style("width:100%")
        with self._area:
            text(
                "p",
                "The report is written when the run is closed; it is signed, and stays as it is from then on.",
                "quiet",
            )

    def refresh(self) -> None:
        """Show the report, once."""
        if self._shown or self._follower.state != State.SEALED:
            return
        self._shown = True
        self._area.clear()
        with self._area:
            with tag("a", "small", href=self._address, target="_blank", rel="noopener"):
                text("span", "Open it in a window of its own")
            tag(
                "iframe",
                "report",
                src=self._address,
                title="Report of the run",
                sandbox="allow-scripts allow-popups allow-downloads",
                loading="lazy",
            ).style("margin-top:.8rem")
