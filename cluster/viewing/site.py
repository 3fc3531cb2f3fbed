"""What all pages share: the runs, their followers, lands, audits and processes. Knows no NiceGUI and no HTTP."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from time import monotonic, sleep

from worldloom.cluster.closing.day import read_needs
from worldloom.cluster.errors import RunFolderError
from worldloom.cluster.options import Placement, RunOptions
from worldloom.provenance.audit import State
from worldloom.provenance.errors import ProvenanceError
from worldloom.provenance.keys import trusted_anchors

from .auditing import Audits
from .catalogue import Catalogue
from .charts import Needs
from .crowds import Crowds
from .follower import Follower, Followers, state_of
from .glance import Glances
from .land_map import MAP, LandMap, exported_map, small_picture
from .processes import Jobs
from .retelling import Reteller, Retold
from .scenes import Scene, Scenes
from .stopping import stop

_START_SECONDS = 60.0
"""Wall time for a new process to make its run's folder; loading a large model's library takes some of it."""
THUMB_SIDE = 360
"""Pixels of the picture in the list of runs."""


@dataclass
class Site:
    """One live page's state. `scenarios` are names and paths that a new run may be of: no others can be started."""

    catalogue: Catalogue
    scenarios: Sequence[str]
    placement: Placement = field(default_factory=Placement)
    followers: Followers = field(default_factory=Followers)
    jobs: Jobs = field(default_factory=Jobs)
    audits: Audits = field(default_factory=Audits)
    glances: Glances = field(default_factory=Glances)
    scenes: Scenes = field(default_factory=Scenes)
    _retellers: dict[Path, Reteller] = field(default_factory=dict)
    _needs: dict[tuple[Path, str], dict[int, dict[str, dict[str, int]]]] = field(default_factory=dict)
    _lands: dict[tuple[Path, str], LandMap | None] = field(default_factory=dict)
    _thumbs: dict[Path, bytes] = field(default_factory=dict)
    _drawing: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.crowds = Crowds(self.scenarios)

    def follower(self, key: str) -> Follower | None:
        """Return the follower of a run by its key, None where there is no such run."""
        listed = self.catalogue.find(key)
        return None if listed is None else self.followers.of(listed.folder)

    def anchors(self) -> list[bytes]:
        """Return the certificates that this user trusts; none where the keystore cannot be read."""
        try:
            return trusted_anchors()
        except ProvenanceError:
            return []

    def begin(self, options: RunOptions) -> str:
        """Start a run in a folder of its own and return its key; raises RunFolderError for what may not be started."""
        if options.scenario not in self.scenarios:
            raise RunFolderError(f"{options.scenario}: is not among the scenarios that this page was given")
        folder = self.catalogue.free_folder(Path(options.scenario).stem)
        folder.parent.mkdir(exist_ok=True)
        job = self.jobs.run(replace(options, out=folder))
        until = monotonic() + _START_SECONDS
        while job.running and monotonic() < until:
            listed = next((each for each in self.catalogue.runs() if each.folder == folder), None)
            if listed is not None:
                return listed.key
            sleep(0.1)
        if job.running:
            raise RunFolderError(f"{folder.name}: its process takes long to begin; it will stand in the list of runs")
        raise RunFolderError(job.last_words().strip() or f"{folder.name}: its process ended at once")

    def stop(self, follower: Follower) -> int:
        """Interrupt the process that writes a run, whoever of this user started it; raises RunFolderError."""
        return stop(follower.folder)

    def resume(self, follower: Follower) -> None:
        """Go on with an interrupted run; raises RunFolderError where that is not what it is."""
        if state_of(follower.folder) != State.INTERRUPTED:
            raise RunFolderError(f"{follower.folder.name}: is not interrupted, so there is nothing to resume")
        job = self.jobs.of(follower.folder)
        if job is not None and job.running:
            raise RunFolderError(f"{follower.folder.name}: a process of this page works on it already")
        self.jobs.resume(follower.folder, self.placement)

    def needs(self, follower: Follower) -> Needs:
        """Return what all snapshots that were ever seen on the disk tell of needs; a run keeps only the last two."""
        known = self._needs.setdefault((follower.folder, follower.run_id), {})
        known |= read_needs(follower.storage)
        return known

    def land(self, follower: Follower) -> LandMap | None:
        """Return a run's land, drawn at the first call, which takes seconds; None where it has none, or none yet."""
        if not follower.story.born:
            return None
        name = follower.folder, follower.run_id
        if name not in self._lands:
            with self._drawing:  # one at a time: each takes a processor
                if name not in self._lands:
                    self._lands[name] = LandMap.of(follower.storage, follower.story)
        return self._lands[name]

    def picture(self, follower: Follower) -> bytes | None:
        """Return the map (JPEG): the land as drawn, or what a finished run without a land drew of its end."""
        land = self.land(follower)
        try:
            return land.picture if land is not None else exported_map(follower.storage)
        except ProvenanceError:
            return None

    def known_land(self, follower: Follower) -> LandMap | None:
        """Return a run's land if it has been drawn."""
        return self._lands.get((follower.folder, follower.run_id))

    def retold(self, follower: Follower) -> Retold:
        """Return what the report would tell of a run so far; the first time takes seconds, since places need names."""
        land = self.land(follower)
        reteller = self._retellers.setdefault(follower.folder, Reteller(follower.folder))
        return reteller.tell(land.land if land is not None else None)

    def scene(self, follower: Follower) -> Scene | None:
        """Return the world of a run so far in three dimensions, built where it has changed; None where it has none."""
        land = self.land(follower)
        return None if land is None else self.scenes.of(follower, land.land)

    def thumb(self, follower: Follower) -> bytes | None:
        """Return a small map (JPEG) where the run has a map, or where one was drawn."""
        folder, land, crowd = follower.folder, self.known_land(follower), self.crowds.known(follower)
        if folder not in self._thumbs:
            try:
                whole = follower.storage.read(MAP) if follower.storage.exists(MAP) else land and land.picture
            except ProvenanceError:
                return None
            if not whole and crowd is not None and crowd.picture:
                return small_picture(crowd.picture, THUMB_SIDE)  # it changes yet
            small = small_picture(whole, THUMB_SIDE) if whole else None
            if small is None:
                return None
            self._thumbs[folder] = small
        return self._thumbs[folder]
