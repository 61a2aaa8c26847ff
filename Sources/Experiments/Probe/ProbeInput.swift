import Datasets
import Files
import Images
import Interchange
import Models
import NeuralNetworks
import Optimizers
import Pretrained
import Recipes
import Runs
import Tensors

// What a probe asks of its recipe and photos.

extension Recipe {
  /// Throws where settings ask for what a probe doesn't do.
  func checkIsForProbe(of weights: String) throws(RecipeError) {
    if model.weights != weights {
      throw error(
        at: "model.weights",
        "the weights of a probe are named by --weights \(weights); leave it out")
    }
    if data.hasSeveralLabels {
      throw error(
        at: "data.labels",
        "a probe's linear head is a softmax, of one label a photo; train with fine-tuning.freeze: [body] instead"
      )
    }
    if training.microBatch == 1 {
      throw error(
        at: "training.micro-batch",
        "the regularised head normalises over the micro-batch, which must have 2 photos or more")
    }
    if crossval.fold != nil {
      throw error(at: "crossval.fold", "a probe fits heads for all folds; leave it out")
    }
    if crossval.select != .best {
      throw error(
        at: "crossval.select",
        "a probe chooses the penalty on photos that are set apart in each fold; leave it at best")
    }
    if model.head != .plain {
      throw error(
        at: "model.head",
        "a probe's model has the plain head, and both heads are tried; leave it out")
    }
    let idle = [
      ("data.sampling", data.sampling != nil), ("data.repeats", data.repeats > 1),
      ("resize-schedule", resizeSchedule != nil), ("mixing.mixup", mixing?.mixup ?? 0 > 0),
      ("mixing.cutmix", mixing?.cutmix ?? 0 > 0), ("model.dropout", model.dropout != nil),
      ("model.stochastic-depth", model.stochasticDepth > 0),
      ("average.name", average.rule != nil), ("loss.teacher", loss.teacher != nil),
      ("training.max-steps", training.maxSteps != nil),
      ("training.precision", training.precision != .fp32),
      ("training.recompute", training.recompute != .auto),
      ("training.memory-limit", training.memoryLimit != nil),
      ("training.on-non-finite", training.onNonFinite != .stop),
      ("optimizer.groups", !optimizer.groups.isEmpty),
      ("optimizer.layer-decay", optimizer.layerDecay != 1),
      ("fine-tuning.freeze", !fineTuning.freeze.isEmpty),
      ("fine-tuning.freeze-epochs", fineTuning.freezeEpochs != nil),
      ("fine-tuning.unfreeze", !fineTuning.unfreeze.isEmpty),
      ("fine-tuning.batch-norm", fineTuning.batchNorm != .auto),
      ("plateau.patience", plateau != nil), ("early-stopping.patience", earlyStopping != nil),
    ]
    if let (key, _) = idle.first(where: \.1) {
      throw error(at: key, "a probe trains heads alone, each in one way; leave it out")
    }
    if !views.isEmpty {
      throw error(
        at: "evaluation.tta",
        "a probe looks at each photo once; leave it out, and ask its model with tutti evaluate --tta"
      )
    }
    if let setting = changedSettings.first(where: { $0.key.hasPrefix("checkpoint.") }) {
      throw error(at: setting.key, "a probe has one checkpoint, at its end; leave it out")
    }
  }
}

extension Model {
  /// Numbers of a photo that the plain head looks at.
  var features: Int {
    layout.entries.first { headNames.contains($0.name) && $0.kind == .weight }?.shape[0] ?? 0
  }
}
