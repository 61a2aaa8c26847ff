import DataParallel
import Tensors

/// Stands for a model: entries that are shorter and longer than a block, and leaves made of random
/// numbers of many magnitudes, so that any other order of addition gives other bits.
struct FakeModel {
  let layout = FlatLayout([
    FlatEntry(name: "conv.weight", shape: [3, 3, 3, 7], kind: .weight),
    FlatEntry(name: "norm.weight", shape: [7], kind: .vector),
    FlatEntry(name: "norm.bias", shape: [7], kind: .vector),
    FlatEntry(name: "wide.weight", shape: [53, 400], kind: .weight),
    FlatEntry(name: "fc.weight", shape: [100, 90], kind: .weight),
    FlatEntry(name: "norm.running_mean", shape: [7], kind: .statistic),
    FlatEntry(name: "norm.running_var", shape: [7], kind: .statistic),
  ])

  /// Writes the gradient of a leaf, all of it but the gaps, which are never written.
  func backward(into gradient: FlatStore, leaf: Int, step: Int) {
    let random = Philox(seed: 42, stream: .layer("fake"), epoch: step)
    for entry in layout.entries {
      for element in entry.range {
        let bits = random.bits(position: leaf, index: element)
        let magnitude = Float(
          sign: bits & 1 == 0 ? .plus : .minus, exponent: Int(bits >> 1 & 15) - 8, significand: 1)
        gradient.pointer[element] = magnitude * Float(bits >> 8) * 0x1p-24
      }
    }
    let samples = 3 + leaf % 2
    gradient[.loss] = 2.3 + random.uniform(position: leaf, index: -1)
    gradient[.weight] = Float(samples) * 0.7
    gradient[.samples] = Float(samples)
    gradient[.correct] = Float(leaf % 3)
  }
}
