import pytest
from pydantic import ValidationError
from worldloom.cluster import Scenario
from worldloom.cluster.shares import Share


def test_a_share_that_asks_for_nothing_reserves_nothing() -> None:
    assert Share().bundle == {}
    assert Share(replicas=3).words() == "3 replicas of no reserved resources"


def test_a_share_says_what_each_replica_reserves() -> None:
    share = Share(replicas=2, cpus=1, gpus=0.5, gpu_kind="H100")
    assert share.bundle == {"CPU": 1, "GPU": 0.5, "accelerator_type:H100": 0.001}
    assert share.words() == "2 replicas of 1 CPU and 0.5 GPU of kind H100"


@pytest.mark.parametrize(
    "fault",
    [{"gpus": 1.5}, {"gpus": -1}, {"replicas": 0}, {"gpu_kind": "H100; rm"}, {"memory": 3}, {"cpus": float("nan")}],
)
def test_a_share_that_cannot_be_is_refused(fault: dict) -> None:
    with pytest.raises(ValidationError):
        Share(**fault)


def test_where_a_run_computes_is_no_content() -> None:
    plain = Scenario(name="a")
    placed = Scenario(name="a", shares={"text": Share(replicas=2, gpus=1)})
    assert placed.content() == plain.content()
    assert placed.folded(seed=9).shares["text"].replicas == 2


def test_a_share_of_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match="no generator kind 'smell'"):
        Scenario(name="a", shares={"smell": Share()})
