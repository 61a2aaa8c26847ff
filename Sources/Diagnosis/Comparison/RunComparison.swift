package import Evaluation
import Files
import Recipes
package import Runs

/// What two runs differ in, and what came of it.
package struct RunComparison: Encodable, Sendable {
  package enum Verdict: String, Encodable, Sendable {
    case firstIsBetter = "first_is_better"
    case secondIsBetter = "second_is_better"
    case notApart = "not_apart"
    /// Other classes, or scores that aren't there.
    case notComparable = "not_comparable"
  }

  package struct Setting: Encodable, Equatable, Sendable {
    package let key: String
    package let first: String
    package let second: String
    package let affectsResults: Bool

    private enum CodingKeys: String, CodingKey {
      case key, first, second
      case affectsResults = "affects_results"
    }
  }

  package struct OneClass: Encodable, Equatable, Sendable {
    package let name: String
    /// F1 of either.
    package let first: Double
    package let second: Double
    /// Of the first's photos.
    package let photos: Int

    package var gain: Double { second - first }
  }

  /// Something of both; nil where it wasn't noted.
  package struct Pair: Encodable, Equatable, Sendable {
    package let first: Double?
    package let second: Double?
  }

  package let first: String
  package let second: String
  package let settings: [Setting]
  package let verdict: Verdict
  /// Photos that the first and the second are scored by.
  package let photos: [Int]
  /// Whether both are asked about the same photos, which are compared one by one.
  package let isPaired: Bool
  /// Whether the photos are other ones, as far as their numbers tell.
  package let areOtherPhotos: Bool
  package let accuracy: ScoreDifference?
  package let macroF1: ScoreDifference?
  /// Where photos are compared one by one.
  package let mcNemar: McNemar?
  package let loss: Pair
  /// The most changed first.
  package let classes: [OneClass]
  package let imagesPerSecond: Pair
  package let residentBytes: Pair
  package let hours: Pair
  /// The metric that tells, `macro_f1` or `accuracy`.
  package let decidedBy: String

  private enum CodingKeys: String, CodingKey {
    case first, second, settings, verdict, photos, accuracy, loss, classes, hours
    case isPaired = "is_paired"
    case areOtherPhotos = "are_other_photos"
    case macroF1 = "macro_f1"
    case mcNemar = "mcnemar"
    case imagesPerSecond = "images_per_second"
    case residentBytes = "resident_bytes"
    case decidedBy = "decided_by"
  }

  package init(_ first: RunRecord, _ second: RunRecord) {
    self.first = first.path
    self.second = second.path
    settings = Recipe.differences(old: first.recipe, new: second.recipe).map {
      Setting(key: $0.key, first: $0.old, second: $0.new, affectsResults: $0.affectsResults)
    }
    let (a, b) = (first.scores, second.scores)
    photos = [a?.photos ?? 0, b?.photos ?? 0]
    let paired = first.predictions.flatMap { one in
      second.predictions.flatMap {
        try? PairedComparison(first: one, second: $0, metrics: Self.told)
      }
    }
    isPaired = paired != nil
    let isSame = a.map { a in b.map { a.hasClasses(of: $0) } ?? false } ?? false
    areOtherPhotos =
      !isPaired && isSame
      && zip(a?.perClass ?? [], b?.perClass ?? []).contains { $0.support != $1.support }
    let differences: [ScoreDifference?] =
      if let paired {
        Self.told.map { paired[$0] }
      } else if isSame, let one = a?.matrix, let other = b?.matrix,
        max(one.photos, other.photos) <= Self.mostPhotos
      {
        ScoreDifference.ofOtherPhotos(PhotoTerms(one), PhotoTerms(other), Self.told)
      } else {
        [nil, nil]
      }
    (accuracy, macroF1) = (differences[0], differences[1])
    mcNemar = paired?.mcNemar
    let isByAccuracy = second.recipe.training.selectBy == .accuracy
    decidedBy = (isByAccuracy ? Metric.accuracy : .macroF1).key
    verdict = Self.verdict(isByAccuracy ? accuracy : macroF1)
    loss = Pair(first: a?[.loss], second: b?[.loss])
    classes =
      isSame
      ? zip(a?.perClass ?? [], b?.perClass ?? []).map { one, other in
        OneClass(name: one.name, first: one.f1, second: other.f1, photos: one.support)
      }.enumerated().sorted {
        (abs($1.element.gain), $0.offset) < (abs($0.element.gain), $1.offset)
      }.map(\.element) : []
    imagesPerSecond = Pair(first: first.imagesPerSecond, second: second.imagesPerSecond)
    residentBytes = Pair(first: first.residentBytes, second: second.residentBytes)
    hours = Pair(first: first.hours, second: second.hours)
  }

  private static let told: [Metric] = [.accuracy, .macroF1]
  /// Beyond that nothing is drawn of photos that aren't compared one by one: a difference that a million photos leave in
  /// doubt is none that matters.
  private static let mostPhotos = 1_000_000

  private static func verdict(_ difference: ScoreDifference?) -> Verdict {
    guard let difference else { return .notComparable }
    if !difference.isReal { return .notApart }
    return difference.difference > 0 ? .secondIsBetter : .firstIsBetter
  }
}

extension Scores {
  /// Whether the classes are the same in the same order, each with one label a photo.
  fileprivate func hasClasses(of other: Scores) -> Bool {
    perClass.count == other.perClass.count
      && zip(perClass, other.perClass).allSatisfy { $0.name.isExactly($1.name) }
  }
}

extension RunRecord {
  /// The median of the epochs, of all trainings.
  fileprivate var imagesPerSecond: Double? {
    let all = trainings.flatMap { $0.metrics.warmEpochs.map(\.imagesPerSecond) }
    return all.isEmpty ? nil : TrainingCourse.median(all)
  }

  fileprivate var residentBytes: Double? {
    trainings.flatMap { $0.metrics.epochs.compactMap(\.residentBytes) }.max().map { Double($0) }
  }
}
