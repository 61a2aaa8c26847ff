import Foundation
import Recipes
import Testing

@Suite struct RecipeErrorTests {
  struct Case: CustomTestStringConvertible {
    let text: String
    let message: String
    init(_ text: String, _ message: String) { (self.text, self.message) = (text, message) }
    var testDescription: String { text }
  }

  static let values = [
    Case(
      "training:\n  epochs: ten",
      "r.yaml:2: `training.epochs` is `ten`; allowed: a whole number from 1 to 100000"),
    Case(
      "training: {epochs: 0}",
      "r.yaml:1: `training.epochs` is `0`; allowed: a whole number from 1 to 100000"),
    Case(
      "training: {epochs: 010}",
      "r.yaml:1: `training.epochs` is `010`; allowed: a whole number from 1 to 100000"),
    Case(
      "training: {epochs: '3'}",
      "r.yaml:1: `training.epochs` is `\"3\"`; allowed: a whole number from 1 to 100000"),
    Case(
      "training: {epochs: }",
      "r.yaml:1: `training.epochs` is empty; allowed: a whole number from 1 to 100000"),
    Case(
      "training: {epochs: [3]}",
      "r.yaml:1: `training.epochs` is `[3]`; allowed: a whole number from 1 to 100000"),
    Case(
      "training: {epochs: {many: 3}}",
      "r.yaml:1: `training.epochs` is a map; allowed: a whole number from 1 to 100000"),
    Case(
      "training: {max-steps: no}",
      "r.yaml:1: `training.max-steps` is `no`; allowed: a whole number from 1 to 1000000000, "
        + "or `none`"),
    Case(
      "data: {test: .nan}",
      "r.yaml:1: `data.test` is `.nan`; allowed: a number from 0.0 to 0.9"),
    Case("data: {path: ''}", "r.yaml:1: `data.path` is `\"\"`; allowed: a path"),
    Case("data: {path: \"a\\nb\"}", "r.yaml:1: `data.path` is `\"a b\"`; allowed: a path"),
    Case("data: {path: \"a\\Pb\"}", "r.yaml:1: `data.path` is `\"a b\"`; allowed: a path"),
    Case("data: {path: ~}", "r.yaml:1: `data.path` is empty; allowed: a path"),
    Case(
      "optimizer:\n  betas: 0.9",
      "r.yaml:2: `optimizer.betas` is `0.9`; allowed: a list of 2, each a number from 0.0 to "
        + "0.999999"),
    Case(
      "optimizer:\n  betas:\n  - 0.9\n  - 1",
      "r.yaml:4: `optimizer.betas` is `1`; allowed: a number from 0.0 to 0.999999"),
    Case(
      "schedule: {name: triangle}",
      "r.yaml:1: `schedule.name` is `triangle`; allowed: `one-cycle`, `cosine`, "
        + "`cosine-restarts`, `step`, `constant`, `constant-with-warmup`"),
    Case(
      "schedule: {warmup: 5}",
      "r.yaml:1: `schedule.warmup` is `5`; allowed: epochs (`5ep`), steps (`500st`) or a share of all "
        + "steps (`10%`) up to 90%"),
    Case(
      "schedule: {warmup: 95%}",
      "r.yaml:1: `schedule.warmup` is `95%`; allowed: epochs (`5ep`), steps (`500st`) or a share of all "
        + "steps (`10%`) up to 90%"),
    Case(
      "schedule: {warmup: 1.5st}",
      "r.yaml:1: `schedule.warmup` is `1.5st`; allowed: epochs (`5ep`), steps (`500st`) or a share of all "
        + "steps (`10%`) up to 90%"),
    Case(
      "schedule: {name: step, step-at: [0ep]}",
      "r.yaml:1: `schedule.step-at` is `0ep`; allowed: epochs (`5ep`), steps (`500st`) or a share of all "
        + "steps (`10%`), more than none"),
    Case(
      "schedule: {name: step, step-at: 30}",
      "r.yaml:1: `schedule.step-at` is `30`; allowed: epochs (`5ep`), steps (`500st`) or a share of all "
        + "steps (`10%`), more than none, or a list of such, such as `[50%, 75%]`"),
    Case(
      "schedule: {warmup: 5ep, warmup-fraction: 0.1}",
      "r.yaml:1: `schedule.warmup-fraction` is what `schedule.warmup` was called before; leave one of "
        + "them out"),
    Case(
      "schedule:\n  warmup-fraction: 1.5",
      "r.yaml:2: `schedule.warmup-fraction` is `1.5`; allowed: epochs (`5ep`), steps (`500st`) or a share "
        + "of all steps (`10%`) up to 90%"),
  ]

  static let names = [
    Case(
      "optimizer:\n  name: adamw\n  learningrate: 1",
      "r.yaml:3: unknown key `optimizer.learningrate`; did you mean `learning-rate`?"),
    Case(
      "training: {learning-rate: 1}",
      "r.yaml:1: unknown key `training.learning-rate`; did you mean `optimizer.learning-rate`?"),
    Case(
      "schedule: {shape: 1}",
      "r.yaml:1: unknown key `schedule.shape`; `schedule` has name, warmup, cycle-momentum"),
    Case(
      "loss: {name: cross-entropy}\ntrainign:\n  epochs: 3\n  seed: 1",
      "r.yaml:2: unknown section `trainign`; did you mean `training`?"),
    Case("epochs: 3", "r.yaml:1: unknown key `epochs`; did you mean `training.epochs`?"),
    Case(
      "optimizer: {lr: 1}",
      "r.yaml:1: unknown key `optimizer.lr`; did you mean `optimizer.learning-rate`?"),
    Case(
      "batch_size: 64", "r.yaml:1: unknown key `batch_size`; did you mean `training.global-batch`?"),
    Case("wd: 64", "r.yaml:1: unknown key `wd`; did you mean `optimizer.weight-decay`?"),
    Case(
      "training: {Num_Epochs: 3}",
      "r.yaml:1: unknown key `training.Num_Epochs`; did you mean `training.epochs`?"),
    Case("optim: {lr: 1}", "r.yaml:1: unknown section `optim`; did you mean `optimizer`?"),
    Case(
      "schedule: {name: constant, shape: 1}",
      "r.yaml:1: unknown key `schedule.shape`; `schedule` has name"
    ),
    Case(
      "optimizer: {name: sgd, beta: 1}",
      "r.yaml:1: unknown key `optimizer.beta`; `optimizer.betas` belongs to `optimizer.name: adamw` or "
        + "`lamb`"
    ),
    Case("wandb: {project: x}", "r.yaml:1: unknown section `wandb`"),
    Case("<<: {a: 1}", "r.yaml:1: unknown section `<<`"),
    Case(
      "data: {sampling: inverse}",
      "r.yaml:1: `data.sampling` is `inverse`; allowed: `none`, `inverse-frequency`, `square-root`, "
        + "`effective-number`, `weights`"),
    Case(
      "data: {sampling: weights}",
      "r.yaml:1: `data.sampling: weights` needs `data.sampling-weights`, such as `[{fear: 3}]`"),
    Case(
      "data: {sampling-beta: 0.9}",
      "r.yaml:1: `data.sampling-beta` belongs to `data.sampling: effective-number`, but "
        + "`data.sampling` is `none`; leave it out"),
    Case(
      "data:\n  sampling: weights\n  sampling-weights:\n  - fear: 2\n  - fear: 3",
      "r.yaml:5: `data.sampling-weights` has `fear` twice; leave one out"),
    Case(
      "data:\n  sampling: weights\n  sampling-weights:\n  - fear: -2",
      "r.yaml:4: `data.sampling-weights.fear` is `-2`; allowed: a number from 0.0 to 1000000.0"),
    Case(
      "data: {sampling: weights, sampling-weights: {fear: 2}}",
      "r.yaml:1: `data.sampling-weights` is a map; allowed: a list of classes, each with a factor, such as "
        + "`[{fear: 3}, {awe: 0.5}]`"),
    Case(
      "data: {labels: several}",
      "r.yaml:1: `data.labels: several` asks for each label by itself, and `loss.name: cross-entropy` for one of all; "
        + "set `loss.name: binary-cross-entropy`"),
    Case(
      "data: {labels: several, sampling: square-root}\nloss: {name: binary-cross-entropy}",
      "r.yaml:1: `data.sampling: square-root` draws a photo for its one class, and with `data.labels: several` there is "
        + "none; take `loss.class-weights`"),
    Case(
      "loss: {name: binary-cross-entropy, logit-adjustment: 1}",
      "r.yaml:1: `loss.logit-adjustment` shifts classes against each other, and with `loss.name: binary-cross-entropy` "
        + "each stands by itself; take `loss.class-weights`"),
    Case(
      "data: {labels: several}\ntraining: {select-by: cohen-kappa}\nloss: {name: binary-cross-entropy}",
      "r.yaml:2: `training.select-by: cohen-kappa` has no meaning with `data.labels: several`; there are `accuracy`, "
        + "`macro-f1`, `micro-f1`, `weighted-f1`, `auroc`, `mean-average-precision`, `hamming-loss`, `loss`"
    ),
    Case(
      "training: {select-by: micro-f1}",
      "r.yaml:1: `training.select-by: micro-f1` has no meaning with `data.labels: one`; there are `accuracy`, "
        + "`balanced-accuracy`, `macro-f1`, `weighted-f1`, `cohen-kappa`, `matthews-correlation`, `top-3-accuracy`, "
        + "`top-5-accuracy`, `auroc`, `mean-average-precision`, `polarity-accuracy`, `wheel-distance`, `brier-score`, "
        + "`calibration-error`, `loss`"),
    Case(
      "evaluation: {threshold: 0.3}",
      "r.yaml:1: `evaluation.threshold` says when a photo has a label, and without `data.labels: several` it has the most "
        + "probable one; leave it out"),
    Case(
      "data: {labels: several}\nloss: {name: binary-cross-entropy}\nevaluation: {thresholds: [{hat: 2}]}",
      "r.yaml:3: `evaluation.thresholds` is a list; allowed: a list of classes, each with a probability, such as "
        + "`[{hat: 0.3}, {shirt: 0.6}]`, or `none`"),
    Case(
      "loss: {name: binary-cross-entropy, divide-by: weights}",
      "r.yaml:1: `loss.divide-by` belongs to `loss.name: cross-entropy` or `focal`, but `loss.name` is "
        + "`binary-cross-entropy`; leave it out"),
    Case(
      "data: {multilabel: true}",
      "r.yaml:1: unknown key `data.multilabel`; did you mean `data.labels`?"),
    Case(
      "data: {sampler: x}", "r.yaml:1: unknown key `data.sampler`; did you mean `data.sampling`?"),
    Case(
      "resize-schedule: 5",
      "r.yaml:1: `resize-schedule` is `5`; allowed: a list of phases, such as "
        + "`[{from-epoch: 0, size: 176}, {from-epoch: 30, size: 224}]`, or `none`"),
    Case(
      "resize-schedule:\n- from-epoch: 0\n- {from-epoch: 3, size: 224}",
      "r.yaml:2: a phase of `resize-schedule` has `from-epoch` and `size`, such as "
        + "`{from-epoch: 0, size: 176}`; this has from-epoch"),
    Case(
      "resize-schedule:\n- {from-epoch: 0, size: 4}",
      "r.yaml:2: `resize-schedule.size` is `4`; allowed: a whole number from 8 to 1024"),
    Case(
      "resize-schedule: [{from-epoch: 1, size: 176}, {from-epoch: 1, size: 224}]",
      "r.yaml:1: the phases of `resize-schedule` begin at the epochs 1, 1; the first has to begin at 0, "
        + "and each other after the one before"),
    Case(
      "resize-schedule: [{from-epoch: 0, size: 176}]",
      "r.yaml:1: `resize-schedule` ends with 176 pixels, and `model.image-size`, at which is validated, "
        + "is 224; make them the same"),
    Case(
      "resize-schedule: [{from-epoch: 0, size: 16}, {from-epoch: 1, size: 224}]\n"
        + "augment: [{center-crop: 100}, resize, normalize]",
      "r.yaml:1: with 16 pixels, `resize-schedule` makes `center-crop` of `augment` one of 7, and allowed are "
        + "8 to 1024"),
    Case(
      "optimizer: {clip-value: 0.5}",
      "r.yaml:1: `optimizer.clip-value` clips each element of the gradient and `optimizer.clip-norm` all of "
        + "it; with the one, set the other to none"),
    Case(
      "training: {memory-limit: 600}",
      "r.yaml:1: `training.memory-limit` is `600`; allowed: bytes with a unit, such as `600MB` or `4GiB`, or `auto`"
    ),
    Case(
      "training: 3", "r.yaml:1: `training` is a section; set its keys, such as `training.epochs`"),
    Case(
      "training:\n - epochs: 3",
      "r.yaml:1: `training` is a section; set its keys, such as `training.epochs`"),
  ]

  static let augmentation = [
    Case("augment: {resize: 224}", "r.yaml:1: `augment` is a map; allowed: a list of steps"),
    Case(
      "augment:\n- resize: 224\n- random-horizontal-flop: 1\n- normalize",
      "r.yaml:3: unknown step `random-horizontal-flop` in `augment`; did you mean "
        + "`random-horizontal-flip`?"),
    Case(
      "augment: [rotate]",
      "r.yaml:1: unknown step `rotate` in `augment`; there are resize, center-crop, random-crop, "
        + "random-resized-crop, resized-crop, random-horizontal-flip, random-vertical-flip, random-rotation, "
        + "random-affine, random-perspective, color-jitter, random-grayscale, gaussian-blur, "
        + "auto-augment, rand-augment, trivial-augment-wide, aug-mix, normalize, random-erasing"),
    Case(
      "augment:\n- resize: 224\n  normalize: auto",
      "r.yaml:2: a step of `augment` is a name or a map of one key, such as `- resize: 224`; "
        + "this is a map"),
    Case(
      "augment:\n- resize: big\n- normalize",
      "r.yaml:2: `augment.resize` is `big`; allowed: a whole number from 8 to 1024"),
    Case(
      "augment: [resize, normalize: {mean: [0.5], std: [0.5, 0.5, 0.5]}]",
      "r.yaml:1: `augment.normalize` is a map; allowed: `auto`, or {mean: [..], std: [..]} with a "
        + "number for each channel"),
    Case(
      "augment: [resize, normalize: {mean: [123.7], std: [0.5]}]",
      "r.yaml:1: `augment.normalize.mean` is `123.7`; allowed: a number from 0.0 to 1.0"),
    Case(
      "model: {image-size: 64}\naugment:\n- resize: 60\n- normalize",
      "r.yaml:2: `augment` must have the step `resize: 64`, since `model.image-size` is 64; "
        + "`resize` without a number follows it"),
    Case(
      "augment: [normalize, resize]",
      "r.yaml:1: `normalize` is before `resize` in `augment`, which changes pixels; move it behind that"
    ),
    Case(
      "augment: [resize]",
      "r.yaml:1: `augment` must have the step `normalize`, behind all that change pixels"),
    Case(
      "augment: [resize: {size: 224, corp: 1}, normalize]",
      "r.yaml:1: `augment.resize` has no `corp`; did you mean `crop`?"),
    Case(
      "augment: [resize: {size: 224, antialias: 1}, normalize]",
      "r.yaml:1: `augment.resize` has size, interpolation, crop and fill, no `antialias`"),
    Case(
      "augment: [resize: {crop: letterbox}, normalize]",
      "r.yaml:1: `augment.resize.crop` is `letterbox`; allowed: a number from 0.1 to 1.0, or `none` "
        + "or `pad`"),
    Case(
      "augment: [resize: {crop: 0.9, fill: 7}, normalize]",
      "r.yaml:1: `augment.resize.fill` is `7`; allowed: a colour with a crop of `pad` alone"),
    Case(
      "augment: [random-resized-crop: {evaluation-fill: 7}, normalize]",
      "r.yaml:1: `augment.random-resized-crop.evaluation-fill` is `7`; allowed: a colour with a crop of "
        + "`pad` alone"
    ),
    Case(
      "augment: [resize, normalize, normalize]",
      "r.yaml:1: `normalize` is 2 times in `augment`; once is allowed"),
    Case(
      "augment: [resize, random-erasing, normalize]",
      "r.yaml:1: `random-erasing` is before `normalize` in `augment`, and changes what comes out of "
        + "that; move it behind"),
    Case(
      "augment: [{rand-augment: {num_ops: 2}}, resize, normalize]",
      "r.yaml:1: `augment.rand-augment` has no `num_ops`; did you mean `operations`?"),
    Case(
      "augment: [{color-jitter: {p: 0.5, hue: 0.1}}, resize, normalize]",
      "r.yaml:1: `augment.color-jitter` has brightness, contrast, saturation and hue, no `p`"),
    Case(
      "mixing: {mixup_prob: 0.5}",
      "r.yaml:1: unknown key `mixing.mixup_prob`; did you mean `mixing.probability`?"),
    Case("reprob: 0.25", "r.yaml:1: unknown key `reprob`; did you mean `augment`?"),
    Case(
      "augment: [{random-rotation: {interpolation: linear}}, resize, normalize]",
      "r.yaml:1: `augment.random-rotation.interpolation` is `linear`; allowed: `nearest`, "
        + "`bilinear`, `bicubic`"),
    Case(
      "augment: [resize, {random-perspective: {probability: 1.2}}, normalize]",
      "r.yaml:1: `augment.random-perspective.probability` is `1.2`; allowed: a number from 0.0 to 1.0"
    ),
    Case(
      "augment: [{random-resized-crop: {scale: [1, 0.5]}}, normalize]",
      "r.yaml:1: `augment.random-resized-crop.scale` is `[1, 0.5]`; allowed: a range [from, to] with "
        + "`from` no greater than `to`"),
    Case(
      "augment: [{color-jitter: {brightness: .2, hue: -0.1}}, resize, normalize]",
      "r.yaml:1: `augment.color-jitter.hue` is `-0.1`; allowed: a number from 0, for a range around it, "
        + "or a range [from, to]"),
    Case(
      "augment: [random-affine, resize, normalize]",
      "r.yaml:1: `augment.random-affine` needs degrees, translate, scale or shear, without which nothing "
        + "changes"),
    Case(
      "augment: [resize, {rand-augment: {magnitude: 31}}, normalize]",
      "r.yaml:1: `augment.rand-augment.magnitude` is `31`; allowed: a number below that of `bins`, 31"
    ),
    Case(
      "training: {micro-batch: 1}\nmixing: {mixup: 0.4}",
      "r.yaml:1: photos are mixed within a micro-batch, so that `training.micro-batch` must be 2 or "
        + "more with `mixing`"),
    Case(
      "mixing: {probability: 0.5}",
      "r.yaml:1: `mixing.probability` mixes nothing without `mixing.mixup` or `mixing.cutmix`; set "
        + "one, or leave it out"),
    Case(
      "mixing: {mixup: 0.4, switch-probability: 0.3}",
      "r.yaml:1: `mixing.switch-probability` chooses between `mixing.mixup` and `mixing.cutmix`, "
        + "and one of them is 0; leave it out"),
  ]

  static let views = [
    Case(
      "evaluation: {tta: eigth}", "r.yaml:1: `evaluation.tta` is `eigth`; did you mean `eight`?"),
    Case(
      "evaluation: {tta: 8}",
      "r.yaml:1: `evaluation.tta` is `8`; allowed: `none`, `flip`, `five-crop`, `eight`, or a list of "
        + "1 to 64 views, each a list of steps"),
    Case(
      "evaluation: {tta: []}",
      "r.yaml:1: `evaluation.tta` has 0 views; allowed: `none`, `flip`, `five-crop`, `eight`, or a list "
        + "of 1 to 64 views, each a list of steps"),
    Case(
      "evaluation:\n  tta:\n  - [resize]\n  - random-vertical-flip",
      "r.yaml:4: a view of `evaluation.tta` is a list of steps, such as [{random-horizontal-flip: 1}]; "
        + "this is `random-vertical-flip`"),
    Case(
      "evaluation: {tta: [[], [{random-rotatoin: 5}]]}",
      "r.yaml:1: unknown step `random-rotatoin` in `evaluation.tta`; did you mean `random-rotation`?"
    ),
    Case(
      "evaluation: {tta: [[], [resize, normalize]]}",
      "r.yaml:1: `normalize` is in view 2 of `evaluation.tta`, which changes pixels alone; leave it "
        + "out: all behind them is done as `augment` says"),
    Case(
      "evaluation: {tta: [[random-erasing]]}",
      "r.yaml:1: `random-erasing` is in view 1 of `evaluation.tta`, which changes pixels alone; leave "
        + "it out: all behind them is done as `augment` says"),
    Case(
      "evaluation: {tta: [[{center-crop: 256}]]}",
      "r.yaml:1: `center-crop: 256` in view 1 of `evaluation.tta` is more than the 224×224 pixels that "
        + "it is cut of; cut less, or begin the view with a larger `resize`"),
    Case(
      "evaluation: {tta: [[], [{resize: 200}, random-crop]]}",
      "r.yaml:1: `random-crop: 224` in view 2 of `evaluation.tta` is more than the 200×200 pixels that "
        + "it is cut of; cut less, or begin the view with a larger `resize`"),
    Case(
      "evaluation: {tta: [[{resize: 256}]]}",
      "r.yaml:1: view 1 of `evaluation.tta` makes 256×256 pixels, but `model.image-size` is 224; a step "
        + "without a size follows it"),
    Case(
      "evaluation: {average: mean}",
      "r.yaml:1: `evaluation.average` is `mean`; allowed: `probabilities`, `logits`"),
    Case("tta: flip", "r.yaml:1: unknown key `tta`; did you mean `evaluation.tta`?"),
    Case(
      "evaluation: {test_time_augmentation: flip}",
      "r.yaml:1: unknown key `evaluation.test_time_augmentation`; did you mean `evaluation.tta`?"),
  ]

  static let together = [
    Case(
      "training:\n  global-batch: 8",
      "r.yaml:2: `training.micro-batch` 16 is more than `training.global-batch` 8; it is a part "
        + "of it"),
    Case(
      "data: {validation: 0.5, test: 0.5}",
      "r.yaml:1: `data.validation` 0.5 and `data.test` 0.5 leave no photos to train on; their sum "
        + "must be below 1"),
    Case(
      "data: {test: 2, tset: 1}\ntraining: {seed: x}",
      "r.yaml:1: `data.test` is `2`; allowed: a number from 0.0 to 0.9\n"
        + "r.yaml:2: `training.seed` is `x`; allowed: a whole number from 0 to 4294967295\n"
        + "r.yaml:1: unknown key `data.tset`; did you mean `test`?"),
    Case(
      "fine-tuning: {freeze: body, freeze-epochs: 2, unfreeze: [{from-epoch: 2, patterns: stem}]}",
      "r.yaml:1: `fine-tuning.unfreeze` has a phase from epoch 2 on, counted from 0, when "
        + "`fine-tuning.freeze-epochs` 2 has ended; leave one of them out"),
    Case(
      "fine-tuning: {freeze: body, unfreeze: [{from-epoch: 2, patterns: a}, {from-epoch: 1, patterns: b}]}",
      "r.yaml:1: the phases of `fine-tuning.unfreeze` begin at the epochs 2, 1; each has to begin after the "
        + "one before"),
    Case(
      "fine-tuning:\n  unfreeze:\n  - {from-epoch: 2, pattern: a}",
      "r.yaml:3: a phase of `fine-tuning.unfreeze` has `from-epoch` and `patterns`, such as "
        + "`{from-epoch: 2, patterns: [layer4]}`"),
    Case(
      "early-stopping: {patience: 3}\ncrossval: {select: last}",
      "r.yaml:1: `crossval.select: last` sets no photos apart, by which `plateau` and `early-stopping` could "
        + "judge; leave it out"),
  ]

  static let useless = [
    Case(
      "plateau: {cooldown: 2}",
      "r.yaml:1: `plateau.cooldown` does nothing without `plateau.patience`; set that, or leave it out"
    ),
    Case(
      "early-stopping:\n  metric: loss",
      "r.yaml:2: `early-stopping.metric` does nothing without `early-stopping.patience`; set that, or leave "
        + "it out"),
    Case(
      "model:\n  loading: partial",
      "r.yaml:2: `model.loading` says how `model.weights` are read, and there are none; set these, or "
        + "leave it out"),
    Case(
      "fine-tuning: {freeze-epochs: 2}",
      "r.yaml:1: `fine-tuning.freeze-epochs` is about what `fine-tuning.freeze` freezes, and that is "
        + "nothing; leave it out"),
    Case(
      "fine-tuning:\n  unfreeze: [{from-epoch: 1, patterns: body}]",
      "r.yaml:2: `fine-tuning.unfreeze` is about what `fine-tuning.freeze` freezes, and that is nothing; "
        + "leave it out"),
    Case(
      "training: {epochs: 2}\nfine-tuning: {freeze: body, freeze-epochs: 3}",
      "r.yaml:2: `fine-tuning.freeze-epochs` is more than `training.epochs` 2, so that nothing would ever be "
        + "unfrozen; lower it, or set it to none"),
    Case(
      "fine-tuning: {freeze: body, unfreeze: [{from-epoch: 1, patterns: a}, {from-epoch: 30, patterns: b}]}",
      "r.yaml:1: `fine-tuning.unfreeze` has a phase from epoch 30 on, counted from 0, and `training.epochs` 30 "
        + "ends before; leave it out"),
    Case(
      "crossval: {select: last, validation: 0.2}",
      "r.yaml:1: `crossval.validation` sets no photos apart with `crossval.select: last`; leave it out"
    ),
  ]

  static let syntax = [
    Case(
      "training:\n\tepochs: 3",
      "r.yaml:2: not valid YAML: while scanning for the next token (line 2), found character that "
        + "cannot start any token; a tab? indent with spaces"),
    Case(
      "training: {epochs: 3\n",
      "r.yaml:2: not valid YAML: while parsing a flow mapping (line 1), did not find expected ',' "
        + "or '}'"),
    Case("a: b: c", "r.yaml:1: not valid YAML: mapping values are not allowed in this context"),
    Case(
      "a: 1\n---\nb: 2",
      "r.yaml:2: not valid YAML: expected a single document in the stream (line 1), but found "
        + "another document"),
    Case(
      "a: *b",
      "r.yaml:1: not valid YAML: found undefined alias; text that begins with * stands in quotes"),
    Case(
      "a: 1\nb: \u{1}", "r.yaml:2: not valid YAML: control characters are not allowed"),
    Case(
      "training:\n  seed: 1\n  seed: 2",
      "r.yaml:2: `seed` is written twice in one section, the first time here"),
    Case(
      "training:\n  seed: 1\ntraining.seed: 2",
      "r.yaml:3: `training.seed` is written twice, first at r.yaml:2"),
    Case(
      "- epochs: 3", "r.yaml:1: a recipe is a map of sections such as `training:`, not a list"),
    Case("photos", "r.yaml:1: a recipe is a map of sections such as `training:`, not `photos`"),
  ]

  @Test(arguments: values + names + augmentation + views + together + useless + syntax)
  func `a bad file is refused with its line`(_ bad: Case) {
    let error = #expect(throws: RecipeError.self) { try Recipe(text: bad.text, name: "r.yaml") }
    #expect(error?.description == bad.message)
  }

  @Test(arguments: useless)
  func `a run's own recipe may have keys without use, and so may what the command line overrides`(
    _ bad: Case
  ) throws {
    _ = try Recipe(SavedRecipe(text: bad.text, path: "recipe.yaml"))
    let text =
      "model: {weights: a.pth, loading: partial}\nfine-tuning: {freeze: stem, freeze-epochs: 2}"
    let recipe = try Recipe(
      text: text, name: "r.yaml", overrides: ["model.weights=none", "fine-tuning.freeze=[]"])
    #expect(recipe.model.weights == nil && recipe.fineTuning.freeze.isEmpty)
    #expect(try recipe.with(["training.seed=1"]).training.seed == 1)
    #expect(throws: RecipeError.self) { try Recipe(overrides: ["model.loading=partial"]) }
  }

  @Test func `all mistakes of augment are told, and of many the first twenty`() {
    let text = """
      augment:
      - resize: 4
      - randm-vertical-flip
      - gaussian-blur: {kernel: x, sigm: 3}
      - normalize
      training: {epochs: 0}
      """
    let error = #expect(throws: RecipeError.self) { try Recipe(text: text, name: "r.yaml") }
    #expect(
      error?.problems.map { $0.prefix(45) }
        == [
          "r.yaml:6: `training.epochs` is `0`; allowed: a",
          "r.yaml:2: `augment.resize` is `4`; allowed: a ",
          "r.yaml:3: unknown step `randm-vertical-flip` i",
          "r.yaml:4: `augment.gaussian-blur.kernel` is `x",
          "r.yaml:4: `augment.gaussian-blur` has no `sigm",
        ].map { $0.prefix(45) })
    let many = "augment: [\(Array(repeating: "resize: 4", count: 30).joined(separator: ", "))]"
    let cut = #expect(throws: RecipeError.self) {
      try Recipe(text: many + "\ntraining: {epochs: 0}", name: "r.yaml")
    }
    #expect(cut?.problems.count == 21)
    #expect(cut?.problems.last == "and 11 more, which are told when these are mended")
  }

  @Test(arguments: ["", "\n", "# nothing but a comment\n", "---\n", "~"])
  func `an empty file is refused`(text: String) {
    let error = #expect(throws: RecipeError.self) { try Recipe(text: text, name: "r.yaml") }
    #expect(
      error?.description
        == "r.yaml: the file is empty; a recipe has at least one section, such as `data: {path: …}`"
    )
  }

  @Test(arguments: [
    Case("training.epoch=3", "unknown key `training.epoch`; did you mean `epochs`?"),
    Case("epochs=3", "unknown key `epochs`; did you mean `training.epochs`?"),
    Case("optim.betas=[0, 0]", "unknown key `optim.betas`; did you mean `optimizer.betas`?"),
    Case("trainign.epochs=3", "unknown key `trainign.epochs`; did you mean `training.epochs`?"),
    Case(
      "training.epochs=x",
      "`training.epochs` is `x`; allowed: a whole number from 1 to 100000"),
    Case(
      "training.epochs=", "`training.epochs` is empty; allowed: a whole number from 1 to 100000"),
    Case("training.epochs", "no `=`; write KEY=VALUE, as in training.epochs=3"),
    Case(
      "training={epochs: 3}",
      "`training` is a section; set its keys, such as `training.epochs`"),
    Case(
      "augment.resize=64",
      "`augment` is a list; set the whole of it, as in 'augment=[{resize: 224}]'"),
    Case(
      "resize-schedule.size=64",
      "`resize-schedule` is a list; set the whole of it, as in 'resize-schedule=[{from-epoch: 0, size: 160}, "
        + "…]'"),
    Case(
      "optimizer.betas=[0",
      "not valid YAML: while parsing a flow sequence (line 1), did not find expected ',' or ']'"),
    Case("=3", "unknown key ``"),
    Case(
      "training.global-batch=8",
      "`training.micro-batch` 16 is more than `training.global-batch` 8; it is a part of it"),
  ])
  func `a bad setting is refused by name`(_ bad: Case) {
    let error = #expect(throws: RecipeError.self) {
      try Recipe(text: "loss: {label-smoothing: 0}", name: "r.yaml", overrides: [bad.text])
    }
    #expect(error?.description == "--set \(bad.text): \(bad.message)")
  }

  @Test func `files that are no recipes are named`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "recipe-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let photo = folder.appending(path: "photo.jpg").path
    try Data([0xFF, 0xD8, 0xFF]).write(to: URL(fileURLWithPath: photo))
    for (path, problem) in [
      (
        folder.path + "/missing.yaml",
        "can't read the recipe (No such file or directory); is the path right, and is it a file?"
      ),
      (
        folder.path,
        "can't read the recipe (Invalid argument); is the path right, and is it a file?"
      ),
      (photo, "not a text file in UTF-8"),
    ] {
      let error = #expect(throws: RecipeError.self) { try Recipe(path: path) }
      #expect(error?.description == "\(path): \(problem)")
    }
  }
}
