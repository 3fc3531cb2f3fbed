import pytest
from worldloom.generators.mesh.evaluation import data_digest
from worldloom.generators.mesh.model import WEIGHTS_FOLDER, load_model, read_config, weights_digest
from worldloom.generators.mesh.training import TrainingPlan, train
from worldloom.generators.train_mesh import main


def test_two_trainings_with_one_seed_give_the_same_weights():
    plan = TrainingPlan(seed=3, steps=2, rows=4)
    models = [train(plan, lambda line: None)[0] for _ in range(2)]
    states = [model.state_dict() for model in models]
    assert all(bool((states[0][name] == states[1][name]).all()) for name in states[0])


def test_the_shipped_card_names_the_training_that_config_tells():
    training = read_config(WEIGHTS_FOLDER)["training"]
    card = (WEIGHTS_FOLDER / "README.md").read_text(encoding="utf-8")
    assert f"--seed {training['seed']} --steps {training['steps']}" in card


def test_the_card_data_digest_depends_on_the_seed():
    assert data_digest(1, 5) == data_digest(1, 5) != data_digest(2, 5)


@pytest.mark.slow
def test_the_script_trains_measures_and_writes_loadable_weights(tmp_path, capsys):
    arguments = ["--out", str(tmp_path), "--steps", "250", "--rows", "32", "--deadline", "60"]
    assert main([*arguments, "--programs", "32", "--samples", "4"]) == 0
    output = capsys.readouterr().out
    losses = [float(line.split()[3]) for line in output.splitlines() if line.startswith("step")]
    assert losses[-1] < losses[0] / 2
    assert "ceiling_uniform_under_mask" in output
    assert weights_digest(tmp_path) in (tmp_path / "README.md").read_text(encoding="utf-8")
    load_model(tmp_path)
