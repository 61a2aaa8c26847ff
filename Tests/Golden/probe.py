"""Golden values of a linear probe: scikit-learn's logistic regression behind its standard scaler.

Tensors in probe.safetensors, F64 but for the first two: features [90, 12] (F32), of very different
scales, the last one constant; labels [90] (I64), of 4 classes; and for the penalties C = 0.01 and 1,
fitted on the first 70 rows:

C.coefficients   [12, 4], on standardised features
C.intercepts     [4]
C.probabilities  [90, 4], of all rows

soft_labels [90, 4] and weights [90] (F32): of each row, shares of up to four classes, some of one alone;
some rows weigh nothing. With them soft.C.coefficients and so on: a row stands there once for each
class, and counts its weight times its share. The scaler's rows count once.

Needs scikit-learn (1.9 made the file).
"""

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from golden import deterministic, save

ROWS, FITTED, WIDTH, CLASSES = 90, 70, 12, 4


def main():
    random = deterministic(11)
    labels = torch.randint(CLASSES, (ROWS,), generator=random)
    centres = torch.randn(CLASSES, WIDTH, generator=random)
    features = centres[labels] + 1.5 * torch.randn(ROWS, WIDTH, generator=random)
    features = features * 10 ** torch.linspace(-3, 3, WIDTH) + torch.linspace(-5, 5, WIDTH)
    features[:, -1] = 0.3
    tensors = {"features": features, "labels": labels}
    x, y = features.double().numpy(), labels.numpy()
    for penalty in (0.01, 1):
        model = make_pipeline(
            StandardScaler(), LogisticRegression(C=penalty, tol=1e-11, max_iter=100_000))
        model.fit(x[:FITTED], y[:FITTED])
        tensors |= {
            f"{penalty}.coefficients": torch.from_numpy(model[-1].coef_).T,
            f"{penalty}.intercepts": torch.from_numpy(model[-1].intercept_),
            f"{penalty}.probabilities": torch.from_numpy(model.predict_proba(x)),
        }
    tensors |= soft(random, x, tensors)
    save(__file__, tensors)


def soft(random, x, tensors):
    votes = torch.randint(4, (ROWS, CLASSES), generator=random).float()
    votes[::3] = 0
    votes[torch.arange(ROWS), tensors["labels"]] += 1
    soft_labels = votes / votes.sum(1, keepdim=True)
    weights = torch.randint(5, (ROWS,), generator=random) / 2
    made = {"soft_labels": soft_labels, "weights": weights}
    scaler = StandardScaler().fit(x[:FITTED])
    inputs = np.repeat(scaler.transform(x), CLASSES, axis=0)
    counts = (soft_labels.double() * weights[:, None]).numpy().reshape(-1)
    labels, fitted = np.tile(np.arange(CLASSES), ROWS), FITTED * CLASSES
    for penalty in (0.01, 1):
        model = LogisticRegression(C=penalty, tol=1e-11, max_iter=100_000)
        model.fit(inputs[:fitted], labels[:fitted], sample_weight=counts[:fitted])
        made |= {
            f"soft.{penalty}.coefficients": torch.from_numpy(model.coef_).T,
            f"soft.{penalty}.intercepts": torch.from_numpy(model.intercept_),
            f"soft.{penalty}.probabilities": torch.from_numpy(
                model.predict_proba(scaler.transform(x))),
        }
    return made


if __name__ == "__main__":
    main()
