import Files

extension Recipe {
  /// A key and its value as canonical text.
  package struct Setting: Sendable {
    /// The dotted key: `training.epochs`.
    package let key: String
    package let value: String
    /// The same with what the value leaves to other keys filled in: of values that do the same it is
    /// the same.
    package let effect: String
    package let isDefault: Bool
    /// What the value may be, in words.
    package let allowed: String
    /// Whether another value makes another model: such keys can't change on resume.
    package let affectsResults: Bool
    /// Where it was written: `recipe.yaml:7`; nil for a default.
    package var place: String?
    /// The choice that it is a key of; nil for a key of all recipes.
    package var rule: RuleChoice?
  }

  /// The key that chooses a rule, such as `schedule.name`, and the words that choose it.
  package struct RuleChoice: Equatable, Sendable {
    package let key: String
    package var words: [String]
  }

  /// A setting of which two recipes differ.
  package struct Difference: Equatable, Sendable, CustomStringConvertible {
    package let key: String
    package let old: String
    package let new: String
    package let affectsResults: Bool

    package var description: String { "\(key) was \(old), is \(new)" }
  }

  /// A text, such as a path, as the value of a setting: it is read as nothing but text, whatever it looks
  /// like.
  package static func value(_ text: String) -> String { quoted(text) }

  /// The recipe as YAML with every key. Read again, it gives the same recipe and the same text.
  package var resolved: String { Self.yaml(settings) }

  /// The settings that differ from their defaults.
  package var changedSettings: [Setting] { settings.filter { !$0.isDefault } }

  /// Settings as YAML, in the order of declaration.
  package static func yaml(_ settings: [Setting]) -> String {
    var text = ""
    var section: Substring = ""
    for setting in settings {
      let parts = setting.key.split(separator: ".", maxSplits: 1)
      if parts.count == 1 {
        text += "\(setting.key): \(setting.value)\n"
      } else {
        if parts[0] != section { text += "\(parts[0]):\n" }
        text += "  \(parts[1]): \(setting.value)\n"
      }
      section = parts[0]
    }
    return text
  }

  /// The settings that affect results.
  package var resultKeys: [(key: String, value: String)] {
    settings.filter(\.affectsResults).map { ($0.key, $0.effect) }
  }

  /// The settings that affect results as text, to take a digest of.
  package var resultText: String {
    settings.filter { $0.affectsResults && !($0.isDefault && Self.laterKeys.contains($0.key)) }
      .map { "\(FormerKeys.former(of: $0.key) ?? $0.key): \($0.effect)\n" }.joined()
  }

  /// Keys that came when there were runs already: with their defaults they change no digest, so that
  /// those runs go on.
  private static let laterKeys: Set = [
    "model.averaged", "data.sampling", "data.repeats", "data.background", "resize-schedule",
    "mixing.mixup",
    "mixing.cutmix", "mixing.probability",
    "mixing.switch-probability", "mixing.pairing", "mixing.lambda", "mixing.switch-off-epoch",
    "evaluation.tta", "evaluation.average", "loss.class-weights", "loss.logit-adjustment",
    "loss.divide-by", "data.labels", "evaluation.threshold", "evaluation.thresholds",
    "optimizer.decay-norms-and-biases", "schedule.cycle-momentum",
    "loss.teacher", "loss.teacher-sha256", "loss.teacher-share", "loss.temperature",
    "training.batch-norm-momentum", "training.precision", "average.name", "model.stochastic-depth",
    "optimizer.clip-value", "training.on-non-finite", "fine-tuning.unfreeze",
    "optimizer.scale-learning-rate", "training.loss-scale", "training.loss-scale-growth-steps",
    "plateau.patience", "plateau.metric", "plateau.factor", "plateau.cooldown", "plateau.floor",
    "early-stopping.patience", "early-stopping.metric", "early-stopping.min-delta",
  ]

  package subscript(key: String) -> Setting? { settings.first { $0.key == key } }

  /// The settings in which two recipes differ: those of the old one in the order of declaration, then
  /// what the new one alone has, as a key of the rule that it chose. What one lacks is `–`. A value that
  /// differs only by what it leaves to another key isn't one of them, since that key is.
  package static func differences(old: Recipe, new: Recipe) -> [Difference] {
    let added = new.settings.filter { old[$0.key] == nil }
    return (old.settings + added).compactMap { setting in
      let (first, second) = (old[setting.key], new[setting.key])
      func isSame(_ text: (Setting) -> String) -> Bool {
        first.map { ExactText(text($0)) } == second.map { ExactText(text($0)) }
      }
      if isSame(\.value) || isSame(\.effect) { return nil }
      return Difference(
        key: setting.key, old: first?.value ?? "–", new: second?.value ?? "–",
        affectsResults: setting.affectsResults)
    }
  }

  /// An error about a key's value that only others could find, such as a model's unknown name.
  package func error(at key: String, _ problem: String) -> RecipeError {
    RecipeError(at: self[key]?.place ?? key, problem)
  }
}

/// Recipes are equal if all their values do the same, wherever they were written.
extension Recipe: Equatable {
  package static func == (a: Recipe, b: Recipe) -> Bool {
    a.settings.map(\.key) == b.settings.map(\.key)
      && zip(a.settings, b.settings).allSatisfy { $0.effect.isExactly($1.effect) }
  }
}
