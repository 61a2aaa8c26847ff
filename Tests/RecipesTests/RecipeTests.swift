import EpochRules
import Evaluation
import Files
import Foundation
import Images
import NeuralNetworks
import Optimizers
import Recipes
import Tensors
import Testing

/// The project's folder.
let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

@Suite struct RecipeTests {
  @Test func `defaults are the ones that are documented`() throws {
    let recipe = try Recipe()
    #expect(
      recipe.resolved == """
        model:
          name: resnet18
          image-size: 224
          weights: none
          weights-sha256: auto
          loading: strict
          averaged: true
          head: plain
          dropout: auto
          stochastic-depth: 0.0
        data:
          path: photos
          validation: 0.1
          test: 0.1
          split-seed: 42
          loader-threads: auto
          corrupt: stop
          group-by: none
          labels: one
          sampling: none
          repeats: 1
          background: 255.0
          largest-photo: 200
          stage: none
        training:
          epochs: 30
          max-steps: none
          global-batch: 128
          scale-to-ranks: false
          micro-batch: 16
          seed: 42
          threads: auto
          select-by: macro-f1
          batch-norm-momentum: 0.1
          precision: fp32
          recompute: auto
          memory-limit: auto
          on-non-finite: stop
        optimizer:
          name: adamw
          learning-rate: 0.005
          scale-learning-rate: none
          weight-decay: 0.0001
          decay-norms-and-biases: false
          betas: [0.9, 0.999]
          clip-norm: 1.0
          clip-value: none
          groups: []
          layer-decay: 1.0
        average:
          name: none
        fine-tuning:
          freeze: []
          freeze-epochs: none
          unfreeze: []
          batch-norm: auto
        schedule:
          name: one-cycle
          warmup: 10%
          cycle-momentum: none
        plateau:
          patience: none
          metric: auto
          factor: 0.1
          cooldown: 0
          floor: 0.0
        early-stopping:
          patience: none
          metric: auto
          min-delta: 0.0
        loss:
          name: cross-entropy
          label-smoothing: 0.1
          divide-by: auto
          class-weights: none
          logit-adjustment: 0.0
          teacher: none
          teacher-sha256: auto
          teacher-share: 0.5
          temperature: 2.0
        augment: [resize, {random-horizontal-flip: 0.5}, {normalize: auto}]
        resize-schedule: none
        mixing:
          mixup: 0.0
          cutmix: 0.0
          probability: 1.0
          switch-probability: 0.5
          pairing: roll
          lambda: batch
          switch-off-epoch: none
        evaluation:
          micro-batch: 16
          tta: none
          average: probabilities
          threshold: 0.5
          thresholds: none
        checkpoint:
          every-steps: none
          every-minutes: 10
          keep: 3
        crossval:
          folds: none
          fold: none
          seed: 42
          select: best
          validation: 0.1

        """)
    #expect(recipe.model.weights == nil)
    #expect(recipe.data.loaderThreads == nil)
    #expect(recipe["optimizer.betas"]?.value == "[0.9, 0.999]")
    #expect(recipe.optimizer.clipNorm == 1)
    #expect(recipe.training.selectBy == .macroF1)
    #expect(
      recipe.augment.recipeText
        == "[resize, {random-horizontal-flip: 0.5}, {normalize: auto}]")
  }

  /// Every key with a value that is not its default where that can be, in the odder spellings.
  static let everything = """
    model: {name: cifar-resnet20, image-size: 32, weights: runs/first try, loading: partial,
      weights-sha256: 0123456789012345678901234567890123456789012345678901234567890123,
      averaged: false, head: attention, dropout: 0.1, stochastic-depth: 0.2}
    data:
      path: "Fotos # \\"süß\\" \\\\ 2024: neu"
      validation: .2
      test: 0
      split-seed: 4_294_967_295
      loader-threads: 3
      corrupt: skip
      group-by: person
      sampling: weights
      sampling-weights: [{joy: 3}, {"no": .5}]
      repeats: 2
      background: [0, 127.5, 255]
      largest-photo: 50
      stage: /scratch/tutti
    training: {epochs: 7.0, max-steps: 1e2, global-batch: 65, micro-batch: 8, seed: 0,
      scale-to-ranks: true, threads: 2, select-by: balanced-accuracy, batch-norm-momentum: 0.2, precision: fp16-gradients, loss-scale: 1024, loss-scale-growth-steps: 10, recompute: blocks,
      memory-limit: 1.5GB,
      on-non-finite: lower, lower-factor: 0.25}
    optimizer: {name: adamw, scale-learning-rate: linear, reference-batch: 130, learning-rate: 5e-5,
      weight-decay: -0.0, betas: [0, 0.99], clip-norm: none, clip-value: 0.25, groups: [{body: .1}],
      layer-decay: 0.7, decay-norms-and-biases: true}
    average: {name: ema, decay: 0.99, warmup: false, decides: raw}
    fine-tuning: {freeze: stem, freeze-epochs: 2, batch-norm: frozen,
      unfreeze: [{patterns: conv1.weight, from-epoch: 1}]}
    schedule: {name: one-cycle, warmup: 30.000000000000004%, cycle-momentum: [0.8, 0.9]}
    plateau: {patience: 2, metric: loss, factor: 0.3, cooldown: 1, floor: 1e-3}
    early-stopping: {patience: 5, metric: accuracy, min-delta: 1e-3}
    loss: {name: cross-entropy, label-smoothing: 0.05, divide-by: samples, class-weights: given,
      class-weights-given: [{joy: 2}], logit-adjustment: 0.5, teacher: [runs/a, b c],
      teacher-sha256: 0123456789012345678901234567890123456789012345678901234567890123,
      teacher-share: 0.25, temperature: 4}
    augment:
      - resize: {interpolation: bicubic, crop: .875}
      - normalize: {std: [0.25, 0.25, 1], mean: [0.1, 1.2e-1, 0]}
    resize-schedule:
      - {from-epoch: 0, size: 24}
      - {size: 32, from-epoch: 3}
    mixing: {mixup: .4, cutmix: 1, probability: 0.9, switch-probability: 0.25, pairing: flip,
      lambda: pair, switch-off-epoch: 6}
    evaluation: {micro-batch: 9, tta: [[], [random-vertical-flip: 1, resize]], average: logits}
    checkpoint: {every-steps: 5, every-minutes: none, keep: 1}
    crossval: {folds: 7, fold: 6, seed: 1, validation: 0.2}
    """

  @Test func `all keys are read`() throws {
    let recipe = try Recipe(text: Self.everything, name: "r.yaml")
    #expect(recipe.model.name == "cifar-resnet20")
    #expect(recipe.model.imageSize == 32)
    #expect(recipe.model.weights == "runs/first try")
    #expect(
      recipe.model.weightsDigest == String(repeating: "0123456789", count: 6) + "0123")
    #expect(recipe.model.loading == .partial)
    #expect(!recipe.model.averaged)
    #expect(recipe.data.path == "Fotos # \"süß\" \\ 2024: neu")
    #expect(recipe.data.validation == 0.2)
    #expect(recipe.data.test == 0)
    #expect(recipe.data.splitSeed == 4_294_967_295)
    #expect(recipe.data.loaderThreads == 3)
    #expect(recipe.training.epochs == 7)
    #expect(recipe.training.maxSteps == 100)
    #expect(recipe.training.globalBatch == 65)
    #expect(recipe.training.microBatch == 8)
    #expect(recipe.training.seed == 0)
    #expect(recipe.training.threads == 2)
    #expect(recipe.training.selectBy == .balancedAccuracy)
    #expect(recipe.optimizer.learningRate == 5e-5 && recipe.peakLearningRate == 2.5e-5)
    #expect(recipe.training.scalesToRanks)
    let adamw = recipe.optimizer.rule as? AdamW
    #expect(adamw?.weightDecay.sign == .plus)
    #expect(adamw?.firstBeta == 0 && adamw?.secondBeta == 0.99)
    #expect(recipe.training.onNonFinite == .lower(factor: 0.25))
    #expect(recipe.optimizer.clipNorm == nil)
    #expect(recipe.optimizer.clipValue == 0.25)
    #expect(recipe.optimizer.groups.map(\.pattern) == ["body"])
    #expect(recipe.optimizer.layerDecay == 0.7)
    #expect(recipe.model.dropout == 0.1)
    let average = recipe.average.rule as? ExponentialMovingAverage
    #expect(average?.decay == 0.99 && average?.warmsUp == false && recipe.average.deciding == .raw)
    #expect(recipe.model.stochasticDepth == 0.2 && recipe.training.batchNormMomentum == 0.2)
    #expect(recipe.training.precision == .fp16Gradients)
    #expect(recipe.training.lossScaling == LossScaling(first: 1024, growthSteps: 10))
    #expect(recipe.training.recompute == .blocks)
    #expect(recipe.training.memoryLimit?.bytes == 1_500_000_000)
    #expect(recipe.loss.teacher == ["runs/a", "b c"] && recipe.loss.temperature == 4)
    #expect(recipe.fineTuning.freeze == ["stem"])
    #expect(recipe.fineTuning.freezeEpochs == 2)
    #expect(recipe.fineTuning.unfreeze.map(\.fromEpoch) == [1])
    #expect(recipe.fineTuning.unfreeze.map(\.patterns) == [["conv1.weight"]])
    #expect((recipe.schedule.rule as? OneCycle)?.warmup == .share(0.1 + 0.2))
    #expect(recipe.plateau?.metric == .loss && recipe.plateau?.patience == 2)
    #expect(recipe.plateau?.reduction == 0.3 && recipe.plateau?.cooldown == 1)
    #expect(recipe.plateau?.floor == 1e-3)
    #expect(recipe.earlyStopping?.metric == .accuracy && recipe.earlyStopping?.patience == 5)
    #expect(recipe.earlyStopping?.leastChange == 1e-3)
    #expect((recipe.loss.rule as? CrossEntropyLoss)?.labelSmoothing == 0.05)
    #expect(
      recipe.augment.map { $0 as? Resize } == [
        Resize(32, .bicubic, crop: .center(0.875)), nil,
      ])
    #expect(
      recipe.augment.map { $0 as? Normalize } == [
        nil, Normalize(mean: [0.1, 0.12, 0], std: [0.25, 0.25, 1]),
      ])
    #expect(
      recipe.mixing
        == Mixing(
          mixup: 0.4, cutmix: 1, probability: 0.9, switchProbability: 0.25, pairing: .flip,
          share: .pair, switchOffEpoch: 6))
    #expect(recipe.evaluation.microBatch == 9)
    #expect(
      recipe.evaluation.views.lists.map(\.recipeText) == [
        "[]", "[{random-vertical-flip: 1.0}, resize]",
      ])
    #expect(recipe.evaluation.averaging == .logits)
    #expect(recipe.checkpoint.everySteps == 5)
    #expect(recipe.checkpoint.everyMinutes == nil)
    #expect(recipe.checkpoint.keep == 1)
    #expect(recipe.data.stage == .folder("/scratch/tutti"))
    let untouched = Set(recipe.settings.filter(\.isDefault).map(\.key))
    #expect(
      untouched == [
        "optimizer.name", "schedule.name", "loss.name", "crossval.select", "data.labels",
        "evaluation.threshold", "evaluation.thresholds",
      ],
      "see RecipeRulesTests; crossval.select would set no photos apart, and the last are of several labels"
    )
    #expect(recipe.data.groupBy == "person")
    #expect(recipe.data.sampling == .given(["joy": 3, "no": 0.5]))
    #expect(recipe.data.repeats == 2)
    #expect(recipe.data.decoding.background.numbers == [0, 127.5, 255])
    #expect(recipe.data.decoding.mostPixels == 50_000_000)
    #expect(recipe.resizeSchedule?.map(\.fromEpoch) == [0, 3])
    #expect(recipe.resizeSchedule?.map(\.size) == [24, 32])
    #expect(recipe.crossval.folds == 7)
    #expect(recipe.crossval.fold == 6)
    #expect(recipe.crossval.seed == 1)
    #expect(recipe.crossval.validation == 0.2)
  }

  /// They don't go with what `everything` has.
  static let severalLabels = """
    data: {labels: several}
    loss: {name: binary-cross-entropy, sum-classes: true, class-weights: balanced}
    training: {select-by: mean-average-precision}
    evaluation: {threshold: .4, thresholds: [{hat: 0.25}, {"no": 1}]}
    """

  @Test func `several labels a photo, and thresholds of some`() throws {
    let recipe = try Recipe(text: Self.severalLabels, name: "r.yaml")
    #expect(recipe.data.hasSeveralLabels)
    let loss = recipe.loss.rule as? BinaryCrossEntropyLoss
    #expect(loss?.hasSeveralLabels == true && loss?.sumsClasses == true)
    #expect(loss?.labelSmoothing == 0.1)
    #expect(recipe.training.selectBy == .meanAveragePrecision)
    #expect(recipe.evaluation.thresholds(of: ["a", "hat", "no"]) == [0.4, 0.25, 1])
    let weighted = recipe.loss.rule(of: ["a", "b"], counts: [10, 25], photos: 50)
    #expect(weighted.classWeights == [4, 1])
    let one = try Recipe(overrides: ["loss.name=binary-cross-entropy"])
    #expect((one.loss.rule as? BinaryCrossEntropyLoss)?.hasSeveralLabels == false)
  }

  @Test(arguments: [
    "", everything, severalLabels, "data: {path: 'yes'}", "data: {path: '128'}",
    "data: {path: 'a\"b'}",
    "model: {weights: 'null'}", "data: {path: ' x '}", "data: {path: /a/b-c_d.e}",
    "data: {path: 'a\"\u{308} \\\u{301}'}",
    "optimizer: {learning-rate: 1e-9, clip-norm: 123456.789}",
  ])
  func `resolved is read as the same`(text: String) throws {
    let recipe = try text.isEmpty ? Recipe() : Recipe(text: text, name: "r.yaml")
    let again = try Recipe(text: recipe.resolved, name: "resolved")
    #expect(again == recipe)
    #expect(again.resolved == recipe.resolved)
    #expect(again.data.path == recipe.data.path)
    #expect(again.model.weights == recipe.model.weights)
    #expect(again.optimizer.learningRate == recipe.optimizer.learningRate)
    #expect(
      (again.schedule.rule as? OneCycle)?.warmup == (recipe.schedule.rule as? OneCycle)?.warmup)
    #expect(again.augment.recipeText == recipe.augment.recipeText)
  }

  /// Other readers of YAML would take these for truth, nothing and a number.
  @Test(arguments: ["yes", "Null", "128", "1e3", "~", "- x", "a b", "#", "none"])
  func `text that isn't plainly text is quoted`(path: String) throws {
    let recipe = try Recipe(text: "data: {path: '\(path)'}", name: "r.yaml")
    #expect(recipe.resolved.contains("  path: \"\(path)\"\n"))
  }

  @Test func `the image size is the default augmentation's, too`() throws {
    let recipe = try Recipe(overrides: ["model.image-size=128"])
    #expect((recipe.augment.first as? Resize)?.size == 128)
  }

  @Test func `a resize without a size stays one, and goes with the image size`() throws {
    let steps = "[{resize: {interpolation: bicubic}}, normalize]"
    for (augment, size) in [("[resize, normalize]", 96), (steps, 64)] {
      let old = try Recipe(text: "augment: \(augment)", name: "r.yaml")
      let saved = SavedRecipe(text: old.resolved, path: "runs/a/recipe.yaml")
      let new = try Recipe(saved, overrides: ["model.image-size=\(size)"])
      #expect((new.augment.first as? Resize)?.size == size)
      #expect(Recipe.differences(old: old, new: new).map(\.key) == ["model.image-size"])
      #expect(old.resultText != new.resultText)
    }
  }

  @Test func `a resize to the image size does what one without a size does`() throws {
    // Runs of earlier versions have the number, and go on with a recipe that has none.
    let written = try Recipe(overrides: ["augment=[{resize: 224}, normalize]"])
    let open = try Recipe(overrides: ["augment=[resize, normalize]"])
    #expect(written == open && written.resultText == open.resultText)
    #expect(written.resultText.contains("augment: [{resize: 224}, {normalize: auto}]\n"))
    #expect(Recipe.differences(old: written, new: open).isEmpty)
    #expect(written.resolved != open.resolved)
  }

  @Test(arguments: [
    "[a]/b.pth", "{x", "'", "\"", "none", "auto", "~", " x ", "a\u{FEFF}b", "e\u{301}", "128", "\\",
    "=\u{301}", "runs/a",
  ])
  func `text in a setting is nothing but text`(text: String) throws {
    let recipe = try Recipe(overrides: ["model.weights=\(Recipe.value(text))"])
    #expect(recipe.model.weights?.isExactly(text) == true)
    let again = try Recipe(text: recipe.resolved, name: "recipe.yaml")
    #expect(again.model.weights?.isExactly(text) == true)
  }

  @Test(arguments: ["a\nb", "a\tb", "\u{0}", "a\u{2028}b", ""])
  func `text that isn't a line is refused in a setting`(text: String) {
    #expect(throws: RecipeError.self) {
      try Recipe(overrides: ["model.weights=\(Recipe.value(text))"])
    }
  }

  @Test func `settings go over the file`() throws {
    let recipe = try Recipe(
      text: "training: {epochs: 5, seed: 1}\r\n", name: "r.yaml",
      overrides: [
        "training.epochs=6", "training.epochs=7", "checkpoint.keep = 9", "data.path=a: #b",
        "optimizer.betas=[0.8, 0.9]", "augment=[{resize: 224}, normalize]", "model.weights='x y'",
      ])
    #expect(recipe.training.epochs == 7)
    #expect(recipe.training.seed == 1)
    #expect(recipe.checkpoint.keep == 9)
    #expect(recipe.data.path == "a: #b")
    #expect(recipe["optimizer.betas"]?.value == "[0.8, 0.9]")
    #expect(recipe.augment.recipeText == "[{resize: 224}, {normalize: auto}]")
    #expect(recipe.model.weights == "x y")
  }

  @Test func `sections may be empty or anchored and keys dotted`() throws {
    let text =
      "training:\n# epochs: 3\ndata: &d {test: &t 0.2, validation: *t}\nloss.name: cross-entropy"
    let recipe = try Recipe(text: text, name: "r.yaml")
    #expect(recipe.training.epochs == 30)
    #expect(recipe.data.validation == 0.2)
  }

  @Test func `harmless keys are outside of the result text`() throws {
    let recipe = try Recipe()
    let harmless = recipe.settings.filter { !$0.affectsResults }.map(\.key)
    #expect(
      harmless == [
        "data.path", "data.loader-threads", "data.largest-photo", "data.stage",
        "training.max-steps", "training.scale-to-ranks",
        "training.threads", "training.recompute", "training.memory-limit", "loss.teacher",
        "checkpoint.every-steps", "checkpoint.every-minutes", "checkpoint.keep",
      ])
    let moved = try Recipe(overrides: ["data.path=/x", "checkpoint.keep=1", "training.max-steps=2"])
    #expect(moved.resultText == recipe.resultText)
    #expect(recipe.resultText.hasPrefix("model.name: resnet18\nmodel.image-size: 224\n"))
    #expect(recipe.resultKeys.count + harmless.count == recipe.settings.count)
    #expect(try Recipe(overrides: ["training.seed=1"]).resultText != recipe.resultText)
  }

  @Test func `differences name the keys`() throws {
    let old = try Recipe(text: "training: {epochs: 3.0}", name: "old.yaml")
    let new = try Recipe(overrides: ["checkpoint.keep=5", "training.epochs=3", "training.seed=7"])
    let lines = Recipe.differences(old: old, new: new).map {
      "\($0.key): \($0.old) -> \($0.new), \($0.affectsResults)"
    }
    #expect(lines == ["training.seed: 42 -> 7, true", "checkpoint.keep: 3 -> 5, false"])
    #expect(Recipe.differences(old: old, new: old).isEmpty)
  }

  @Test func `the keys not at their defaults make the same recipe`() throws {
    let recipe = try Recipe(
      text: "model: {image-size: 28}\ntraining: {epochs: 30, seed: 7}", name: "r.yaml")
    let changed = recipe.changedSettings
    #expect(changed.map(\.key) == ["model.image-size", "training.seed"])
    #expect(try Recipe(text: Recipe.yaml(changed), name: "brief") == recipe)
    #expect(try Recipe().changedSettings.isEmpty)
  }

  @Test func `later errors name the line, too`() throws {
    let recipe = try Recipe(text: "\nmodel:\n  name: resnt18", name: "r.yaml")
    #expect("\(recipe.error(at: "model.name", "no such model"))" == "r.yaml:3: no such model")
    #expect("\(recipe.error(at: "data.path", "no such folder"))" == "data.path: no such folder")
  }

  @Test func `a key that came later changes the digest's text only where it is set`() throws {
    let weights = ["model.weights=a.pth"]
    let (old, new) = (
      try Recipe(overrides: weights), try Recipe(overrides: weights + ["model.averaged=false"])
    )
    #expect(!old.resultText.contains("model.averaged"))
    #expect(
      new.resultText
        == old.resultText.replacing(
          "model.loading: strict\n", with: "model.loading: strict\nmodel.averaged: false\n"))
  }

  /// A run whose recipe says `schedule.warmup-fraction` goes on, with the digest that it has.
  @Test func `a key that was called otherwise is read by that name, too`() throws {
    let text = "schedule: {warmup-fraction: 0.3}"
    let (old, new) = (
      try Recipe(text: text, name: "r.yaml"), try Recipe(overrides: ["schedule.warmup=30%"])
    )
    #expect(old == new && Recipe.differences(old: old, new: new).isEmpty)
    #expect(old.resolved.contains("\n  warmup: 30%\n") && !old.resolved.contains("fraction"))
    for recipe in [old, new] {
      #expect(recipe.resultText.contains("\nschedule.warmup-fraction: 0.3\n"))
    }
    #expect(try Recipe().resultText.contains("\nschedule.warmup-fraction: 0.1\n"))
    let set = try Recipe(text: text, name: "r.yaml", overrides: ["schedule.warmup=2ep"])
    #expect(set["schedule.warmup"]?.value == "2ep")
    let back = try Recipe(
      text: set.resolved, name: "r.yaml", overrides: ["schedule.warmup-fraction=.2"])
    #expect(back["schedule.warmup"]?.value == "20%")
  }

  @Test(arguments: [
    ("10%", "10%", "0.1"), ("12.5%", "12.5%", "0.125"), (".5%", "0.5%", "0.005"),
    ("0.001%", "1e-3%", "1.0e-05"), ("9e1%", "90%", "0.9"), ("0%", "0%", "0.0"),
    ("7.0%", "7%", "0.07"), ("30.000000000000004%", "30.000000000000004%", "0.30000000000000004"),
    ("1e-9223372036854775808%", "0%", "0.0"), ("10ep", "10ep", "10ep"), ("0.5ep", "0.5ep", "0.5ep"),
    ("1_000st", "1000st", "1000st"),
  ])
  func `durations are written as they are read`(text: String, value: String, effect: String) throws
  {
    let recipe = try Recipe(overrides: ["schedule.warmup=\(text)"])
    #expect(recipe["schedule.warmup"]?.value == value)
    #expect(recipe["schedule.warmup"]?.effect == effect)
    #expect(try Recipe(text: recipe.resolved, name: "recipe.yaml") == recipe)
  }
}
