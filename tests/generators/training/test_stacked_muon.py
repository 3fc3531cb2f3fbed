import pytest
import torch
from worldloom.generators.training.course import Plan
from worldloom.generators.training.harness import Means, train
from worldloom.generators.training.optimisers import make
from worldloom.generators.training.stacked_muon import stacked

PLAN = Plan(seed=3, learning_rate=0.02, optimiser="muon")
SHAPES = {"a": (8, 6), "b": (8, 6), "c": (6, 8), "embed": (5, 6), "norm": (6,)}


def moved(optimiser_of, steps=4):
    torch.manual_seed(1)
    parameters = {name: torch.nn.Parameter(torch.randn(shape)) for name, shape in SHAPES.items()}
    optimiser = optimiser_of(PLAN, parameters)
    for _ in range(steps):
        for each in parameters.values():
            each.grad = torch.randn(each.shape)
        optimiser.step()
    return parameters


def test_matrices_that_move_together_move_as_torchs_muon_moves_each():
    mine, its = moved(stacked), moved(make)
    for name in SHAPES:
        # Products in bfloat16, in another order: four steps of 0.01 come out a fraction of one step apart.
        torch.testing.assert_close(mine[name], its[name], atol=2e-3, rtol=0)


@pytest.mark.parametrize("fetch_each", [True, False])
def test_a_training_killed_and_resumed_gives_the_same_weights_bit_for_bit(line, tmp_path, bytes_of, fetch_each):
    plan, means = Plan(seed=3, steps=8, rows=4, warm_up=2, optimiser="muon"), Means(stacked, fetch_each=fetch_each)
    whole = train(line, plan, tmp_path / "whole", lambda _: None, means=means)
    line.killed_at = 5
    with pytest.raises(RuntimeError, match="killed"):
        train(line, plan, tmp_path / "killed", lambda _: None, save_every_s=0, means=means)
    line.killed_at = -1
    again = train(line, plan, tmp_path / "killed", lambda _: None, means=means)
    assert bytes_of(again.model) == bytes_of(whole.model)
    assert [point.step for point in again.points] == [point.step for point in whole.points]
