extension Warp {
  /// Shows the corners `from` at `to`, both as (x, y) from the upper left one clockwise: torchvision's
  /// `perspective`, whose coefficients are rounded to Float.
  package static func perspective(
    from: [SIMD2<Double>], to: [SIMD2<Double>]
  ) -> Warp {
    var rows: [8 of Equation] = .init(repeating: .init(repeating: 0))
    for corner in 0..<4 {
      let (start, end) = (from[corner], to[corner])
      rows[2 * corner] = [
        end.x, end.y, 1, 0, 0, 0, -start.x * end.x, -start.x * end.y, start.x,
      ]
      rows[2 * corner + 1] = [
        0, 0, 0, end.x, end.y, 1, -start.y * end.x, -start.y * end.y, start.y,
      ]
    }
    solve(&rows)
    func found(_ unknown: Int) -> Double {
      Double(Float(rows[unknown][8] / rows[unknown][unknown]))
    }
    return Warp(
      found(0), found(1), found(2), found(3), found(4), found(5), found(6), found(7))
  }

  /// Eight coefficients and the right side.
  private typealias Equation = [9 of Double]

  /// Leaves each equation its own unknown, by Gauss's elimination with the largest pivot.
  private static func solve(_ rows: inout [8 of Equation]) {
    for column in 0..<8 {
      var best = column
      for row in column..<8 where abs(rows[row][column]) > abs(rows[best][column]) { best = row }
      rows.swapAt(column, best)
      for row in 0..<8 where row != column {
        let factor = rows[row][column] / rows[column][column]
        for place in column...8 { rows[row][place] -= factor * rows[column][place] }
      }
    }
  }
}
