import Files
import Tensors
import Yams

/// Keys of a recipe, each with the values that a search tries of it, read from YAML:
///
///     optimizer.learning-rate: {log: [1e-4, 1e-2]}
///     loss.label-smoothing: {uniform: [0, 0.2]}
///     training.global-batch: {log-int: [16, 64]}
///     model.head: [plain, regularised]
package struct SearchSpace: Sendable {
  package struct Entry: Sendable {
    package let key: String
    package let range: SearchRange
    /// `space.yaml:3`.
    let place: String
  }

  /// In the order in which they are written.
  package let entries: [Entry]

  private static let stream = Philox.Stream(rawValue: 8)

  /// Reads a space for changes of a recipe, which must take the ends of all ranges and all choices.
  ///
  /// - Parameter name: stands for the file in messages.
  package init(text: String, name: String, for recipe: Recipe) throws(RecipeError) {
    let source = try RecipeSource(
      text: text, name: name,
      is: "a search space is a map of keys, such as `optimizer.learning-rate: {log: [1e-4, 1e-2]}`")
    let known = recipe.settings + recipe.idleSettings
    let names = RecipeNames(keys: recipe.settings.map(\.key), idle: recipe.idleSettings)
    var entries: [Entry] = []
    var problems: [String] = []
    var told: [String] = []
    for value in source.values {
      if let setting = known.first(where: { $0.key.isExactly(value.key) }) {
        do throws(RecipeError) {
          if let reason = Self.refusal(of: setting) {
            throw value.error("`\(value.key)` \(reason)")
          }
          entries.append(Entry(key: value.key, range: try SearchRange(value), place: value.place))
        } catch { problems += error.problems }
      } else if (known.map(\.key) + told).contains(where: {
        value.key.startsExactly(with: $0 + ".")
      }) {
        continue  // A part of a range, or of what isn't known.
      } else if let problem = names.problem(with: value.asKey) {
        problems += value.error(problem).problems
        told.append(value.key)
      }
    }
    guard problems.isEmpty else { throw RecipeError(problems) }
    guard !entries.isEmpty else {
      throw RecipeError(at: name, "there is no key to search in")
    }
    self.entries = entries
    for place in entries.indices { problems += problemsOfValues(at: place, recipe) }
    guard problems.isEmpty else { throw RecipeError(problems) }
  }

  /// Why a search can't change a key; nil where it can.
  private static func refusal(of setting: Recipe.Setting) -> String? {
    let ofPhotos = [
      "data.validation", "data.test", "data.split-seed", "data.group-by", "data.corrupt",
      "data.labels",
    ]
    let key = setting.key
    if ofPhotos.contains(key) || key.hasPrefix("crossval.") {
      return
        "changes which photos are trained on, validate or test, and trials are compared on the same; set it in the recipe"
    }
    if key == "data.background" {
      return "is how photos are decoded, and all trials look at the same; set it in the recipe"
    }
    if key == "training.epochs" {
      return "is how long all trials may train; set it in the recipe"
    }
    if key == "training.seed" {
      return "has no better and worse values, only lucky ones; set it in the recipe"
    }
    if key == "training.select-by" || key.hasPrefix("evaluation.") {
      return "says how trials are scored, and all are scored alike; set it in the recipe"
    }
    if key.hasSuffix("-sha256") { return "is found out, not chosen; leave it out" }
    if !setting.affectsResults { return "doesn't affect results; set it in the recipe" }
    return nil
  }

  /// What the recipe says to the values of one key, by itself and with all others' first values.
  private func problemsOfValues(at place: Int, _ recipe: Recipe) -> [String] {
    let entry = entries[place]
    if let problem = problemOfRule(entry, recipe) { return ["\(entry.place): \(problem)"] }
    var found: [String] = []
    for value in entry.range.ends {
      let setting = "\(entry.key)=\(value)"
      var all = entries.map { "\($0.key)=\($0.range.ends[0])" }
      all[place] = setting
      do throws(RecipeError) {
        _ = try recipe.with([setting])
      } catch {
        // It may make sense with the others alone.
        if (try? recipe.with(all)) != nil { continue }
        found += error.problems.map { problem in
          let own = "--set \(setting): "
          let text =
            problem.startsExactly(with: own)
            ? String(problem.unicodeScalars.dropFirst(own.unicodeScalars.count)) : problem
          return "\(entry.place): with \(value.shortened), \(text)"
        }
      }
    }
    return found
  }

  /// What is wrong with a key of a rule that neither the recipe nor the space chooses.
  private func problemOfRule(_ entry: Entry, _ recipe: Recipe) -> String? {
    guard let rule = recipe.idleSettings.first(where: { $0.key == entry.key })?.rule else {
      return nil
    }
    if case .choice(let words) = entries.first(where: { $0.key == rule.key })?.range,
      words.contains(where: rule.words.contains)
    {
      return nil
    }
    return
      "`\(entry.key)` belongs to `\(rule.key): \(rule.words.joined(separator: "` or `"))`, but `\(rule.key)` is "
      + "`\(recipe[rule.key]?.value ?? "")`; leave it out, or let the search choose `\(rule.key)`, too"
  }
}

extension SearchSpace {
  /// The values of a drawn trial, in the order of the keys: each a function of the seed, the trial and the key's place.
  package func values(ofTrial trial: Int, seed: Int) -> [String] {
    let philox = Philox(seed: UInt64(seed), stream: Self.stream)
    return entries.enumerated().map { place, entry in
      entry.range.value(at: Double(philox.uniform(position: trial, index: place)))
    }
  }

  /// How many points a grid has: those of each range, times all choices; nil for more than anybody counts.
  package func gridSize(points: Int) -> Int? {
    var size = 1
    for entry in entries {
      let (product, overflow) = size.multipliedReportingOverflow(
        by: entry.range.grid(points: points).count)
      if overflow { return nil }
      size = product
    }
    return size
  }

  /// The values of a point of the grid: the last key's change first.
  package func values(ofGridPoint point: Int, points: Int) -> [String] {
    var rest = point
    return entries.reversed().map { entry in
      let values = entry.range.grid(points: points)
      defer { rest /= values.count }
      return values[rest % values.count]
    }.reversed()
  }

  /// Values as settings of a recipe.
  package func settings(_ values: [String]) -> [String] {
    zip(entries, values).map { "\($0.key)=\($1)" }
  }
}

extension RecipeValue {
  /// A dotted name is that of a key, also where a map such as `{log: …}` stands under it.
  fileprivate var asKey: RecipeValue {
    key.contains(".") ? RecipeValue(key: key, node: "", origin: origin, line: line) : self
  }
}
