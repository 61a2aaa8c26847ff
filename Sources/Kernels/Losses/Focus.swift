import Glibc

/// (1 − p)^γ·(−log p), and its slope by log p.
struct Focus {
  let loss: Double
  let slope: Double

  init(logP: Double, gamma: Double) {
    if gamma == 0 {
      (loss, slope) = (-logP, -1)
      return
    }
    // 1 − p without its rounding where p is nearly one.
    let miss = -expm1(logP)
    let power = pow(miss, gamma)
    loss = -power * logP
    // γ·(1 − p)^(γ−1)·p·log p, which tends to 0 with 1 − p, as log p does.
    let bend = miss > 0 ? gamma * power / miss * exp(logP) * logP : 0
    slope = bend - power
  }
}
