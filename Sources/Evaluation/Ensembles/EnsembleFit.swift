import Timelines

/// An ensemble's weights and temperature by photos that its members weren't trained on, with an honest score of it.
///
/// A photo that has chosen the weights says too much of them. So the cross-fitted predictions of each fold's photos are
/// by weights and a temperature of the other folds' photos, which tell what the ensemble is worth; the ensemble itself
/// is by all photos. The temperature, too, is fitted on predictions by weights that each photo had no part in.
package struct EnsembleFit: Sendable {
  /// How the members' weights come about.
  package enum Rule: String, CaseIterable, Codable, Sendable {
    /// All alike.
    case mean
    case greedy, logistic
  }

  package let mix: EnsembleMix
  /// Of each photo by what the other folds' photos chose.
  package let crossFitted: Predictions
  /// Of each photo by weights and a temperature that it has all part in: too good.
  package let naive: Predictions

  /// More folds than that are fitted some at a time.
  private static let mostParts = 10

  /// - Parameters:
  ///   - members: what each says of the same photos.
  ///   - folds: of each photo; two or more.
  ///   - averaging: of logits for `logistic`.
  ///   - isScaled: whether there is a temperature.
  ///   - getsOn: called between fits, each of which may take seconds.
  package init(
    _ members: [Predictions], folds: [Int], weights rule: Rule, averaging: Averaging,
    isScaled: Bool, _ getsOn: () throws -> Void = {}
  ) throws {
    members[0].requireSamePhotos(as: members)
    precondition(folds.count == members[0].samples.count, "a fold for each photo")
    var fits = Fits(members, folds: folds, parts: Self.mostParts, rule, averaging)
    precondition(fits.parts.count > 1, "folds to fit across")
    func mix(without part: Int?) throws -> EnsembleMix {
      let weights = try fits.weights(without: part, nil, getsOn)
      return EnsembleMix(
        weights, averaging: averaging,
        temperature: isScaled ? try fits.temperature(without: part, getsOn) : 1)
    }
    self.mix = try mix(without: nil)
    let naive = Predictions(
      ensembleOf: members, by: EnsembleMix(self.mix.weights, averaging: averaging))
    self.naive =
      isScaled
      ? Predictions(
        ensembleOf: [naive],
        by: EnsembleMix([1], temperature: TemperatureScaling.temperature(of: naive))) : naive
    let parts = fits.parts
    let fitted = try Activity.during("fitting", of: parts.count, "parts") { activity in
      try parts.indices.map { part in
        defer { activity.advance() }
        return Predictions(
          ensembleOf: members.map { $0.rows(parts[part]) }, by: try mix(without: part))
      }
    }
    crossFitted = Predictions(fitted, backTo: parts)
  }
}

/// The fits without a part or two of the photos, each made once.
private struct Fits {
  /// Rows of the photos.
  let parts: [[Int]]
  private let members: [Predictions]
  private let rule: EnsembleFit.Rule
  private let averaging: Averaging
  private var known: [Set<Int>: [Double]] = [:]

  init(
    _ members: [Predictions], folds: [Int], parts most: Int, _ rule: EnsembleFit.Rule,
    _ averaging: Averaging
  ) {
    let names = Set(folds).sorted()
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0 % most) })
    var parts = [[Int]](repeating: [], count: min(names.count, most))
    for (row, fold) in folds.enumerated() { parts[places[fold] ?? 0].append(row) }
    self.parts = parts
    self.members = members
    self.rule = rule
    self.averaging = averaging
  }

  mutating func weights(
    without one: Int?, _ other: Int?, _ getsOn: () throws -> Void
  ) throws -> [Double] {
    let left = Set([one, other].compactMap(\.self))
    if let weights = known[left] { return weights }
    let weights =
      switch rule {
      case .mean: EnsembleMix.equalWeights(members.count)
      case .greedy: GreedySelection.weights(answers(without: left), averaging)
      case .logistic: LogisticWeights.weights(answers(without: left))
      }
    try getsOn()
    known[left] = weights
    return weights
  }

  /// By predictions of each part with weights of the others. Where there is one part alone, which its own weights must
  /// do for, the temperature is a little low; what is scored by it is another part all the same.
  mutating func temperature(
    without part: Int?, _ getsOn: () throws -> Void
  ) throws -> Double {
    let all = parts.indices.filter { $0 != part }
    var logits: [Double] = []
    var right: [Int] = []
    var width = 0
    for own in all {
      let weights = try weights(without: part, all.count > 1 ? own : nil, getsOn)
      let answers = MemberAnswers(members, rows: parts[own])
      logits += answers.mixed(weights, averaging)
      right += answers.right
      width = answers.width
    }
    try getsOn()
    return TemperatureScaling.temperature(logits, right: right, width: width)
  }

  private func answers(without left: Set<Int>) -> MemberAnswers {
    MemberAnswers(
      members, rows: parts.indices.filter { !left.contains($0) }.flatMap { parts[$0] }.sorted())
  }
}

extension Predictions {
  /// Of some photos, in that order.
  package func rows(_ rows: [Int]) -> Predictions {
    let (numbers, isOfSeveral) = (classes.count, thresholds != nil)
    return Predictions(
      classes: classes, thresholds: thresholds, samples: rows.map { samples[$0] },
      labels: rows.map { labels[$0] },
      truths: isOfSeveral
        ? rows.flatMap { truths[($0 * numbers)..<(($0 + 1) * numbers)] } : [],
      probabilities: rows.flatMap { self[$0] }, losses: rows.map { losses[$0] })
  }

  /// Parts put together in the order that they were taken from.
  ///
  /// - Parameter rows: of each part, where its photos belong.
  fileprivate init(_ parts: [Predictions], backTo rows: [[Int]]) {
    var all = parts[0]
    for part in parts.dropFirst() { all.append(part) }
    var places = [Int](repeating: 0, count: all.samples.count)
    for (place, row) in rows.joined().enumerated() { places[row] = place }
    self = all.rows(places)
  }
}
