"""Golden values of position embeddings for images of other sizes, by timm and PyTorch's autograd.

Tensors in positions.safetensors, of an embedding of 4 × 4 patches:

embedding [1, 17, 3]
N.resampled, N.weights [1, 1 + N², 3]
    the embedding for N × N patches, and random weights
N.gradient [1, 17, 3]
    the embedding's gradient of the sum of weights times what it became
"""

import torch
from timm.layers import resample_abs_pos_embed

from golden import save

torch.manual_seed(7)
embedding = torch.randn(1, 17, 3)
tensors = {"embedding": embedding.clone()}
for side in (2, 3, 6):
    own = embedding.clone().requires_grad_()
    resampled = resample_abs_pos_embed(own, [side, side], num_prefix_tokens=1)
    weights = torch.randn_like(resampled)
    (resampled * weights).sum().backward()
    tensors |= {f"{side}.resampled": resampled.detach(), f"{side}.weights": weights,
                f"{side}.gradient": own.grad}
save(__file__, tensors)
