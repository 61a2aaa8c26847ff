import Files

/// Why an ensemble can't be fitted or used.
package enum EnsembleError: UnusableInput, Equatable, CustomStringConvertible {
  case exists(String)
  case damaged(String)
  /// A member's checkpoint isn't where it was.
  case missing(String, of: String)
  /// A member's weights aren't what they were.
  case changed(String, of: String)
  /// A member knows other classes than the ensemble.
  case otherClasses(String, of: String)
  /// An ensemble where a model is wanted, or other models are beside it.
  case isEnsemble(String)
  /// A cross-validation and a run, whose photos aren't of one kind.
  case mixedKinds(String, String)
  case unfinished(String)
  case twice(String, String)
  /// Two cross-validations and the first line in which they differ.
  case otherPhotos(String, String, String)
  case otherClassesOfFolds(String, [String], String, [String])
  case otherThresholds(String, String)
  case logisticOfProbabilities
  case fewPhotos(Int)
  case fileOfWeights(String)
  /// A setting where nothing is asked any more.
  case settingOfFolds(String)

  package var description: String {
    switch self {
    case .exists(let path):
      "\(path) exists already; name another folder with --output, or remove it first"
    case .damaged(let path): "\(path) is damaged; fit the ensemble anew with tutti ensemble fit"
    case .missing(let path, let ensemble):
      "\(path), a member of \(ensemble), isn't there; put it back, or fit an ensemble of the models that are left with "
        + "tutti ensemble fit"
    case .changed(let path, let ensemble):
      "the weights of \(path) aren't those that \(ensemble) was fitted with; put them back, or fit it anew with tutti "
        + "ensemble fit"
    case .otherClasses(let path, let ensemble):
      "\(path), a member of \(ensemble), knows other classes than that; fit it anew with tutti ensemble fit"
    case .isEnsemble(let path):
      "\(path) is an ensemble, which evaluate, predict, export and loss.teacher take alone, without models beside it; "
        + "for other members fit another of these with tutti ensemble fit; to hold it beside others, have each "
        + "evaluated with --csv, and tutti compare the tables"
    case .mixedKinds(let folds, let run):
      "\(folds) is a cross-validation and \(run) is not: weights are fitted on out-of-fold predictions or on validation "
        + "photos, so name the one or the other"
    case .unfinished(let path):
      "\(path) has no predictions/oof.csv; go on with it first: tutti crossval --run \(Paths.shellQuoted(path)) "
        + "--resume auto"
    case .twice(let one, let other):
      one == other
        ? "\(one) is named twice, and would count twice; name it once"
        : "\(one) and \(other) have the same weights, which would count twice; name one of them"
    case .otherPhotos(let one, let other, let difference):
      "\(one) and \(other) aren't of one fold table: \(difference); an ensemble needs members of the same photos, labels "
        + "and folds"
    case .otherClassesOfFolds(let one, let classes, let other, let others):
      "\(one) knows the classes \(few(classes, atMost: 20)), but \(other) \(few(others, atMost: 20)); an ensemble needs "
        + "the same in the same order"
    case .otherThresholds(let one, let other):
      "`data.labels` or `evaluation.thresholds` are others in \(one) than in \(other); an ensemble needs the same"
    case .logisticOfProbabilities:
      "a logistic regression's weights are those of logits; leave out --average probabilities, or take --weights greedy"
    case .fewPhotos(let count):
      "\(count) validation photo\(count == 1 ? "" : "s") or group\(count == 1 ? "" : "s") can't be cut into folds to "
        + "fit across; set more aside with data.validation"
    case .settingOfFolds(let setting):
      "--set \(setting) has no effect on cross-validations, whose out-of-fold predictions are there already; leave it out"
    case .fileOfWeights(let path):
      "\(path) is a file of weights, and a fit needs runs or cross-validations, which tell which photos their models "
        + "weren't trained on"
    }
  }
}
