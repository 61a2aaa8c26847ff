import Images

/// What a recipe can do without, for an ablation.
extension Recipe {
  /// Something that recipes may have, and the settings that take it out.
  private static let parts: [(name: String, settings: [String])] = [
    ("model.weights", ["model.weights=none", "model.weights-sha256=auto"]),
    ("model.head", ["model.head=plain"]),
    ("model.dropout", ["model.dropout=0"]),
    ("model.stochastic-depth", ["model.stochastic-depth=0"]),
    ("data.sampling", ["data.sampling=none"]),
    ("data.repeats", ["data.repeats=1"]),
    ("training.precision", ["training.precision=fp32"]),
    ("optimizer.weight-decay", ["optimizer.weight-decay=0"]),
    ("optimizer.clip-norm", ["optimizer.clip-norm=none"]),
    ("optimizer.clip-value", ["optimizer.clip-value=none"]),
    ("optimizer.groups", ["optimizer.groups=[]"]),
    ("optimizer.layer-decay", ["optimizer.layer-decay=1"]),
    ("average", ["average.name=none"]),
    ("fine-tuning.freeze", ["fine-tuning.freeze=[]"]),
    ("fine-tuning.batch-norm", ["fine-tuning.batch-norm=auto"]),
    ("schedule", ["schedule.name=constant"]),
    ("schedule.cycle-momentum", ["schedule.cycle-momentum=none"]),
    ("plateau", ["plateau.patience=none"]),
    ("early-stopping", ["early-stopping.patience=none"]),
    ("loss.focal", ["loss.name=cross-entropy"]),
    ("loss.label-smoothing", ["loss.label-smoothing=0"]),
    ("loss.class-weights", ["loss.class-weights=none"]),
    ("loss.logit-adjustment", ["loss.logit-adjustment=0"]),
    ("resize-schedule", ["resize-schedule=none"]),
    ("mixing", ["mixing.mixup=0", "mixing.cutmix=0"]),
    ("mixing.mixup", ["mixing.mixup=0"]),
    ("mixing.cutmix", ["mixing.cutmix=0"]),
    ("evaluation.tta", ["evaluation.tta=none"]),
  ]

  /// The names of what it has and can do without: those of the list, `augment` for all random steps, and
  /// `augment.<step>` for the random steps of a word.
  package var droppable: [String] {
    get throws(RecipeError) {
      let steps = randomWords.map { "augment.\($0)" }
      let all = Self.parts.map(\.name) + (steps.isEmpty ? [] : ["augment"] + steps)
      var found: [String] = []
      for name in all where try !isSame(as: with(settings(without: name) ?? [])) {
        found.append(name)
      }
      return found
    }
  }

  /// The recipe without something: one of `droppable`, or a key with another value, such as `training.epochs=3`.
  ///
  /// - Throws: where it has no such thing.
  package func without(_ name: String) throws(RecipeError) -> Recipe {
    guard let settings = settings(without: name) else {
      throw RecipeError(
        at: "--drop",
        "there is no `\(name)` to leave out; this recipe has "
          + "\(try droppable.joined(separator: ", ")), or give a key another value: --drop training.epochs=3"
      )
    }
    let rest = try with(settings)
    if isSame(as: rest) {
      throw RecipeError(
        at: "--drop",
        "the recipe has no `\(name)`, so that without it nothing would change; it has "
          + "\(try droppable.joined(separator: ", "))")
    }
    return rest
  }

  /// In their order, each once.
  private var randomWords: [String] {
    augment.filter(\.isRandom).map { type(of: $0).word }.reduce(into: []) { words, word in
      if !words.contains(word) { words.append(word) }
    }
  }

  /// What stands in the place of a random step is what evaluation has there.
  private func withoutSteps(_ word: String) -> [any Transform] {
    augment.compactMap { type(of: $0).word == word ? $0.inEvaluation : $0 }
  }

  /// Nil where no recipe has it.
  private func settings(without name: String) -> [String]? {
    if name.utf8.contains(UInt8(ascii: "=")) { return [name] }
    if name == "augment" { return ["augment=\(augment.withoutRandom.recipeText)"] }
    if let word = randomWords.first(where: { name == "augment.\($0)" }) {
      return ["augment=\(withoutSteps(word).recipeText)"]
    }
    return Self.parts.first { $0.name == name }?.settings
  }

  /// Whether it makes the same models.
  private func isSame(as other: Recipe) -> Bool { resultText == other.resultText }
}
