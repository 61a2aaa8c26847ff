import Tensors
import Timelines

/// Draws of photos with replacement, of which a number's percentiles tell where it probably lies: Efron, "Bootstrap methods:
/// another look at the jackknife", 1979. The draws are a function of their number and of how many photos there are.
struct Bootstrap {
  private static let most = 2000
  /// Draws that percentiles are worth something by.
  private static let least = 200
  /// What all draws may look at: with a hundred thousand photos all 2000 are made, which takes seconds, and of more
  /// fewer.
  private static let budget = 200_000_000
  private static let stream = Philox.Stream(rawValue: 7)

  /// How many there are.
  let draws: Int
  private let photos: Int
  private let groups: PhotoGroups?
  private let philox: Philox

  /// - Parameters:
  ///   - groups: photos that are drawn together; nil where each is drawn alone.
  ///   - work: what a draw looks at for each photo.
  ///   - model: another one's photos are drawn by themselves.
  init(photos: Int, groups: PhotoGroups? = nil, work: Int = 1, of model: Int = 0) {
    precondition(groups?.places.count ?? photos == photos, "a group for each photo")
    self.photos = photos
    self.groups = groups
    draws = max(Self.least, min(Self.most, Self.budget / max(1, photos * work)))
    philox = Philox(seed: 0, stream: Self.stream, epoch: model)
  }

  /// How often a draw has each photo.
  func weights(of draw: Int) -> [Int32] {
    let units = groups?.count ?? photos
    var times = [Int32](repeating: 0, count: units)
    for index in 0..<units {
      times[philox.integer(below: units, position: draw, index: index)] += 1
    }
    return groups.map { $0.places.map { times[Int($0)] } } ?? times
  }

  /// Calls `body` with the number of each draw.
  ///
  /// - Parameter most: no more than so many.
  func forEach(atMost most: Int = .max, _ body: (_ draw: Int) -> Void) {
    let count = min(draws, most)
    Activity.during("intervals", of: count, "draws") { activity in
      for draw in 0..<count {
        body(draw)
        activity.advance()
      }
    }
  }

  /// The 2.5th and the 97.5th percentile; nil where less than half of the draws gave a number.
  static func interval(_ values: [Double]) -> Interval? {
    let sorted = values.filter { !$0.isNaN }.sorted()
    guard sorted.count * 2 > values.count else { return nil }
    let cut = sorted.count / 40
    return Interval(lower: sorted[cut], upper: sorted[sorted.count - 1 - cut])
  }
}
