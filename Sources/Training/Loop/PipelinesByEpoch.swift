package import Images
import Tensors

/// What is made of photos that are trained on: from epoch to epoch perhaps in another size.
package struct PipelinesByEpoch: Sendable {
  private let phases: [(firstEpoch: Int, pipeline: Pipeline)]

  /// - Parameter phases: with the epochs that they begin in, ascending from 0.
  package init(_ phases: [(firstEpoch: Int, pipeline: Pipeline)]) {
    precondition(phases.first?.firstEpoch == 0, "no phase begins with the training")
    self.phases = phases
  }

  /// The pipeline of an epoch, counted from 0.
  package subscript(epoch: Int) -> Pipeline {
    phases[(phases.firstIndex { $0.firstEpoch > epoch } ?? phases.count) - 1].pipeline
  }

  /// The sides of the photos in pixels, with the epochs from which on.
  var sides: [(firstEpoch: Int, side: Int)] { phases.map { ($0.firstEpoch, $0.pipeline.shape[0]) } }

  package var all: [Pipeline] { phases.map(\.pipeline) }

  /// The first epoch's pipeline, in all epochs.
  package var asInFirstEpoch: PipelinesByEpoch { PipelinesByEpoch([phases[0]]) }

  /// That of the largest photos in some epochs, with the last of these that has it.
  func largest(in epochs: Range<Int>) -> (pipeline: Pipeline, lastEpoch: Int) {
    let ends = phases.dropFirst().map(\.firstEpoch) + [.max]
    let met = zip(phases, ends).filter { epochs.overlaps($0.firstEpoch..<$1) }
      .map { ($0.pipeline, min($1, epochs.upperBound) - 1) }
    return met.dropFirst().reduce(met[0]) { $1.0.shape.count > $0.0.shape.count ? $1 : $0 }
  }

  /// Whether an epoch is the first of another phase than the one before it.
  func changes(atEpoch epoch: Int) -> Bool {
    epoch > 0 && phases.contains { $0.firstEpoch == epoch }
  }
}
