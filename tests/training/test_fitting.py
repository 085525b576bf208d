import numpy as np

from rag.training.fitting import listwise, logistic


def lists(seed, count=200):
    """Lists of five rows of two numbers, of which the row with the highest first number answers."""
    rng = np.random.default_rng(seed)
    made = []
    for _ in range(count):
        rows = rng.normal(size=(5, 2))
        made.append((rows, rows[:, 0] == rows[:, 0].max(), 1.0))
    return made


def test_what_tells_the_answering_row_gets_the_weight():
    model = listwise(("tells", "noise"), lists(0), 0.001)
    assert model.weights[0] > 5 * abs(model.weights[1])
    rows, answers, _ = lists(2)[0]
    assert np.argmax(model(rows)) == np.argmax(answers)


def test_lists_that_tell_nothing_are_left_out():
    rows = np.ones((3, 2)) * 99
    silent = [(rows, np.zeros(3, dtype=bool), 1.0), (rows, np.ones(3, dtype=bool), 1.0)]
    assert (listwise(("a", "b"), lists(0) + silent, 0.001).weights == listwise(("a", "b"), lists(0), 0.001).weights).all()


def test_a_fit_comes_out_alike_to_the_last_digit():
    first, again = (listwise(("a", "b"), lists(0), 0.001) for _ in range(2))
    assert (first.means.tolist(), first.weights.tolist()) == (again.means.tolist(), again.weights.tolist())
    assert all(weight == round(weight, 3) for weight in first.weights)


def test_the_logistic_model_gives_probabilities_that_hold():
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(4_000, 1))
    chance = 1 / (1 + np.exp(-2 * rows[:, 0]))
    model = logistic(("x",), rows, rng.random(4_000) < chance, np.ones(4_000), 1.0)
    found = 1 / (1 + np.exp(-model(rows)))
    assert np.abs(found - chance).mean() < 0.03
