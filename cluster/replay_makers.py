"""Who answers in a replay: by the log where answers are recorded, else the models here, if they are the run's."""

from __future__ import annotations

from worldloom.generators.errors import WeightsError
from worldloom.provenance.identities import read_identity
from worldloom.provenance.recipe import Identity

from .finished import FinishedRun
from .makers import named
from .runtime import who_answers
from .scenario import Scenario


def who_answered(run: FinishedRun) -> dict[str, Identity]:
    """Return who answered in a run, by the log's first entry: a replay from recordings needs none of them here."""
    return {name: read_identity(told) for name, told in run.told.get("generators", {}).items()}


def who_answers_again(run: FinishedRun, scenario: Scenario) -> dict[str, Identity]:
    """Return who answers now; raises WeightsError where that is not who answered in the run."""
    names, told = named(who_answers(scenario), run.parent), who_answered(run)
    for name, identity in names.items():
        before, now = told.get(name, identity).content(), identity.content()
        if before != now:
            differ = ", ".join(field for field, value in before.items() if now.get(field) != value)
            raise WeightsError(
                f"{name}: {before['backend']}/{before['model']} made the run, and what is here has another {differ}: "
                f"nothing can come out equal. Install what made it (weights {before['weights'] or 'none'}), or "
                "regenerate a --sample, which leaves this kind out"
            )
    return names
