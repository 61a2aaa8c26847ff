"""Golden values of a linear probe: scikit-learn's logistic regression behind its standard scaler.

Tensors in probe.safetensors, F64 but for the first two: features [90, 12] (F32), of very different
scales, the last one constant; labels [90] (I64), of 4 classes; and for the penalties C = 0.01 and 1,
fitted on the first 70 rows:

C.coefficients   [12, 4], on standardised features
C.intercepts     [4]
C.probabilities  [90, 4], of all rows

Needs scikit-learn (1.9 made the file).
"""

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
    save(__file__, tensors)


if __name__ == "__main__":
    main()
