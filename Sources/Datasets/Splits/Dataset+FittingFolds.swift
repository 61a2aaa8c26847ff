extension Dataset {
  /// Folds of some photos for fits of few numbers across them, for which, unlike a training's, a class need not be in
  /// every fold: stratified as far as that goes, groups kept together. Five, or as many as there are photos or groups.
  package func fittingFolds(of indices: [Int]) -> [Int] {
    let groups = groupNumbers(of: indices)
    let count = min(5, Set(groups).count)
    if hasLabelSets {
      return IterativeStratification.assign(
        labels: indices.map { samples[$0].labels }, groups: groups,
        shares: [Double](repeating: 1 / Double(count), count: count), seed: 0)
    }
    let labels = indices.map { samples[$0].label }
    return hasGroups
      ? StratifiedFolds.assign(labels: labels, groups: groups, count: count, seed: 0)
      : StratifiedFolds.assign(labels: labels, count: count, seed: 0)
  }
}
