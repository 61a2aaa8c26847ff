import Optimizers
import Support
import Tensors
import Testing

@Suite struct LAMBTests {
  @Test(arguments: [("lamb", false), ("all", true)])
  func `fifty steps on recorded gradients end where timm's do`(
    name: String, decaysVectors: Bool
  ) throws {
    try RecordedGradients().expectSteps(
      of: LAMB(betas: (0.9, 0.99), weightDecay: 0.02, decaysVectors: decaysVectors),
      toGive: Golden("lamb"), name, learningRate: { _ in 1e-2 })
  }

  /// timm's groups: a tenth of the learning rate for the filters; the matrix has no gradient in the first nine
  /// steps.
  @Test func `with groups, too`() throws {
    try RecordedGradients().expectSteps(
      of: LAMB(betas: (0.9, 0.99), weightDecay: 0.02), toGive: Golden("lamb"), "groups",
      norms: "groups.norms", learningRate: { _ in 1e-2 },
      groups: { step in
        ParameterGroups(
          frozen: step < 9 ? ["matrix"] : [], learningRateScales: ["filters": 0.1],
          missedUpdates: ["matrix": min(step, 9)])
      })
  }

  @Test func `weights of zero get a step all the same, and a decay of zero leaves the length`() {
    let layout = FlatLayout([FlatEntry(name: "a", shape: [3, 2], kind: .weight)])
    func moved(from value: Float, gradient slope: Float) -> Float {
      let (weights, gradient) = (FlatStore.weights(layout), FlatStore.gradient(layout))
      let rule = LAMB(epsilon: 0, weightDecay: 0)
      for element in 0..<6 {
        (weights.pointer[element], gradient.pointer[element]) = (value, slope)
      }
      rule.apply(
        layout.parameters, of: layout, weights: weights.pointer, gradient: gradient.pointer,
        moments: ShardedMoments(names: rule.momentNames, range: layout.parameters), step: 1,
        learningRate: 0.125, gradientScale: 1)
      return weights.pointer[0]
    }
    // A first step of Adam's is one in each element.
    #expect(abs(moved(from: 0, gradient: 3) + 0.125) < 1e-6)
    #expect(abs(moved(from: 4, gradient: 3) - 3.5) < 1e-5)
  }
}
