import Kernels
import NeuralNetworks
import Support
import Tensors
import Testing

@Suite struct DistilledLossTests {
  @Test(arguments: [false, true])
  func `a loss by labels and a teacher has PyTorch's values`(isWeighted: Bool) throws {
    let golden = try Golden("averages")
    let logits = try golden.tensor("logits")
    let name = isWeighted ? "weighted" : "plain"
    var targets = Targets(try golden.integers("labels"))
    targets.teacher = softenedProbabilities(
      of: try golden.tensor("teacher_logits"), temperature: 3)
    let loss = DistilledLoss(
      CrossEntropyLoss(
        labelSmoothing: 0.1, classWeights: isWeighted ? try golden.floats("class_weights") : nil),
      share: 0.3, temperature: 3)
    let gradient = Tensor(uninitialized: logits.shape)
    let sums = loss.sums(logits, targets, gradient: gradient)
    let expected = Double(try golden.floats("distilled.\(name).loss")[0])
    #expect(abs(sums.loss / sums.weight - expected) <= 1e-6 * expected)
    for (ours, theirs) in zip(gradient.values, try golden.floats("distilled.\(name).gradient")) {
      #expect(abs(ours / Float(sums.weight) - theirs) <= 1e-6)
    }
    let plain = loss.sums(logits, Targets(targets.labels), gradient: nil)
    #expect(plain.loss != sums.loss && plain.weight == sums.weight)
  }

  /// What a photo counts is a mixture of what its labels do, in both parts of the loss.
  @Test func `a mixed photo's weight is that of its labels by their shares`() {
    let weights: [Float] = [1, 2, 5]
    let logits = randomTensor([2, 3], seed: 3)
    let teacher = softenedProbabilities(of: randomTensor([2, 3], seed: 4), temperature: 1)
    func sums(_ targets: Targets) -> LossSums {
      var targets = targets
      targets.teacher = teacher
      return DistilledLoss(
        CrossEntropyLoss(labelSmoothing: 0, classWeights: weights), share: 1, temperature: 2
      ).sums(logits, targets, gradient: nil)
    }
    let shares: [Float] = [0.75, 0.5]
    let second = Targets.SecondLabels([2, 1], firstShares: shares)
    let mixed = sums(Targets([0, 1], second: second, weights: [1, 3]))
    let soft = sums(
      Targets([0, 1], softLabels: [0.75, 0, 0.25, 0, 1, 0], weights: [1, 3]))
    let first = sums(Targets([0, 1], weights: [0.75, 1.5]))
    let rest = sums(Targets([2, 1], weights: [0.25, 1.5]))
    #expect(abs(mixed.loss - first.loss - rest.loss) < 1e-9)
    #expect(abs(soft.loss - mixed.loss) < 1e-9)
    #expect(abs(mixed.weight - first.weight - rest.weight) < 1e-9)
  }

  @Test func `several teachers' probabilities are softened and averaged as in PyTorch`() throws {
    let golden = try Golden("averages")
    let both = try ["teacher_logits", "logits"].map {
      softenedProbabilities(of: try golden.tensor($0), temperature: 3)
    }
    for (place, theirs) in try golden.floats("teachers.probabilities").enumerated() {
      #expect(abs((both[0][place] + both[1][place]) / 2 - theirs) <= 1e-6)
    }
  }
}
