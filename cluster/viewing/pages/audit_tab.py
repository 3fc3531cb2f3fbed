"""The audit of a run from the page: a button, how far it is, what was found and what each level proves."""

from __future__ import annotations

from nicegui import ui
from worldloom.cluster.closing.verdict import LEVELS
from worldloom.cluster.viewing.auditing import Audit
from worldloom.cluster.viewing.follower import Follower
from worldloom.cluster.viewing.site import Site
from worldloom.provenance.audit import AuditResult

from .frame import tag, text

MOST_FINDINGS = 100
_MARKS = {"pass": "good", "fail": "bad"}


class AuditTab:
    """The tab's elements; `refresh` shows how far an audit is."""

    def __init__(self, site: Site, follower: Follower) -> None:
        self._site = site
        self._follower = follower
        self._shown: Audit | None = None
        text(
            "p",
            "An audit reads every byte of the run and judges signatures, credentials and the log.",
        )
        with ui.element("div").classes("act").style("margin-top:.9rem"):
            self._button = ui.button("Audit this run", icon="fact_check", on_click=self._begin).props("unelevated")
            self._check = text("span", "", "quiet small num")
        with tag("div", "thin", role="progressbar", aria_label="Checks done").style("margin-top:.9rem") as self._line:
            self._bar = ui.element("div").style("width:0%")
        self._line.visible = False
        self._area = ui.element("div").style("width:100%")

    def _begin(self) -> None:
        self._site.audits.begin(self._follower.folder, self._site.anchors())
        self.refresh()

    def refresh(self) -> None:
        """Show how far the audit is, and its result once it has one."""
        going = self._site.audits.of(self._follower.folder)
        if going is None or going is self._shown:
            return
        self._button.set_enabled(going.done)
        self._line.visible = not going.done
        self._bar.style(f"width:{going.share * 100:.0f}%")
        self._check.text = "" if going.done else f"check {going.number} of {going.of}: {going.check}"
        if going.done:
            self._shown = going
            self._area.clear()
            with self._area:
                _show(going)


def _show(done: Audit) -> None:
    if done.result is None:
        text("p", done.fault, "note bad t").style("margin-top:1rem")
        return
    result = done.result
    with ui.element("div").style("margin-top:1.2rem"):
        text("span", _verdict(result), f"pill {'good' if result.ok else 'bad'}")
        text(
            "span",
            f" {done.seconds:.1f} s, {result.entries:,} log entries, {result.artifacts} artifacts",
            "quiet small num",
        )
    with ui.element("div").classes("levels"):
        for name, state in result.levels.items():
            title, proves, not_proved = LEVELS.get(str(name), (str(name), "", ""))
            with ui.element("div").classes("level"):
                text("span", title, "title")
                with ui.element("div"):
                    text("span", str(state), f"pill {_MARKS.get(str(state), '')}")
                with ui.element("div"):
                    text("p", proves)
                    text("p", f"Not proved: {not_proved}", "quiet small")
    for finding in result.findings[:MOST_FINDINGS]:
        text("p", f"{finding.level}, {finding.step}: {finding.path} {finding.message}", "note small t")
    if len(result.findings) > MOST_FINDINGS:
        text("p", f"… and {len(result.findings) - MOST_FINDINGS:,} more; worldloom audit lists all", "quiet small")


def _verdict(result: AuditResult) -> str:
    return "clean" if result.ok else f"not clean (exit status {result.exit_code})"
