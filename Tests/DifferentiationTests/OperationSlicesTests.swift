import Differentiation
import Support
import Tensors
import Testing

@testable import Timelines

/// The operations of a residual block on a timeline.
@Suite struct OperationSlicesTests {
  private func pass(
    _ lane: Lane?, _ block: (Variable, Tape) -> Variable = GradientTests.block
  ) -> [Float] {
    let layout = TapeTests.layout
    let weights = FlatStore.weights(layout)
    let values = randomTensor([layout.weightCount], seed: 5)
    weights.pointer.update(from: values.pointer, count: values.count)
    let gradient = FlatStore.gradient(layout)
    let pool = ThreadPool(threads: 1)
    let tape = Tape(
      Parameters(weights: weights, gradient: gradient), mode: .training, pool: pool,
      profile: lane.map { OperationSlices($0) })
    let x = Variable(randomTensor([2, 6, 6, 4], seed: 6), needsGradient: true)
    let y = lane.slice("forward", .step) { block(x, tape) }
    y.receiveGradient(sharing: randomTensor(y.shape, seed: 7), pool: pool)
    lane.slice("backward", .step) { tape.backward() }
    return Array(UnsafeBufferPointer(start: gradient.pointer, count: gradient.count))
  }

  @Test func `operations follow each other forward, and come in reverse backward`() throws {
    let timeline = Timeline()
    timeline.start()
    let traced = pass(timeline.main)
    #expect(traced == pass(nil))
    let slices = timeline.take()[0].slices
    let forward = try #require(slices.firstIndex { $0.name == "forward" })
    let backward = try #require(slices.firstIndex { $0.name == "backward" })
    #expect(forward == 0 && backward > 0)
    let operations = slices[1..<backward]
    #expect(operations.count { $0.name == "convolution" } == 3)
    #expect(operations.allSatisfy { $0.depth == 1 && $0.category == .operation })
    var last = slices[forward].time.lowerBound
    for operation in operations {
      #expect(operation.time.lowerBound == last)
      last = operation.time.upperBound
    }
    #expect(last <= slices[forward].time.upperBound)

    let inReverse = slices[(backward + 1)...].filter { $0.depth == 1 }
    #expect(inReverse.map(\.name) == operations.reversed().map { "\($0.name) backward" })
    #expect(inReverse.map(text) == operations.reversed().map(text))
    #expect(text(operations.first) == "layer: a, input: [2, 6, 6, 4], output: [2, 6, 6, 4]")
    let gradients = slices.filter { $0.name == "parameter gradient" }
    #expect(gradients.allSatisfy { $0.depth == 2 })
    #expect(
      Set(gradients.map(text)).isSuperset(
        of: ["a", "b"].map { "parameter: \($0), shape: [3, 3, 4, 4]" }))
  }

  @Test func `a block that is run again is there twice forward`() throws {
    let timeline = Timeline()
    timeline.start()
    _ = pass(timeline.main) { x, tape in tape.replaying(x) { GradientTests.block($0, $1) } }
    let slices = timeline.take()[0].slices
    let backward = try #require(slices.firstIndex { $0.name == "backward" })
    let again = try #require(slices.firstIndex { $0.name == "replaying backward" })
    #expect(again == backward + 1)
    #expect(slices[..<backward].count { $0.name == "convolution" } == 3)
    let inside = slices[(again + 1)...].filter { $0.depth == 2 }
    for name in ["convolution", "convolution backward"] {
      #expect(inside.count { $0.name == name } == 3)
    }
    #expect(inside.allSatisfy { $0.time.upperBound <= slices[again].time.upperBound })
    #expect(inside.first?.time.lowerBound == slices[again].time.lowerBound)
  }

  private func text(_ slice: Slice?) -> String {
    (slice?.details ?? []).map { name, value in
      switch value {
      case .number(let number): "\(name): \(number)"
      case .text(let text): "\(name): \(text)"
      }
    }.joined(separator: ", ")
  }
}
