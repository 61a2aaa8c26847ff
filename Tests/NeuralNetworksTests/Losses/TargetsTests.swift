import NeuralNetworks
import Tensors
import Testing

@Suite struct TargetsTests {
  @Test func `plain labels are neither mixed nor weighted`() {
    let targets = Targets([2, 0, 1])
    #expect(targets.count == 3 && targets.labels == [2, 0, 1])
    #expect(targets.second == nil && targets.softLabels == nil && targets.weights == nil)
  }

  @Test func `some samples have their own labels, rows and weights`() {
    let targets = Targets(
      [1, 0, 1], softLabels: [0, 1, 0.75, 0.25, 0.5, 0.5], weights: [1, 2, 3])
    #expect(
      targets[[2, 0]]
        == Targets([1, 1], softLabels: [0.5, 0.5, 0, 1], weights: [3, 1]))
    #expect(Targets([2, 0, 1])[[1, 1]] == Targets([0, 0]))
  }

  /// A sample too few would be read from beyond an array's end by the kernels, which don't check.
  @Test func `counts must agree`() async {
    await #expect(processExitsWith: .failure) { _ = Targets([2, 0, 1], weights: [1, 1]) }
    await #expect(processExitsWith: .failure) {
      _ = Targets([2, 0], second: Targets.SecondLabels([1, 1, 1], firstShares: [1, 1, 1]))
    }
    await #expect(processExitsWith: .failure) {
      _ = Targets.SecondLabels([1, 1], firstShares: [0.5])
    }
    await #expect(processExitsWith: .failure) {
      _ = Targets([1, 1], softLabels: [0.5, 0.5, 1])
    }
    await #expect(processExitsWith: .failure) {
      let loss = CrossEntropyLoss(labelSmoothing: 0)
      let logits = Tensor([0, 0, 0, 0, 0, 0], shape: [2, 3])
      _ = loss.sums(logits, Targets([1, 1], softLabels: [0, 1, 0, 1]), gradient: nil)
    }
    await #expect(processExitsWith: .failure) {
      let loss = FocalLoss(classWeights: [1, 1])
      _ = loss.sums(Tensor([0, 0, 0], shape: [1, 3]), Targets([1]), gradient: nil)
    }
  }

  @Test func `second labels are no rows`() async {
    await #expect(processExitsWith: .failure) {
      let second = Targets.SecondLabels([0], firstShares: [1])
      _ = Targets([1], second: second, softLabels: [0, 1])
    }
  }

  @Test func `shares are shares`() async {
    await #expect(processExitsWith: .failure) {
      _ = Targets.SecondLabels([1, 1], firstShares: [0.5, 1.5])
    }
    await #expect(processExitsWith: .failure) {
      _ = Targets.SecondLabels([1, 1], firstShares: [0.5, .nan])
    }
    await #expect(processExitsWith: .failure) { _ = Targets([1], softLabels: [-0.5, 1.5]) }
  }
}
