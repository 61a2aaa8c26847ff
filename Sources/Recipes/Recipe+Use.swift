import NeuralNetworks

extension Recipe {
  /// No key may be set for nothing: whoever set it expects something of it.
  func checkUse(_ reader: inout RecipeReader, isSaved: Bool) {
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
    let epochs = training.epochs
    reader.require(
      useOf: "fine-tuning.freeze-epochs", by: "training.epochs",
      (fineTuning.freezeEpochs ?? 0) <= epochs, isSaved: isSaved,
      otherwise:
        "is more than `training.epochs` \(epochs), so that nothing would ever be unfrozen; lower it, or set it to none"
    )
    let last = fineTuning.unfreeze.last?.fromEpoch ?? 0
    reader.require(
      useOf: "fine-tuning.unfreeze", by: "training.epochs", last < epochs, isSaved: isSaved,
      otherwise:
        "has a phase from epoch \(last) on, counted from 0, and `training.epochs` \(epochs) ends before; leave it out"
    )
    reader.require(
      useOf: "crossval.validation", by: "crossval.select", crossval.select == .best,
      isSaved: isSaved, otherwise: "sets no photos apart with `crossval.select: last`; leave it out"
    )
  }
}
