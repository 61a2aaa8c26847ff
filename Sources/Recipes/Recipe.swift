package import EpochRules
import Evaluation
import Files
package import Images
import Models
package import NeuralNetworks
import Optimizers

/// All settings of a training run: typed values read from YAML, with `--set` on top.
///
/// A key that is not written has its default, so an empty recipe is a whole one. docs/recipe.md
/// describes the keys.
package struct Recipe: Sendable {
  package let model: Model
  package let data: Data
  package let training: Training
  package let optimizer: Optimizer
  package let average: Average
  package let fineTuning: FineTuning
  package let schedule: Schedule
  /// Nil: the learning rate is the schedule's.
  package let plateau: Plateau?
  /// Nil: the training has all of its epochs.
  package let earlyStopping: EarlyStopping?
  package let loss: Loss
  package let augment: [any Transform]
  /// Nil: photos have one size.
  package let resizeSchedule: [SizePhase]?
  /// Nil where photos aren't mixed.
  package let mixing: Mixing?
  package let evaluation: Evaluation
  package let checkpoint: Checkpoint
  package let crossval: Crossval
  /// Every key with its value, in the order of declaration.
  package private(set) var settings: [Setting]
  /// The keys of rules that weren't chosen, with their defaults.
  package let idleSettings: [Setting]

  /// The defaults, changed by settings such as `training.epochs=3`.
  package init(overrides: [String] = []) throws(RecipeError) {
    try self.init(RecipeSource(), overrides: overrides)
  }

  /// A recipe in YAML; `name` stands for it in messages.
  ///
  /// - Parameter isSaved: it is the recipe of a run, which an earlier version may have written.
  package init(
    text: String, name: String, overrides: [String] = [], isSaved: Bool = false
  ) throws(RecipeError) {
    try self.init(
      RecipeSource(text: text, name: name), overrides: overrides, isSaved: isSaved)
  }

  /// A recipe's file.
  package init(
    path: String, overrides: [String] = [], isSaved: Bool = false
  ) throws(RecipeError) {
    let bytes: [UInt8]
    do {
      bytes = try InputFile(path: path).bytes(atMost: SavedRecipe.longest)
    } catch let error as FileError {
      throw RecipeError(
        at: path, "can't read the recipe (\(error.cause)); is the path right, and is it a file?")
    } catch {
      throw RecipeError(["\(error)"])
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw RecipeError(at: path, "not a text file in UTF-8")
    }
    try self.init(text: text, name: path, overrides: overrides, isSaved: isSaved)
  }

  private init(
    _ source: RecipeSource, overrides: [String], isSaved: Bool = false
  ) throws(RecipeError) {
    var source = source
    for setting in overrides { try source.override(setting) }
    var reader = RecipeReader(source)
    model = Model(&reader)
    data = Data(&reader)
    training = Training(&reader)
    optimizer = Optimizer(&reader)
    average = Average(&reader, epochs: training.epochs)
    fineTuning = FineTuning(&reader)
    schedule = Schedule(&reader)
    plateau = Self.plateau(&reader, selectBy: training.selectBy)
    earlyStopping = Self.earlyStopping(&reader, selectBy: training.selectBy)
    loss = Loss(&reader, hasSeveralLabels: data.hasSeveralLabels)
    augment = reader.read(
      "augment", .steps(imageSize: model.imageSize),
      default: Transforms.standard(imageSize: model.imageSize))
    resizeSchedule = reader.read("resize-schedule", .sizePhases, default: nil)
    mixing = Self.mixing(&reader)
    evaluation = Evaluation(&reader, imageSize: model.imageSize)
    checkpoint = Checkpoint(&reader)
    crossval = Crossval(&reader)
    settings = reader.settings
    idleSettings = reader.idle
    reader.refuseUnknownKeys(isSaved: isSaved)
    if reader.error == nil {
      checkTogether(&reader)
      checkUse(&reader, isSaved: isSaved)
    }
    if let error = reader.error { throw error }
  }

  /// The same with other settings, such as `training.epochs=3`.
  package func with(_ overrides: [String]) throws(RecipeError) -> Recipe {
    // Every key is in the text, whoever set it: none was set for nothing a second time.
    var recipe = try Recipe(
      text: resolved, name: "recipe.yaml", overrides: overrides, isSaved: true)
    // What stays as it was stands where it was written.
    for index in recipe.settings.indices {
      let own = self[recipe.settings[index].key]
      if let own, own.value == recipe.settings[index].value {
        recipe.settings[index].place = own.place
      }
    }
    return recipe
  }

  /// What must hold between keys that are each within their range.
  private func checkTogether(_ reader: inout RecipeReader) {
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
    for (key, metric) in [
      ("training.select-by", training.selectBy), ("plateau.metric", plateau?.metric),
      ("early-stopping.metric", earlyStopping?.metric),
    ] {
      guard let metric, key == "training.select-by" || metric != training.selectBy else { continue }
      reader.require(
        several ? metric.hasSeveralLabels : metric.hasOneLabel, key, "data.labels",
        otherwise:
          "`\(key): \(metric.name)` has no meaning with `data.labels: \(data.labels.rawValue)`; "
          + "there are \(others)")
    }
  }

  /// No key may be set for nothing: whoever set it expects something of it.
  private func checkUse(_ reader: inout RecipeReader, isSaved: Bool) {
    for key in ["model.loading", "model.averaged", "model.weights-sha256"] {
      reader.require(
        useOf: key, by: "model.weights", model.weights != nil, isSaved: isSaved,
        otherwise:
          "says how `model.weights` are read, and there are none; set these, or leave it out")
    }
    for (section, isOn) in [
      ("plateau", plateau != nil), ("early-stopping", earlyStopping != nil),
    ] {
      for key in settings.map(\.key).filter({ $0.hasPrefix("\(section).") }) {
        reader.require(
          useOf: key, by: "\(section).patience", isOn, isSaved: isSaved,
          otherwise: "does nothing without `\(section).patience`; set that, or leave it out")
      }
    }
    for key in settings.map(\.key).filter({ $0.hasPrefix("mixing.") }) {
      reader.require(
        useOf: key, by: "mixing.mixup", mixing != nil, isSaved: isSaved,
        otherwise:
          "mixes nothing without `mixing.mixup` or `mixing.cutmix`; set one, or leave it out")
    }
    reader.require(
      useOf: "mixing.switch-probability", by: "mixing.cutmix",
      mixing.map { $0.mixup > 0 && $0.cutmix > 0 } ?? true, isSaved: isSaved,
      otherwise:
        "chooses between `mixing.mixup` and `mixing.cutmix`, and one of them is 0; leave it out")
    for key in ["evaluation.threshold", "evaluation.thresholds"] {
      reader.require(
        useOf: key, by: "data.labels", data.hasSeveralLabels, isSaved: isSaved,
        otherwise:
          "says when a photo has a label, and without `data.labels: several` it has the most probable one; "
          + "leave it out")
    }
    for key in ["loss.teacher-sha256", "loss.teacher-share", "loss.temperature"] {
      reader.require(
        useOf: key, by: "loss.teacher", loss.teacher != nil, isSaved: isSaved,
        otherwise:
          "says how `loss.teacher` is learned from, and there is none; set it, or leave it out")
    }
    for key in ["fine-tuning.freeze-epochs", "fine-tuning.unfreeze"] {
      reader.require(
        useOf: key, by: "fine-tuning.freeze", !fineTuning.freeze.isEmpty, isSaved: isSaved,
        otherwise: "is about what `fine-tuning.freeze` freezes, and that is nothing; leave it out")
    }
    reader.require(
      useOf: "crossval.validation", by: "crossval.select", crossval.select == .best,
      isSaved: isSaved, otherwise: "sets no photos apart with `crossval.select: last`; leave it out"
    )
  }

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
