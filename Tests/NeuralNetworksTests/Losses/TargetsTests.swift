import NeuralNetworks
import Testing

@Suite struct TargetsTests {
  @Test func `plain labels are neither mixed nor weighted`() {
    let targets = Targets([2, 0, 1])
    #expect(targets.count == 3 && targets.labels == [2, 0, 1])
    #expect(targets.second == nil && targets.weights == nil)
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
  }

  @Test func `shares are shares`() async {
    await #expect(processExitsWith: .failure) {
      _ = Targets.SecondLabels([1, 1], firstShares: [0.5, 1.5])
    }
    await #expect(processExitsWith: .failure) {
      _ = Targets.SecondLabels([1, 1], firstShares: [0.5, .nan])
    }
  }
}
