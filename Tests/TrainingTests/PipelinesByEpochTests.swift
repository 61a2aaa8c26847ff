import Images
import Tensors
import Testing

@testable import Training

@Suite struct PipelinesByEpochTests {
  private func pipelines(_ phases: [(Int, Int)]) throws -> PipelinesByEpoch {
    PipelinesByEpoch(
      try phases.map { first, size in
        (
          first,
          try Pipeline(
            [Resize(size), Normalize(mean: [0], std: [1])], size: nil, channels: 1)
        )
      })
  }

  @Test func `an epoch has the pipeline of the last phase that has begun`() throws {
    let own = try pipelines([(0, 8), (2, 16), (5, 12)])
    #expect((0..<7).map { own[$0].shape[0] } == [8, 8, 16, 16, 16, 12, 12])
    #expect((0..<7).filter(own.changes) == [2, 5])
  }

  @Test(arguments: [
    (0..<7, 16, 4), (0..<2, 8, 1), (0..<4, 16, 3), (5..<7, 12, 6), (4..<7, 16, 4), (3..<4, 16, 3),
  ])
  func `the largest photos are those of epochs that come`(
    epochs: Range<Int>, side: Int, lastEpoch: Int
  ) throws {
    let largest = try pipelines([(0, 8), (2, 16), (5, 12)]).largest(in: epochs)
    #expect(largest.pipeline.shape[0] == side)
    #expect(largest.lastEpoch == lastEpoch)
  }
}
