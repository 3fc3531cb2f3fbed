import dataclasses
import itertools
import json
import math
from types import SimpleNamespace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from noting_course import NotingCourse
from worldloom.generators.errors import TrainingError
from worldloom.generators.training import harness
from worldloom.generators.training.batches import batches, to_device
from worldloom.generators.training.course import Metric, Plan
from worldloom.generators.training.harness import train
from worldloom.generators.training.optimisers import make, rate
from worldloom.provenance.errors import StorageError
from worldloom.provenance.storage import Storage

PLANS = {
    "adamw": Plan(seed=3, steps=12, rows=4, warm_up=2),
    "adam with an average": Plan(seed=3, steps=12, rows=4, warm_up=2, optimiser="adam", ema=0.9),
    "lamb": Plan(seed=3, steps=12, rows=4, warm_up=2, optimiser="lamb"),
    "muon": Plan(seed=3, steps=12, rows=4, warm_up=2, optimiser="muon"),
}


def silent(moment) -> None:
    del moment


def test_training_lessens_the_loss_and_reports_its_end(line, tmp_path):
    heard = []
    trained = train(line, Plan(steps=300, rows=16, learning_rate=0.02, warm_up=5), tmp_path, heard.append)
    assert trained.points[-1].loss < trained.points[0].loss / 3
    assert heard[-1].step == heard[-1].steps == trained.steps == 300
    assert "step 300/300" in heard[-1].line()
    assert not trained.model.training


@pytest.mark.parametrize("name", PLANS)
def test_a_training_killed_at_any_step_and_resumed_gives_the_same_weights_bit_for_bit(line, tmp_path, bytes_of, name):
    plan = PLANS[name]
    whole = train(line, plan, tmp_path / "whole", silent)
    for step in range(1, plan.steps):
        work = tmp_path / f"killed-{step}"
        line.killed_at = step
        with pytest.raises(RuntimeError, match="killed"):
            train(line, plan, work, silent, save_every_s=0)
        line.killed_at = -1
        again = train(line, plan, work, silent)
        assert bytes_of(again.model) == bytes_of(whole.model)
        assert [point[:3] for point in again.points] == [point[:3] for point in whole.points]


def test_a_kill_between_state_and_its_commit_loses_one_save_and_nothing_else(line, tmp_path, bytes_of, monkeypatch):
    plan = PLANS["adamw"]
    whole = train(line, plan, tmp_path / "whole", silent)
    write, left = Storage.write, [5]

    def fail(storage, path, data):
        left[0] -= 1
        if left[0] < 0:
            raise StorageError(f"{path}: the power is gone")
        write(storage, path, data)

    monkeypatch.setattr(Storage, "write", fail)
    for writes in (1, 2, 3, 4, 5):
        left[0] = writes
        with pytest.raises(StorageError):
            train(line, plan, tmp_path / f"work-{writes}", silent, save_every_s=0)
    monkeypatch.undo()
    for writes in (1, 2, 3, 4, 5):
        again = train(line, plan, tmp_path / f"work-{writes}", silent)
        assert bytes_of(again.model) == bytes_of(whole.model)
        assert len(list((tmp_path / f"work-{writes}").glob("state-*"))) == 1


def test_seed_rows_and_optimiser_decide_the_weights(line, tmp_path, bytes_of):
    plan = PLANS["adamw"]
    others = [plan, dataclasses.replace(plan, seed=4), dataclasses.replace(plan, rows=5), PLANS["lamb"]]
    found = [bytes_of(train(line, each, tmp_path / str(n), silent).model) for n, each in enumerate(others)]
    assert all(found[0] != other for other in found[1:])
    assert found[0] == bytes_of(train(line, plan, tmp_path / "again", silent).model)


def test_chance_and_threads_of_the_caller_stay_as_they_were(line, tmp_path):
    threads = torch.get_num_threads()
    before = torch.random.get_rng_state()
    train(line, PLANS["adamw"], tmp_path, silent)
    assert bool((torch.random.get_rng_state() == before).all())
    assert torch.get_num_threads() == threads


def test_a_deadline_ends_the_training_with_its_rate_near_zero(line, tmp_path, monkeypatch):
    ticks = itertools.count()
    clock = SimpleNamespace(monotonic=lambda: next(ticks) / 100)  # one step a hundredth of a second
    monkeypatch.setattr(harness, "time", clock)
    plan = Plan(steps=1_000_000, rows=4, warm_up=2)
    trained = train(line, plan, tmp_path, silent, deadline_s=1.0)
    assert 90 < trained.steps <= 101
    assert trained.points[-1].rate < plan.learning_rate / 50
    assert plan.told(trained.steps)["planned_steps"] == plan.steps


def test_the_average_is_saved_in_place_of_the_weights(line, tmp_path, bytes_of):
    plan = dataclasses.replace(PLANS["adam with an average"], ema=0.0)
    plain = train(line, plan, tmp_path / "plain", silent)
    averaged = train(line, PLANS["adam with an average"], tmp_path / "averaged", silent)
    assert bytes_of(plain.model) != bytes_of(averaged.model)
    assert [point.loss for point in plain.points] == [point.loss for point in averaged.points]


def test_a_work_folder_of_another_plan_is_refused(line, tmp_path):
    train(line, PLANS["adamw"], tmp_path, silent)
    with pytest.raises(TrainingError, match="another training"):
        train(line, PLANS["lamb"], tmp_path, silent)


@pytest.mark.parametrize("harm", ["cut", "json", "list", "missing", "bit"])
def test_a_harmed_work_folder_is_refused_with_its_reason(line, tmp_path, harm):
    train(line, PLANS["adamw"], tmp_path, silent)
    state, progress = next(tmp_path.glob("state-*")), tmp_path / "progress.json"
    if harm == "cut":
        state.write_bytes(state.read_bytes()[:-10])
    elif harm == "bit":
        data = bytearray(state.read_bytes())
        data[-1] ^= 1
        state.write_bytes(data)
    elif harm == "missing":
        state.unlink()
    else:
        progress.write_text("{" if harm == "json" else json.dumps([1]))
    with pytest.raises(TrainingError, match="work"):
        train(line, PLANS["adamw"], tmp_path, silent)


def test_a_loss_that_is_no_number_ends_the_training(line, tmp_path):
    line.spoilt_at = 5
    with pytest.raises(TrainingError, match="smaller learning rate"):
        train(line, PLANS["adamw"], tmp_path, silent)


@pytest.mark.parametrize("plan", [Plan(steps=0), Plan(rows=0), Plan(optimiser="sgd")])
def test_a_plan_that_cannot_be_followed_is_refused(line, tmp_path, plan):
    with pytest.raises(TrainingError):
        train(line, plan, tmp_path, silent)


def test_lamb_moves_a_tensor_by_its_own_norm_in_the_first_step():
    weight = torch.nn.Parameter(torch.tensor([3.0, 4.0]))
    optimiser = make(Plan(optimiser="lamb", learning_rate=0.1, weight_decay=0.0), {"weight": weight})
    weight.grad = torch.tensor([0.5, -0.5])
    optimiser.step()
    # Adam's first update is the gradient's sign: of length sqrt 2, stretched to the weights' norm 5, times the rate.
    moved = 0.1 * 5 / math.sqrt(2)
    assert weight.tolist() == pytest.approx([3.0 - moved, 4.0 + moved], abs=1e-4)


def test_lamb_forgets_gradients_and_skips_what_has_none():
    weight, still = (torch.nn.Parameter(torch.ones(2)) for _ in range(2))
    optimiser = make(Plan(optimiser="lamb"), {"weight": weight, "still": still})
    weight.grad = torch.ones(2)
    optimiser.step()
    optimiser.zero_grad()
    assert weight.grad is None
    assert still.tolist() == [1.0, 1.0]


@given(st.integers(0, 10_000), st.floats(0, 1), st.integers(0, 500))
def test_the_rate_never_leaves_zero_to_the_plans(step, progress, warm_up):
    plan = Plan(warm_up=warm_up)
    assert 0 <= rate(plan, step, progress) <= plan.learning_rate
    assert rate(plan, step, 1.0) == pytest.approx(0, abs=1e-12)


def test_the_rate_rises_and_then_falls():
    plan = Plan(steps=100, warm_up=10)
    rates = [rate(plan, step, step / 100) for step in range(100)]
    assert rates[:10] == sorted(rates[:10])
    assert rates[10:] == sorted(rates[10:], reverse=True)


def test_batches_reach_the_device_at_any_depth_and_other_things_are_refused():
    batch = {"a": [torch.ones(1), (torch.ones(2), None)], "n": 3, "m": Metric("m", torch.ones(1), 0, 1)}
    moved = to_device(batch, "meta")
    assert {moved["a"][0].device.type, moved["a"][1][0].device.type, moved["m"].value.device.type} == {"meta"}
    assert (moved["n"], moved["a"][1][1]) == (3, None)
    with pytest.raises(TrainingError, match="Plan"):
        to_device([Plan()], "cpu")


@pytest.mark.slow
def test_batches_made_by_other_processes_are_the_same():
    from worldloom.generators.mesh.course import course

    plan = Plan(seed=2, steps=11, rows=2)
    here = list(batches(course(), plan, 2))
    ahead = list(batches(course(), plan, 2, workers=2))
    assert [step for step, _ in here] == [step for step, _ in ahead] == list(range(2, 11))
    assert all(bool(torch.equal(one, other)) for (_, one), (_, other) in zip(here, ahead, strict=True))


@pytest.mark.slow
def test_a_process_that_makes_batches_keeps_its_course_from_task_to_task(tmp_path):
    notes = tmp_path / "notes"
    made = list(batches(NotingCourse(notes), Plan(steps=100), 0, workers=2))
    assert made == [(step, step) for step in range(100)]
    here, *there = notes.read_text().split()
    assert 1 <= len(there) == len(set(there)) <= 2
    assert here not in there


def test_shares_run_from_floor_to_ceiling_in_either_direction():
    assert Metric("loss", 1.0, 5.0, 0.0).share == pytest.approx(0.8)
    assert Metric("obeyed", 0.9, 0.1, 1.0).share == pytest.approx(8 / 9)
    assert math.isnan(Metric("flat", 1.0, 1.0, 1.0).share)
    assert (Metric("a", 0, 0, 1).goal, Metric("a", 0, 0, 1, held_out=True).goal) == (0.8, 0.6)


def test_muon_moves_matrices_and_leaves_embeddings_to_adamw():
    names = ("layers.weight", "embed_tokens.weight", "norm.weight")
    moved = {name: torch.nn.Parameter(torch.ones(*([4, 3] if "norm" not in name else [4]))) for name in names}
    optimiser = make(Plan(optimiser="muon", learning_rate=0.1, weight_decay=0.0), moved)
    for each in moved.values():
        each.grad = torch.arange(each.numel()).float().reshape(each.shape)
    optimiser.step()
    kinds = {name: set(optimiser.state[each]) for name, each in moved.items()}
    assert kinds["layers.weight"] == {"momentum_buffer"}
    assert kinds["embed_tokens.weight"] == kinds["norm.weight"] == {"step", "exp_avg", "exp_avg_sq"}
    assert all(not torch.equal(each, torch.ones_like(each)) for each in moved.values())


@pytest.mark.gpu
@pytest.mark.parametrize("name", PLANS)
def test_on_a_gpu_a_training_goes_on_and_gives_its_model_back_to_the_processor(line, tmp_path, name):
    plan = dataclasses.replace(PLANS[name], steps=200, learning_rate=0.02)
    line.killed_at = 120
    with pytest.raises(RuntimeError, match="killed"):
        train(line, plan, tmp_path, silent, device="cuda", save_every_s=0)
    line.killed_at = -1
    trained = train(line, plan, tmp_path, silent, device="cuda")
    assert {each.device.type for each in trained.model.parameters()} == {"cpu"}
    assert trained.points[-1].loss < trained.points[0].loss / 3
