extension Warp {
  /// Shows the corners `from` at `to`, both as (x, y) from the upper left one clockwise: torchvision's
  /// `perspective`, whose coefficients are rounded to Float.
  package static func perspective(
    from: [SIMD2<Double>], to: [SIMD2<Double>]
  ) -> Warp {
    var rows: [[Double]] = []
    for (start, end) in zip(from, to) {
      rows.append([end.x, end.y, 1, 0, 0, 0, -start.x * end.x, -start.x * end.y, start.x])
      rows.append([0, 0, 0, end.x, end.y, 1, -start.y * end.x, -start.y * end.y, start.y])
    }
    let found = solved(rows).map { Double(Float($0)) }
    return Warp(
      found[0], found[1], found[2], found[3], found[4], found[5], found[6], found[7])
  }

  /// The unknowns of as many linear equations, each a row of coefficients and the right side, by Gauss's
  /// elimination with the largest pivot.
  private static func solved(_ equations: [[Double]]) -> [Double] {
    var rows = equations
    let count = rows.count
    for column in 0..<count {
      let best = (column..<count).max { abs(rows[$0][column]) < abs(rows[$1][column]) } ?? column
      rows.swapAt(column, best)
      for row in 0..<count where row != column {
        let factor = rows[row][column] / rows[column][column]
        for place in column...count { rows[row][place] -= factor * rows[column][place] }
      }
    }
    return (0..<count).map { rows[$0][count] / rows[$0][$0] }
  }
}
