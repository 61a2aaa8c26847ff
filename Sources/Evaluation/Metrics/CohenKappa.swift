extension Metric {
  /// How far predictions agree with labels beyond what their frequencies would give by chance: Cohen,
  /// "A coefficient of agreement for nominal scales", 1960. With p the share that was recognised and c
  /// the share that chance would recognise, (p − c) / (1 − c); scikit-learn's `cohen_kappa_score`. Zero
  /// where chance recognises all.
  package static let cohenKappa = Metric("cohen-kappa", title: "kappa") { matrix in
    // In whole numbers but for one division: n·hits and Σ labels·predictions may each be exact.
    let (hits, chance) = matrix.classes.indices.reduce((0, 0)) { sums, index in
      (
        sums.0 + matrix[index, index],
        sums.1 + matrix.support[index] * matrix.predicted[index]
      )
    }
    return ratio(
      matrix.photos * hits - chance, matrix.photos * matrix.photos - chance)
  }
}
