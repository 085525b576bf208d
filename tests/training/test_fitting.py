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
    within, among = listwise(("tells", "noise"), lists(0), lists(1), 0.001)
    for model in (within, among):
        assert model.weights[0] > 5 * abs(model.weights[1])
    rows, answers, _ = lists(2)[0]
    assert np.argmax(within(rows)) == np.argmax(answers)


def test_the_two_models_are_drawn_together_but_may_differ():
    # within one passage the first number tells, among several the second
    turned = [(rows[:, ::-1].copy(), answers, weight) for rows, answers, weight in lists(1)]
    within, among = listwise(("first", "second"), lists(0), turned, 0.001)
    assert within.weights[0] > 3 * abs(within.weights[1])
    assert among.weights[1] > 3 * abs(among.weights[0])


def test_lists_that_tell_nothing_are_left_out():
    rows = np.ones((3, 2)) * 99
    silent = [(rows, np.zeros(3, dtype=bool), 1.0), (rows, np.ones(3, dtype=bool), 1.0)]
    assert (listwise(("a", "b"), lists(0) + silent, [], 0.001)[0].weights == listwise(("a", "b"), lists(0), [], 0.001)[0].weights).all()


def test_a_fit_comes_out_alike_to_the_last_digit():
    first, again = (listwise(("a", "b"), lists(0), lists(1), 0.001) for _ in range(2))
    assert [(model.means.tolist(), model.weights.tolist()) for model in first] == [(model.means.tolist(), model.weights.tolist()) for model in again]
    assert all(weight == round(weight, 3) for weight in first[0].weights)


def test_the_logistic_model_gives_probabilities_that_hold():
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(4_000, 1))
    chance = 1 / (1 + np.exp(-2 * rows[:, 0]))
    model = logistic(("x",), rows, rng.random(4_000) < chance, np.ones(4_000), 1.0)
    found = 1 / (1 + np.exp(-model(rows)))
    assert np.abs(found - chance).mean() < 0.03
