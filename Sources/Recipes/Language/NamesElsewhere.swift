extension Recipe {
  /// The key that has such a name without its section, or that other programs call so; nil for none, and
  /// for names that several have.
  package static func key(called name: String) -> String? {
    if let key = NamesElsewhere.key(for: name) { return key }
    let keys = (try? Recipe()).map { ($0.settings + $0.idleSettings).map(\.key) } ?? []
    let called = keys.filter { $0.split(separator: ".").last.map(String.init) == name }
    return called.count == 1 ? called[0] : nil
  }
}

/// What PyTorch, timm, Keras and Lightning call the keys of a recipe, where spelling tells nothing:
/// `lr` is as far from `learning-rate` as from anything.
enum NamesElsewhere {
  /// A key's other names, in kebab-case and without its section.
  private static let names = [
    "model.name": ["arch", "architecture", "backbone", "model", "model-name", "net"],
    "model.image-size": ["img-size", "imgsz", "input-size", "resolution"],
    "model.weights": ["checkpoint-path", "initial-checkpoint", "load-from", "pretrained"],
    "model.dropout": ["drop", "drop-rate", "dropout-rate"],
    "data.path": ["data-dir", "data-path", "dataset", "root", "train-dir"],
    "data.validation": ["val", "val-fraction", "val-size", "val-split", "validation-split"],
    "data.test": ["test-size", "test-split"],
    "data.repeats": ["aug-repeats", "repeated-aug", "repeated-augmentation"],
    "data.sampling": ["class-balanced-sampling", "oversampling", "sampler", "weighted-sampler"],
    "data.labels": ["multi-label", "multilabel", "multi-label-classification", "problem-type"],
    "data.loader-threads": ["dataloader-num-workers", "num-workers", "workers"],
    "augment": [
      "aa", "auto-augment", "color-jitter", "crop-pct", "hflip", "random-erasing", "remode",
      "reprob", "train-transforms", "transform", "transforms", "vflip",
    ],
    "mixing.cutmix": ["cutmix-alpha"],
    "mixing.lambda": ["mixup-mode"],
    "mixing.mixup": ["mixup-alpha"],
    "mixing.probability": ["cutmix-prob", "mixup-prob"],
    "mixing.switch-off-epoch": ["mixup-off-epoch"],
    "mixing.switch-probability": ["mixup-switch-prob"],
    "resize-schedule": ["progressive-resizing", "size-schedule"],
    "training.epochs": ["max-epochs", "n-epochs", "num-epochs", "num-train-epochs"],
    "training.global-batch": ["batch", "batch-size", "bs", "train-batch-size"],
    "training.micro-batch": ["local-batch-size", "per-device-train-batch-size"],
    "training.recompute": [
      "recompute", "gradient-checkpointing", "activation-checkpointing", "grad-checkpointing",
    ],
    "training.precision": ["amp", "amp-dtype", "bf16", "fp16", "mixed-precision"],
    "training.loss-scale": ["init-scale", "initial-scale-power", "loss-scaling"],
    "training.loss-scale-growth-steps": ["growth-interval", "loss-scale-window", "scale-window"],
    "training.seed": ["manual-seed", "random-seed", "random-state"],
    "training.threads": ["num-threads", "omp-num-threads"],
    "training.select-by": ["eval-metric", "metric-for-best-model", "monitor"],
    "optimizer.name": ["opt", "optim", "optimizer"],
    "optimizer.learning-rate": ["base-lr", "lr", "lr0", "max-lr", "peak-lr"],
    "optimizer.reference-batch": ["lr-base-size"],
    "optimizer.scale-learning-rate": ["auto-scale-lr", "lr-base-scale", "scale-lr"],
    "optimizer.weight-decay": ["decay", "l2", "wd"],
    "optimizer.clip-value": ["clip-grad-value", "clipvalue"],
    "optimizer.clip-norm": [
      "clip-grad", "clip-grad-norm", "clipnorm", "gradient-clip-val", "max-grad-norm", "max-norm",
    ],
    "optimizer.groups": ["param-groups", "parameter-groups"],
    "optimizer.layer-decay": ["layerwise-lr-decay", "llrd"],
    "schedule.name": ["lr-schedule", "lr-scheduler", "lr-scheduler-type", "sched", "scheduler"],
    "schedule.warmup": ["pct-start", "warmup-epochs", "warmup-ratio", "warmup-steps"],
    "schedule.step-at": [
      "decay-epochs", "decay-milestones", "lr-step-size", "milestones", "step-size",
    ],
    "schedule.step-factor": ["decay-rate", "lr-gamma"],
    "schedule.restart-period": ["lr-cycle-decay", "t-0", "t-initial"],
    "schedule.restart-growth": ["lr-cycle-mul", "t-mult"],
    "plateau.patience": ["lr-patience", "patience-epochs", "reduce-lr-on-plateau"],
    "plateau.factor": ["lr-decay-rate", "plateau-decay-rate"],
    "plateau.floor": ["lr-min", "min-lr"],
    "early-stopping.patience": ["early-stop", "early-stopping-patience"],
    "early-stopping.min-delta": ["early-stopping-threshold"],
    "loss.label-smoothing": ["smoothing"],
    "loss.class-weights": ["class-weight", "pos-weight"],
    "loss.gamma": ["focal-gamma"],
    "loss.name": ["bce", "bce-loss", "bce-with-logits", "criterion", "loss-fn", "loss-function"],
    "loss.sum-classes": ["bce-sum"],
    "loss.alpha": ["focal-alpha"],
    "loss.logit-adjustment": ["tau"],
    "loss.teacher": ["distill", "distillation", "kd-model-name", "teacher-model", "teacher-path"],
    "loss.teacher-share": ["distillation-alpha", "kd-alpha", "kd-weight"],
    "loss.temperature": ["distillation-tau", "distillation-temperature", "kd-temperature"],
    "average.name": ["ema", "model-ema", "swa", "use-ema"],
    "average.decay": ["ema-decay", "model-ema-decay"],
    "average.warmup": ["ema-warmup", "model-ema-warmup"],
    "average.from-epoch": ["swa-epoch-start", "swa-start"],
    "training.batch-norm-momentum": ["bn-momentum"],
    "model.stochastic-depth": ["drop-path", "drop-path-rate", "stochastic-depth-prob"],
    "fine-tuning.freeze": ["freeze-layers", "frozen", "requires-grad"],
    "fine-tuning.unfreeze": ["gradual-unfreezing", "unfreeze-layers", "unfreeze-schedule"],
    "evaluation.micro-batch": ["eval-batch-size", "val-batch-size", "validation-batch-size"],
    "evaluation.threshold": ["prediction-threshold"],
    "evaluation.tta": ["test-time-aug", "test-time-augmentation", "test-time-views"],
    "checkpoint.keep": ["checkpoint-hist", "max-to-keep", "save-top-k", "save-total-limit"],
    "checkpoint.every-steps": ["every-n-train-steps", "save-steps"],
    "crossval.folds": ["cv", "k-folds", "n-folds", "n-splits", "num-folds"],
  ]

  private static let keys = Dictionary(
    names.flatMap { key, names in names.map { ($0, key) } }, uniquingKeysWith: { min($0, $1) })

  /// The key that somebody means by a name of elsewhere, such as `batch_size`; nil for no such name.
  static func key(for name: String) -> String? {
    keys[kebab(name)]
  }

  private static func kebab(_ name: String) -> String {
    String(name.lowercased().map { $0 == "_" ? "-" : $0 })
  }

  /// A step's key that somebody means by a name of torchvision's, such as `num_ops`; nil for no such name.
  static func stepKey(for name: String) -> String? {
    [
      "chain-depth": "depth", "kernel-size": "kernel", "mixture-width": "width",
      "num-magnitude-bins": "bins", "num-ops": "operations", "p": "probability",
      "prob": "probability",
    ][kebab(name)]
  }
}
