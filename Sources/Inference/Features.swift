package import Tensors

/// What a net's body says of a list of photos: a row of numbers for each.
package struct Features: Equatable, Sendable {
  /// Numbers of a photo.
  package let width: Int
  /// `[photos, width]`, row-major.
  package let values: [Float]

  package init(width: Int, values: [Float]) {
    precondition(width > 0 && values.count % width == 0, "\(values.count) in rows of \(width)")
    self.width = width
    self.values = values
  }

  package var count: Int { values.count / width }

  package subscript(row: Int) -> ArraySlice<Float> {
    values[(row * width)..<((row + 1) * width)]
  }

  /// Some of the rows, `[rows, width]`.
  package func tensor(_ rows: some Collection<Int>) -> Tensor {
    Tensor(rows.flatMap { self[$0] }, shape: [rows.count, width])
  }
}
