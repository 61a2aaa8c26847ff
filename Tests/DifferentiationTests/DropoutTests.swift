import Differentiation
import Tensors
import Testing

@Suite struct DropoutTests {
  /// What becomes of ones in samples at these positions.
  func dropped(
    positions: [Int], epoch: Int = 0, layer: String = "fc", rate: Double = 0.3, threads: Int = 1,
    mode: Tape.Mode = .training
  ) -> [[Float]] {
    let count = 1000
    let ones = Tensor(
      Array(repeating: 1, count: positions.count * count), shape: [positions.count, count])
    let tape = Tape(
      Parameters(weights: .weights(FlatLayout([]))), mode: mode, pool: ThreadPool(threads: threads),
      randomness: Randomness(seed: 9, epoch: epoch, positions: positions))
    let y = dropout(
      Variable(ones, needsGradient: false), rate: rate, stream: .layer(layer), on: tape)
    let values = y.value.values
    return positions.indices.map { Array(values[($0 * count)..<(($0 + 1) * count)]) }
  }

  @Test(arguments: [0.1, 0.25, 0.5, 0.9]) func `the share and the scale are right`(_ rate: Double) {
    let values = dropped(positions: Array(0..<40), rate: rate).flatMap(\.self)
    let kept = Float(1 / (1 - rate))
    #expect(values.allSatisfy { $0 == 0 || $0 == kept })
    let share = Double(values.count { $0 == 0 }) / Double(values.count)
    let deviation = (rate * (1 - rate) / Double(values.count)).squareRoot()
    #expect(abs(share - rate) < 4 * deviation)
  }

  /// So it doesn't matter which rank has a sample, nor which others come with it.
  @Test func `a sample's numbers are those of its place`() {
    let all = dropped(positions: [0, 1, 2, 3])
    #expect(dropped(positions: [2, 0]) == [all[2], all[0]])
    #expect(dropped(positions: [0, 1, 2, 3], threads: 3) == all)
    #expect(Set(all).count == 4)
    #expect(dropped(positions: [0], epoch: 1) != [all[0]])
    #expect(dropped(positions: [0], layer: "fc.1") != [all[0]])
  }

  @Test func `evaluation drops nothing`() {
    #expect(dropped(positions: [0], mode: .evaluation).joined().allSatisfy { $0 == 1 })
    #expect(dropped(positions: [0], rate: 0).joined().allSatisfy { $0 == 1 })
  }
}
