import EpochRules
import Evaluation
import Files
package import Training

/// Writes what `metrics.jsonl` says in numbers as scalars for TensorBoard, whose `--logdir` is the folder of runs.
package final class TensorBoardFile: TrainingObserver {
  private let folder: String
  private var file: EventFile?

  /// - Parameter folder: the run's.
  package init(folder: String) { self.folder = folder }

  package func observe(_ event: TrainingEvent) throws {
    switch event {
    case .started(let report):
      if report.step < report.lastStep { file = try EventFile(in: folder, from: report.step + 1) }
    case .validatedStart(let scores): try file?.write(scalars(scores, "validation"), step: 0)
    case .step(let progress):
      try file?.write(
        [
          ("train/loss", progress.loss), ("train/accuracy", progress.accuracy),
          ("train/learning_rate", progress.learningRate),
          ("train/gradient_norm", progress.gradientNorm),
          ("train/loss_scale", progress.lossScale.map(Double.init)),
          ("speed/images_per_second", progress.imagesPerSecond),
        ], step: progress.step)
    case .passedOver: break
    case .epoch(let report):
      var values: [(tag: String, value: Double?)] = [
        ("epoch/training_loss", report.trainingLoss),
        ("epoch/training_accuracy", report.trainingAccuracy),
        ("epoch/number", Double(report.epoch + 1)),
        ("epoch/clipped_share", report.clippedShare),
        ("speed/waited_share", report.waiting.share),
        ("speed/exchange_share", report.exchange?.share),
        ("speed/waited_for_ranks_share", report.exchange?.shareForRanks),
        (
          "memory/resident_bytes", report.memory.resident > 0 ? Double(report.memory.resident) : nil
        ),
      ]
      values += report.validation.map { scalars($0, "validation") } ?? []
      values += report.validationOfAverage.map { scalars($0, "validation_of_average") } ?? []
      try file?.write(values, step: report.step)
    case .saving, .checkpoint, .traced: break
    }
  }

  /// The loss, the metrics, and each class's F1.
  private func scalars(_ scores: Scores, _ group: String) -> [(tag: String, value: Double?)] {
    scores.metrics.map { ("\(group)/\($0.key)", scores[$0]) }
      + scores.perClass.map { ("\(group)_f1/\($0.name)", $0.f1) }
  }
}
