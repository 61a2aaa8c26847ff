import EpochRules
package import Evaluation
import Images
import Models
import NeuralNetworks
import Optimizers

/// What keys ask of each other.
extension Recipe {
  /// What must hold between keys that are each within their range.
  func checkTogether(_ reader: inout RecipeReader) {
    reader.require(
      data.validation + data.test < 1, "data.validation", "data.test",
      otherwise:
        "`data.validation` \(data.validation) and `data.test` \(data.test) leave no photos "
        + "to train on; their sum must be below 1")
    reader.require(
      training.microBatch <= training.globalBatch, "training.micro-batch", "training.global-batch",
      otherwise: "`training.micro-batch` \(training.microBatch) is more than "
        + "`training.global-batch` \(training.globalBatch); it is a part of it")
    reader.require(
      model.head != .regularised || training.microBatch > 1, "training.micro-batch", "model.head",
      otherwise: "`model.head: regularised` normalises over the micro-batch, so that "
        + "`training.micro-batch` must be 2 or more")
    reader.require(
      mixing == nil || training.microBatch > 1, "training.micro-batch", "mixing.mixup",
      otherwise:
        "photos are mixed within a micro-batch, so that `training.micro-batch` must be 2 or "
        + "more with `mixing`")
    checkLabels(&reader)
    reader.require(
      optimizer.clipValue == nil || optimizer.clipNorm == nil, "optimizer.clip-value",
      otherwise:
        "`optimizer.clip-value` clips each element of the gradient and `optimizer.clip-norm` all of it; with "
        + "the one, set the other to none")
    if case .given(let factors) = data.sampling {
      reader.require(
        !factors.isEmpty, "data.sampling",
        otherwise: "`data.sampling: weights` needs `data.sampling-weights`, such as `[{fear: 3}]`")
    }
    if case .given(let factors) = loss.classWeights {
      reader.require(
        !factors.isEmpty, "loss.class-weights",
        otherwise:
          "`loss.class-weights: given` needs `loss.class-weights-given`, such as `[{fear: 3}]`")
    }
    if let last = resizeSchedule?.last {
      reader.require(
        last.size == model.imageSize, "resize-schedule", "model.image-size",
        otherwise:
          "`resize-schedule` ends with \(last.size) pixels, and `model.image-size`, at which is "
          + "validated, is \(model.imageSize); make them the same")
    }
    for phase in resizeSchedule ?? [] {
      for case let step as any SizedTransform in augment(inEpoch: phase.fromEpoch) {
        reader.require(
          Resize.sizes.contains(step.size), "resize-schedule",
          otherwise:
            "with \(phase.size) pixels, `resize-schedule` makes `\(type(of: step).word)` of `augment` one of "
            + "\(step.size), and allowed are \(Resize.sizes.lowerBound) to \(Resize.sizes.upperBound)"
        )
      }
    }
    if let last = fineTuning.unfreeze.last, let end = fineTuning.freezeEpochs {
      reader.require(
        last.fromEpoch < end, "fine-tuning.unfreeze", "fine-tuning.freeze-epochs",
        otherwise:
          "`fine-tuning.unfreeze` has a phase from epoch \(last.fromEpoch) on, counted from 0, when "
          + "`fine-tuning.freeze-epochs` \(end) has ended; leave one of them out")
    }
    if crossval.select == .last {
      reader.require(
        plateau == nil && earlyStopping == nil, "early-stopping.patience", "plateau.patience",
        "crossval.select",
        otherwise:
          "`crossval.select: last` sets no photos apart, by which `plateau` and `early-stopping` could judge; "
          + "leave it out")
    }
    if let fold = crossval.fold, let folds = crossval.folds {
      reader.require(
        fold < folds, "crossval.fold", "crossval.folds",
        otherwise: "`crossval.fold` \(fold) is not one of \(folds) folds, which count from 0")
    }
    checkAugment(&reader)
    checkViews(&reader)
  }

  /// The metrics that something is decided by, each once.
  package var metricsAsked: [(key: String, metric: Metric)] {
    let others = [
      ("plateau.metric", plateau?.metric), ("early-stopping.metric", earlyStopping?.metric),
    ]
    return [("training.select-by", training.selectBy)]
      + others.compactMap { key, metric in
        metric.flatMap { $0 == training.selectBy ? nil : (key, $0) }
      }
  }

  /// What several labels a photo ask of other keys.
  private func checkLabels(_ reader: inout RecipeReader) {
    let (several, isBinary) = (data.hasSeveralLabels, loss.name == .binaryCrossEntropy)
    reader.require(
      !several || isBinary, "loss.name", "data.labels",
      otherwise:
        "`data.labels: several` asks for each label by itself, and `loss.name: \(loss.name.rawValue)` for one "
        + "of all; set `loss.name: binary-cross-entropy`")
    reader.require(
      !several || data.sampling == nil, "data.sampling", "data.labels",
      otherwise:
        "`data.sampling: \(data.samplingName.rawValue)` draws a photo for its one class, and with "
        + "`data.labels: several` there is none; take `loss.class-weights`")
    reader.require(
      !several || loss.teacher == nil, "loss.teacher", "data.labels",
      otherwise:
        "`loss.teacher` shares one photo out among classes, and with `data.labels: several` each is asked for by itself; "
        + "leave it out")
    reader.require(
      !isBinary || loss.logitAdjustment == 0, "loss.logit-adjustment", "loss.name",
      otherwise:
        "`loss.logit-adjustment` shifts classes against each other, and with `loss.name: binary-cross-entropy` "
        + "each stands by itself; take `loss.class-weights`")
    let others = (several ? Metric.ofSeveralLabels : Metric.ofOneLabel)
      .map { "`\($0.name)`" }.joined(separator: ", ")
    for (key, metric) in metricsAsked {
      reader.require(
        several ? metric.hasSeveralLabels : metric.hasOneLabel, key, "data.labels",
        otherwise:
          "`\(key): \(metric.name)` has no meaning with `data.labels: \(data.labels.rawValue)`; "
          + "there are \(others)")
    }
  }

  /// That all photos come out of `augment` in one size, and as normalised floats.
  private func checkAugment(_ reader: inout RecipeReader) {
    let borders = augment.count { $0 is Normalize }
    reader.require(
      borders <= 1, "augment",
      otherwise: "`normalize` is \(borders) times in `augment`; once is allowed")
    let size = augment.reduce(nil as ImageSize?) { size, step in
      (step as? any PixelTransform)?.outputSize(size) ?? size
    }
    reader.require(
      size == ImageSize(height: model.imageSize, width: model.imageSize), "augment",
      "model.image-size",
      otherwise: "`augment` must have the step `resize: \(model.imageSize)`, since "
        + "`model.image-size` is \(model.imageSize); `resize` without a number follows it")
    guard let border = augment.firstIndex(where: { $0 is Normalize }) else {
      return reader.require(
        false, "augment",
        otherwise: "`augment` must have the step `normalize`, behind all that change pixels")
    }
    let (before, behind) = (augment[..<border], augment[(border + 1)...])
    if let step = behind.first(where: { $0 is any PixelTransform }) {
      reader.require(
        false, "augment",
        otherwise:
          "`normalize` is before `\(type(of: step).word)` in `augment`, which changes pixels; "
          + "move it behind that")
    }
    if let step = before.first(where: { $0 is any FloatTransform }) {
      reader.require(
        false, "augment",
        otherwise:
          "`\(type(of: step).word)` is before `normalize` in `augment`, and changes what comes "
          + "out of that; move it behind")
    }
  }
}
