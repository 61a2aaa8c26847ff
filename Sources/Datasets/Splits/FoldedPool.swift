/// The photos of a cross-validation, each in the fold whose model is not trained on it.
package struct FoldedPool: Equatable, Sendable {
  /// Indices into the dataset's samples, ascending.
  package let indices: [Int]
  /// The fold of each of them, from 0.
  package let folds: [Int]
  /// How many folds there are.
  package let count: Int
  /// The photos that stay out of it.
  package let test: [Int]

  package init(indices: [Int], folds: [Int], count: Int, test: [Int]) {
    precondition(indices.count == folds.count, "a fold for each photo")
    self.indices = indices
    self.folds = folds
    self.count = count
    self.test = test
  }

  /// The photos that a fold holds out.
  package func indices(in fold: Int) -> [Int] {
    zip(indices, folds).filter { $0.1 == fold }.map(\.0)
  }

  /// The photos that a fold's model may see.
  package func indices(outside fold: Int) -> [Int] {
    zip(indices, folds).filter { $0.1 != fold }.map(\.0)
  }

  /// The same without some photos.
  package func without(_ others: some Collection<Int>) -> FoldedPool {
    let left = Set(others)
    let kept = zip(indices, folds).filter { !left.contains($0.0) }
    return FoldedPool(
      indices: kept.map(\.0), folds: kept.map(\.1), count: count,
      test: test.filter { !left.contains($0) })
  }
}
