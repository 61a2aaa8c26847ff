/// Something that a thread did, from when to when.
package struct Slice: Sendable {
  /// What kind of thing, for a reader to filter by.
  package enum Category: String, Sendable {
    /// A step of the training and its parts.
    case step
    /// An operation of the net, forward or backward.
    case operation
    /// What ranks send each other.
    case ranks
    /// Nothing is done meanwhile.
    case wait
    /// Reading, decoding and transforming photos.
    case loader
    /// Between steps: validation, checkpoints.
    case pause
  }

  package enum Value: Sendable, Equatable {
    case number(Int)
    case text(String)
  }

  package typealias Details = [(name: String, value: Value)]

  package let name: String
  package let category: Category
  /// Nanoseconds of `Timeline.now`.
  package let time: Range<Int64>
  /// How many slices of the same thread it lies in.
  package let depth: Int
  package let details: Details
}
