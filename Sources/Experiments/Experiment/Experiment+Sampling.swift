package import Datasets
import Files
import NeuralNetworks
package import Recipes

/// How often the epochs of a training have photos of which class.
package struct DrawnShares: Equatable, Sendable {
  /// Of each class, the share of an epoch's list.
  package let ofClasses: [Double]
  /// Of the photos, the share that an epoch has on average.
  package let ofPhotos: Double
}

extension Experiment {
  /// The photos of each epoch of a training on these.
  ///
  /// - Throws: `RecipeError`.
  package func epochList(of train: [Int]) throws(RecipeError) -> EpochList {
    let factors = samplingFactors(of: train)
    return EpochList(
      of: train, try plan(ofPhotos: train.count), seed: UInt64(recipe.training.seed),
      factors: factors.map { factors in train.map { factors[dataset.samples[$0].label] } },
      repeats: recipe.data.repeats)
  }

  /// What the recipe makes of the classes' shares; nil where each photo stands once in an epoch.
  ///
  /// - Throws: `RecipeError`.
  package func drawnShares(of train: [Int]) throws(RecipeError) -> DrawnShares? {
    if recipe.data.takesEachOnce { return nil }
    let counts = dataset.classCounts(of: train)
    let factors = samplingFactors(of: train) ?? counts.map { _ in 1 }
    let count = Double(train.count)
    return DrawnShares(
      ofClasses: zip(counts, factors).map { Double($0) * $1 / count },
      ofPhotos: try epochList(of: train).expectedDistinct / count)
  }

  /// The same of a cross-validation's first fold; in the others it differs by a few photos.
  package func drawnShares(ofFolds count: Int) throws -> DrawnShares? {
    if recipe.data.takesEachOnce { return nil }
    let fold = try holdingOut(fold: 0, of: count)
    return try fold.drawnShares(of: fold.makeSplits().train)
  }

  /// How often photos of each class are drawn, compared with the mean of all photos: by their counts among
  /// those that are trained on.
  private func samplingFactors(of train: [Int]) -> [Double]? {
    factors(of: recipe.data.sampling, train)
  }

  /// What photos of each class count by a correction, compared with the mean of all photos.
  func factors(of balance: ClassBalance?, _ train: [Int]) -> [Double]? {
    balance?.factors(of: dataset.classes, counts: dataset.classCounts(of: train))
  }

  /// Throws where the recipe's factors aren't of these classes.
  func checkFactors() throws(RecipeError) {
    try check(
      recipe.data.sampling, at: "data.sampling-weights", "so that no photo would be drawn")
    try check(
      recipe.loss.classWeights, at: "loss.class-weights-given",
      recipe.loss.name == .binaryCrossEntropy
        ? "so that only what photos don't show would be learned"
        : "so that nothing would be learned")
    try checkNames(recipe.evaluation.thresholdsGiven.keys, at: "evaluation.thresholds")
  }

  private func check(
    _ balance: ClassBalance?, at key: String, _ consequence: String
  ) throws(RecipeError) {
    guard case .given(let given) = balance else { return }
    try checkNames(given.keys, at: key)
    if dataset.classes.allSatisfy({ given[$0] == 0 }) {
      throw recipe.error(at: key, "all classes weigh 0, \(consequence)")
    }
  }

  private func checkNames(
    _ names: some Collection<String>, at key: String
  ) throws(RecipeError) {
    for name in names.sorted() where !dataset.classes.contains(name) {
      let hint =
        nearestName(to: name, among: dataset.classes).map { "did you mean `\($0)`?" }
        ?? "there are \(few(dataset.classes, counted: "classes"))"
      throw recipe.error(
        at: key, "there is no class `\(name.harmless(atMost: 80))`; \(hint)")
    }
  }
}
