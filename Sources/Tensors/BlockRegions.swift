/// Rows of blocks, and the memory that each lies in: one, unless addresses are scarce.
struct BlockRegions {
  /// Where a block lies.
  struct Place: @unchecked Sendable {
    fileprivate let region: Int
    /// In floats from the region's start.
    let range: Range<Int>
    let pointer: UnsafeMutablePointer<Float>
  }

  private struct Region {
    var row = BlockRow()
    let memory: MappedMemory
    /// Floats from the start on that the system has given.
    var touched = 0
  }

  private var regions: [Region] = []
  /// All blocks are given the memory of the first.
  private let isRehearsal: Bool

  init(isRehearsal: Bool) { self.isRehearsal = isRehearsal }

  /// The same blocks, with memory that all which follow share.
  var rehearsal: BlockRegions {
    var copy = BlockRegions(isRehearsal: true)
    copy.regions = regions.map {
      Region(row: $0.row, memory: MappedMemory(atLeast: 1, beside: 0), touched: $0.touched)
    }
    return copy
  }

  /// Floats of blocks that somebody has.
  var used: Int { regions.reduce(0) { $0 + $1.row.used } }

  /// Takes a block of `count` floats.
  ///
  /// - Parameter held: bytes of memory that there is already, for the sentence when there is no more.
  /// - Returns: with the floats that the system gives for it.
  mutating func take(_ count: Int, beside held: Int) -> (place: Place, new: Int) {
    let (region, gap) = room(for: count, beside: held)
    let range = regions[region].row.take(count, from: gap)
    let new = max(0, range.upperBound - regions[region].touched)
    regions[region].touched += new
    let start = regions[region].memory.pointer
    return (
      Place(
        region: region, range: range, pointer: isRehearsal ? start : start + range.lowerBound),
      new
    )
  }

  /// The smallest gap in a region, or else a region with room at its end.
  private mutating func room(
    for count: Int, beside held: Int
  ) -> (region: Int, gap: Range<Int>?) {
    let gaps = regions.indices.compactMap { number in
      regions[number].row.smallestGap(for: count).map { (region: number, gap: $0) }
    }
    if let best = gaps.min(by: { $0.gap.count < $1.gap.count }) { return best }
    let roomy = regions.firstIndex {
      isRehearsal ? $0.memory.count >= count : $0.memory.count - $0.row.end >= count
    }
    if let roomy { return (roomy, nil) }
    regions.append(Region(memory: MappedMemory(atLeast: count, beside: held)))
    return (regions.count - 1, nil)
  }

  /// Gives a block back.
  ///
  /// - Parameter keepsMemory: or the system gets it.
  mutating func free(_ place: Place, keepsMemory: Bool) {
    regions[place.region].row.free(place.range)
    if !keepsMemory { drop(place.range, of: regions[place.region]) }
  }

  /// Gives the system back what nobody uses.
  ///
  /// - Returns: the floats behind the last blocks.
  mutating func release() -> Int {
    var count = 0
    for number in regions.indices {
      let region = regions[number]
      let rest = region.row.end..<region.touched
      for gap in region.row.gaps + [rest] { drop(gap, of: region) }
      regions[number].touched = rest.lowerBound
      count += rest.count
    }
    return count
  }

  private func drop(_ range: Range<Int>, of region: Region) {
    if !isRehearsal { region.memory.drop(range) }
  }
}
