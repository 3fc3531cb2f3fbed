"""The order of content: every departure from docs/formats.md is found, though the forger signs and seals it."""

import pytest
from worldloom.provenance.entry import EntryKind

START = 21600
LATER = START + 60


def gone(_):
    """Leave the value out."""
    return


def once(act):
    """Do something at the first call only."""
    done = []

    def twist(made):
        if not done:
            done.append(True)
            act(made)

    return twist


def other_decision(agent, time, round_, **changes):
    """Append another decision just here, whatever its own place."""

    def act(made):
        made.twists = {}
        made.decision(agent, time, round_, f"another {agent} {time} {round_}")

    return once(act)


def export(made):
    body = {
        "type": "export",
        "path": "world/x.glb",
        "media_type": "model/gltf-binary",
        "recipe": {},
        "state": "22" * 32,
    }
    made.log.append(EntryKind.EXPORT, START, body, {"type": "file"})


def events(range_, time=START):
    return lambda made: made.events("more events", time, range_, [(time, 0, None, "x", None, None, None, {})])


CASES = {
    "a decision before that of a lower agent": {"before decision 0 0 0": other_decision(2, START, 0)},
    "a decision twice": {"after decision 1 0 0": other_decision(1, START, 0)},
    "a decision after the artifacts of its round": {"after letter": other_decision(2, START, 0)},
    "a decision after the events of its step": {"after events one": other_decision(2, START, 1)},
    "a decision of an earlier step": {"after decision 0 60 0": other_decision(2, START, 0)},
    "a later round before an earlier": {"before decision 0 60 0": other_decision(0, LATER, 3)},
    "events of a range twice": {"after events one": events(0)},
    "events of a lower range after a higher": {"before events one": events(5)},
    "events of the world in the middle": {"after world events": events(3)},
    "the genesis again": {
        "after genesis": lambda made: made.log.append(EntryKind.GENESIS, START, {"type": "genesis", "again": 1}, None)
    },
    "no genesis": {"genesis": gone},
    "an export in the middle": {"after events one": export},
    "no end": {"end": gone},
}


@pytest.mark.parametrize("name", CASES)
def test_departures(forged, name):
    result = forged(CASES[name]).judge()
    assert "order" in {finding.step for finding in result.faults}, result.findings


@pytest.mark.parametrize("field", ["id", "agent", "round"])
def test_a_decision_is_who_and_when_its_id_says(forged, field):
    other = {"id": "decision-21660-1-1", "agent": "agent-0", "round": 1}[field]
    result = forged({"decision 1 60 0": lambda body: {**body, field: other}}).judge()
    assert "order" in {finding.step for finding in result.faults}


def test_the_world_may_come_first_or_last(forged):
    world_first = {"before events one": events(-1), "world events": gone}
    result = forged(world_first).judge()
    assert not {finding for finding in result.faults if finding.step == "order"}
