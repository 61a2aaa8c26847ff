"""Greedy selection, temperature scaling and logistic weights, by NumPy, SciPy and scikit-learn.

    python ensembles.py > ensembles.json
"""
import json
import numpy as np
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit, log_softmax, logsumexp, softmax
from sklearn.linear_model import LogisticRegression

random = np.random.default_rng(4)
LABELS = random.integers(0, 4, 120)


def member(skill, sharpness, seed):
    draw = np.random.default_rng(seed)
    logits = draw.normal(size=(120, 4)) + skill * np.eye(4)[LABELS]
    return softmax(sharpness * logits, axis=1)


MEMBERS = [member(1.0, 1, 1), member(0.0, 2, 2), member(1.4, 3, 3), member(1.2, 0.5, 4)]


def loss(logs, labels):
    return -logs[np.arange(len(labels)), labels].mean()


def greedy(members, labels, mean, rounds=50):
    """Caruana et al. 2004: with replacement, ties by index, the first of the best rounds."""
    chosen, losses = [], []
    for _ in range(rounds):
        tried = [loss(mean(members[chosen + [m]]), labels) for m in range(len(members))]
        chosen.append(int(np.argmin(tried)))
        losses.append(min(tried))
    best = int(np.argmin(losses)) + 1
    return [chosen[:best].count(m) / best for m in range(len(members))]


def temperature(logs, labels):
    """Guo et al. 2017."""
    return float(np.exp(minimize_scalar(
        lambda t: loss(log_softmax(logs / np.exp(t), axis=1), labels), bounds=(-4, 4), method="bounded",
        options={"xatol": 1e-10}).x))


def logistic(logs, labels):
    """A coefficient for each member, not negative, with half their squares."""
    def value(beta):
        z = np.tensordot(beta, logs, 1)
        return -(z[np.arange(len(labels)), labels] - logsumexp(z, axis=1)).sum() + beta @ beta / 2
    return minimize(value, np.full(len(logs), 0.25), bounds=[(0, None)] * len(logs), method="L-BFGS-B",
                    options={"ftol": 1e-15, "gtol": 1e-10}).x.tolist()


logs = np.log(np.array(MEMBERS))
mean = logsumexp(logs, axis=0) - np.log(4)

# Of two classes it is scikit-learn's, where no coefficient would be negative.
two = np.array([[softmax(m[i, [0, 1]]) for i in range(120)] for m in np.log(np.array(MEMBERS))[[0, 2, 3]]])
halves = LABELS % 2
two = np.log(two) + 0.6 * np.eye(2)[halves]
two = softmax(two, axis=2)
features = (np.log(two[:, :, 1]) - np.log(two[:, :, 0])).T
sklearn = LogisticRegression(C=1, fit_intercept=False, tol=1e-10, max_iter=10000).fit(features, halves)

# Several labels: three, each asked for by itself.
truths = random.integers(0, 2, (80, 3))
sigmoids = np.array([expit(s * (random.normal(size=(80, 3)) + k * (2 * truths - 1)))
                     for k, s in [(0.5, 1), (0.8, 4), (0.1, 1)]])


def questions(p):
    return np.log(np.stack([1 - p, p], -1).reshape(-1, 2))


several = np.array([questions(p) for p in sigmoids])
answers = truths.reshape(-1)

print(json.dumps({
    "labels": LABELS.tolist(), "members": [m.ravel().tolist() for m in MEMBERS],
    "greedy_probabilities": greedy(np.array(MEMBERS), LABELS, lambda m: np.log(m.mean(axis=0))),
    "greedy_logits": greedy(logs, LABELS, lambda m: log_softmax(m.mean(axis=0), axis=1)),
    "temperatures": [temperature(l, LABELS) for l in logs], "temperature_of_mean": temperature(mean, LABELS),
    "logistic": logistic(logs, LABELS),
    "two_labels": halves.tolist(), "two_members": [m.ravel().tolist() for m in two],
    "two_logistic": sklearn.coef_[0].tolist(),
    "truths": truths.ravel().tolist(), "sigmoids": [p.ravel().tolist() for p in sigmoids],
    "several_greedy": greedy(sigmoids.reshape(3, -1), answers,
                             lambda m: questions(m.mean(axis=0))),
    "several_temperatures": [temperature(l, answers) for l in several],
    "several_logistic": logistic(several, answers),
}))
