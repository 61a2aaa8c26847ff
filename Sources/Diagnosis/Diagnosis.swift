import Recipes
import Evaluation
package import Runs

/// What went wrong in a run, the most important first.
package struct Diagnosis: Sendable {
  package struct Finding: Sendable {
    package let illness: any Illness
    /// The folds that have it, of a cross-validation; the illness is that of the fold where it is worst. Nil for what
    /// is found in a run, or in all folds' photos together.
    package let folds: [Int]?
  }

  package let findings: [Finding]
  /// How many folds were looked at; nil for no cross-validation.
  package let folds: Int?
  /// Why some things couldn't be looked for, a sentence each.
  package let unseen: [Unseen]

  /// What isn't on the disk.
  package enum Unseen: String, Encodable, Sendable {
    /// Without predictions of photos by models that weren't trained on them, no label can be doubted.
    case labels
  }

  /// Signs of one training, by its course.
  private static let ofTraining: [@Sendable (RunRecord.Training) -> (any Illness)?] = [
    { NonFiniteSteps($0) }, { LearningRateTooHigh($0) }, { MeaninglessLabels($0) },
    { LearningRateTooLow($0) }, { FewPhotosOfClass($0) }, { Overfitting($0) }, { Underfitting($0) },
    { WaitingForPhotos($0) }, { WaitingForRanks($0) }, { SlowExchange($0) },
    { MemoryNearLimit($0) },
  ]

  /// Signs in what is said of photos.
  private static let ofScores: [@Sendable (RunRecord) -> (any Illness)?] = [
    { TooLittleValidation($0) }, { OvercorrectedClasses($0) }, { WeakClasses($0) },
    { Confusions($0) }, { DoubtfulLabels($0) },
  ]

  /// Of two that are as severe, the one that explains the other is told first.
  private static let order = [
    NonFiniteSteps.name, LearningRateTooHigh.name, TooLittleValidation.name, MeaninglessLabels.name,
    LearningRateTooLow.name, WaitingForPhotos.name, WaitingForRanks.name, MemoryNearLimit.name,
    FewPhotosOfClass.name, Overfitting.name, Underfitting.name, OvercorrectedClasses.name,
    WeakClasses.name, DoubtfulLabels.name, Confusions.name, SlowExchange.name,
  ]

  package init(_ record: RunRecord) {
    let isFolded = record.trainings.contains { $0.fold != nil } && record.trainings.count > 1
    var findings: [Finding] = []
    for rule in Self.ofTraining {
      let found = record.trainings.compactMap { training in
        rule(training).map { (illness: $0, fold: training.fold) }
      }
      guard let worst = found.max(by: { $0.illness.severity < $1.illness.severity }) else {
        continue
      }
      findings.append(
        Finding(illness: worst.illness, folds: isFolded ? found.compactMap(\.fold) : nil))
    }
    for rule in Self.ofScores {
      if let illness = rule(record) { findings.append(Finding(illness: illness, folds: nil)) }
    }
    self.findings = Self.withoutConsequences(findings).sorted {
      ($0.illness.severity, Self.place($1)) > ($1.illness.severity, Self.place($0))
    }
    folds = isFolded ? record.trainings.count : nil
    let isAboutPhotos = self.findings.contains { Self.ofLabels.contains(type(of: $0.illness).name) }
    unseen =
      isAboutPhotos && record.predictions == nil && !record.recipe.data.hasSeveralLabels
      ? [.labels] : []
  }

  private static func place(_ finding: Finding) -> Int {
    order.firstIndex(of: type(of: finding.illness).name) ?? order.count
  }

  /// Illnesses that wrong labels may bring about.
  private static let ofLabels: Set = [
    MeaninglessLabels.name, Underfitting.name, WeakClasses.name, Confusions.name,
  ]

  /// Without what the gravest of them brings about by itself: classes are weak where little was learned, or where too
  /// few photos tell.
  private static func withoutConsequences(_ findings: [Finding]) -> [Finding] {
    let hasCause = findings.contains {
      $0.illness.severity == .critical
        || [LearningRateTooHigh.name, LearningRateTooLow.name].contains(type(of: $0.illness).name)
    }
    if !hasCause { return findings }
    let consequences: Set = [
      Overfitting.name, Underfitting.name, OvercorrectedClasses.name, WeakClasses.name,
      Confusions.name, DoubtfulLabels.name,
    ]
    return findings.filter { !consequences.contains(type(of: $0.illness).name) }
  }
}
