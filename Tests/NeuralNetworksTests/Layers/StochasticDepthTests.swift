import Differentiation
import NeuralNetworks
import Support
import Tensors
import Testing

@Suite struct StochasticDepthTests {
  /// What is left of ones in samples at these positions.
  private func left(
    positions: [Int], rate: Double, mode: Tape.Mode = .training, block: String = "a"
  ) -> [[Float]] {
    let ones = Tensor(Array(repeating: 1, count: positions.count * 6), shape: [positions.count, 6])
    let tape = Tape(
      Parameters(weights: .weights(FlatLayout([]))), mode: mode, pool: ThreadPool(threads: 2),
      randomness: Randomness(seed: 5, epoch: 1, positions: positions))
    let y = stochasticDepth(
      Variable(ones, needsGradient: false), rate: rate, stream: .layer(block), on: tape)
    let values = y.value.values
    return positions.indices.map { Array(values[($0 * 6)..<(($0 + 1) * 6)]) }
  }

  @Test func `whole samples are passed over, by their places`() {
    let positions = Array(0..<4000)
    let all = left(positions: positions, rate: 0.2)
    #expect(all.allSatisfy { Set($0) == [0] || Set($0) == [1.25] })
    let share = Double(all.count { $0[0] == 0 }) / 4000
    #expect(abs(share - 0.2) < 4 * (0.2 * 0.8 / 4000).squareRoot())
    #expect(left(positions: [17, 3], rate: 0.2) == [all[17], all[3]])
    #expect(left(positions: positions, rate: 0.2, block: "b") != all)
    #expect(left(positions: [1, 2], rate: 0.2, mode: .evaluation).joined().allSatisfy { $0 == 1 })
  }

  @Test func `the rates are timm's`() throws {
    let golden = try Golden("averages")
    for (net, steps, blocks) in [
      ("resnet18", 7, 8), ("tf_efficientnet_lite0", 16, 16), ("mobilenetv3_small_100", 12, 12),
      ("convnext_tiny", 17, 18), ("vit_tiny_patch16_224", 11, 12),
    ] {
      let rates = StochasticDepth.rates(upTo: 0.3, in: steps, blocks: blocks)
      // timm has no layer where the rate is zero; MobileNet's last one is of a block that adds nothing to its input.
      let theirs = try golden.doubles("rates.\(net)")
      #expect(theirs.count >= 6 && rates[0] == 0)
      for rate in theirs { #expect(rates.contains { abs($0 - rate) < 1e-6 }, "\(rate) in \(net)") }
      #expect(abs((theirs.max() ?? 0) - (rates.max() ?? 1)) < 1e-6, "\(net)")
    }
  }
}
