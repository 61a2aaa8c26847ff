import Diagnosis
import Evaluation
import Files
import Runs

/// The evidence of an illness as a sentence.
enum IllnessText {
  static func sentence(_ illness: any Illness) -> String {
    switch illness {
    case let it as NonFiniteSteps:
      "\(NumberText.grouped(it.skipped)) of \(NumberText.grouped(it.steps)) steps weren't finite and were passed over: \(it.reason)"
    case let it as LearningRateTooHigh:
      "the loss was \(loss(it.firstLoss)) at first, \(loss(it.peakLoss)) at its highest and \(loss(it.lastLoss)) in the end; the "
        + "gradient's norm grew \(NumberText.short(it.normGrowth)) times"
        + (it.clippedShare.map { " and was clipped in \(NumberText.percent($0)) of the steps" }
          ?? "")
        + (it.worstValidationLoss.map {
          "; the validation photos' loss was up to \(NumberText.short($0))"
        } ?? "")
        + ", at a learning rate of up to \(NumberText.short(it.learningRate))"
    case let it as LearningRateTooLow:
      "the loss fell from \(loss(it.firstLoss)) to no more than \(loss(it.lastLoss)), and the gradient's norm stayed "
        + "within \(NumberText.short(it.normSpread)) times, at a learning rate of up to \(NumberText.short(it.learningRate))"
    case let it as MeaninglessLabels:
      "\(NumberText.percent(it.accuracy)) of the validation photos are recognised, and \(NumberText.percent(it.chance)) would be by "
        + "chance"
        + (it.trainingAccuracy.map {
          ", though \(NumberText.percent($0)) of the photos that it is trained on are"
        } ?? "") + ": what the labels say doesn't hold for other photos"
    case let it as Overfitting: overfitting(it)
    case let it as Underfitting:
      "\(NumberText.percent(it.trainingAccuracy)) of the photos are recognised that it is trained on, and "
        + "\(NumberText.percent(it.accuracy)) of others"
        + (it.lastFall.map {
          $0 > 0
            ? "; the last epoch took \(NumberText.percent($0)) off the training loss"
            : "; the last epoch took nothing off the training loss"
        } ?? "")
    default: ofPhotos(illness) ?? ofTime(illness) ?? type(of: illness).name
    }
  }

  private static func overfitting(_ it: Overfitting) -> String {
    (it.trainingAccuracy.map {
      "\(NumberText.percent($0)) of the photos are recognised that it is trained on, and "
    } ?? "")
      + "\(NumberText.percent(it.accuracy)) of others; their loss was least after epoch \(it.leastEpoch + 1) "
      + "(\(loss(it.leastLoss))) and is \(loss(it.lastLoss)) after epoch \(it.epochs)"
  }

  private static func ofPhotos(_ illness: any Illness) -> String? {
    switch illness {
    case let it as TooLittleValidation:
      it.photos == 0
        ? "no photos validate, so nothing tells how good the model is"
        : "\(NumberText.grouped(it.photos)) photos validate: their accuracy of \(NumberText.fixed(it.accuracy, 3)) may as well be "
          + "anything from \(DiagnosisText.range(it.interval))"
    case let it as FewPhotosOfClass:
      list(it.classes.map { "\($0.name) has \($0.photos)" })
        + " photo\(it.classes.last?.photos == 1 ? "" : "s") to train on, where \(it.usual) are usual"
    case let it as OvercorrectedClasses:
      list(
        it.classes.map {
          "\($0.name): recall \(NumberText.fixed($0.recall, 3)), precision \(NumberText.fixed($0.precision, 3)) (\($0.photos) photos)"
        }) + ", by \(it.corrections.joined(separator: " and "))"
    case let it as WeakClasses:
      list(it.classes.map(weak))
    case let it as Confusions:
      list(
        it.pairs.map {
          "\($0.label) taken for \($0.predicted): \($0.photos) photos, \(NumberText.percent($0.share)) of its own"
        })
    case let it as DoubtfulLabels:
      "\(NumberText.grouped(it.doubtful)) of \(NumberText.grouped(it.photos)) labels are contradicted by models that weren't trained on "
        + "these photos, most often \(it.label)"
    default: nil
    }
  }

  private static let most = 5

  private static func list(_ parts: [String]) -> String {
    parts.prefix(most).joined(separator: "; ")
      + (parts.count > most ? "; and \(parts.count - most) more" : "")
  }

  private static func weak(_ it: WeakClasses.OneClass) -> String {
    "\(it.name): F1 \(NumberText.fixed(it.f1, 3)) (\(DiagnosisText.range(it.interval)) by \(it.photos) "
      + "photo\(it.photos == 1 ? "" : "s")), precision \(NumberText.fixed(it.precision, 3)), recall "
      + NumberText.fixed(it.recall, 3)
      + (it.takenFor.map { ", taken for \($0) \(times(it.timesTaken ?? 0))" } ?? "")
  }

  private static func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }

  private static func ofTime(_ illness: any Illness) -> String? {
    switch illness {
    case let it as WaitingForPhotos:
      "ranks wait for photos in \(NumberText.percent(it.share)) of the time, at \(EpochText.rate(it.imagesPerSecond))"
    case let it as WaitingForRanks:
      "a rank of \(it.ranks) waits for others in \(NumberText.percent(it.share)) of the time"
    case let it as SlowExchange:
      "\(it.ranks) ranks exchange gradients and weights in \(NumberText.percent(it.share)) of the time"
    case let it as MemoryNearLimit:
      "\(ByteCount(it.left)) of \(ByteCount(it.limit)) of memory were left, and a rank took "
        + "\(ByteCount(it.resident))"
    default: nil
    }
  }

  private static func loss(_ loss: Double) -> String { NumberText.fixed(loss, 3) }
}
