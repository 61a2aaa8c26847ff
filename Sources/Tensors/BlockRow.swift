/// Where blocks lie in a row of places: each in the smallest gap that holds it, and behind all others where none does.
///
/// What a training takes and lets go of has a hundred different sizes. Side by side, and joined with its neighbours
/// when it is free again, memory serves any of them.
struct BlockRow {
  /// Free places before `end`, ascending. No two of them touch, and none touches `end`.
  private(set) var gaps: [Range<Int>] = []
  /// Where the last block ends.
  private(set) var end = 0

  /// Places that blocks have.
  var used: Int { end - gaps.reduce(0) { $0 + $1.count } }

  /// The smallest gap that holds `count` places, the first of several.
  func smallestGap(for count: Int) -> Range<Int>? {
    var best: Range<Int>?
    for gap in gaps where gap.count >= count && gap.count < best?.count ?? .max { best = gap }
    return best
  }

  /// Takes `count` places from a gap that has as many, from its start on, or without one behind the last block.
  mutating func take(_ count: Int, from gap: Range<Int>?) -> Range<Int> {
    guard let gap else {
      defer { end += count }
      return end..<(end + count)
    }
    let (place, border) = (position(of: gap.lowerBound), gap.lowerBound + count)
    if border == gap.upperBound {
      gaps.remove(at: place)
    } else {
      gaps[place] = border..<gap.upperBound
    }
    return gap.lowerBound..<border
  }

  /// Gives the places of a block back.
  mutating func free(_ block: Range<Int>) {
    let next = position(of: block.lowerBound)
    let touchesNext = next < gaps.count && gaps[next].lowerBound == block.upperBound
    let touchesLast = next > 0 && gaps[next - 1].upperBound == block.lowerBound
    let lower = touchesLast ? gaps[next - 1].lowerBound : block.lowerBound
    let upper = touchesNext ? gaps[next].upperBound : block.upperBound
    let replaced = (touchesLast ? next - 1 : next)..<(touchesNext ? next + 1 : next)
    if upper == end {
      end = lower
      gaps.removeSubrange(replaced)
    } else {
      gaps.replaceSubrange(replaced, with: CollectionOfOne(lower..<upper))
    }
  }

  /// The first gap that begins at `place` or behind it.
  private func position(of place: Int) -> Int {
    var low = 0
    var high = gaps.count
    while low < high {
      let middle = (low + high) / 2
      if gaps[middle].lowerBound < place { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
