import Files

/// Photos that are drawn together, since they are of one kind: of one photographer, or of one scene. One without a group
/// is drawn alone.
package struct PhotoGroups: Equatable, Sendable {
  /// How many are drawn.
  package let count: Int
  /// Of each photo, from 0.
  let places: [Int32]

  /// - Parameter names: of each photo; nil for none.
  package init(_ names: [String?]) {
    var (known, places) = ([ExactText: Int32](), [Int32]())
    var count: Int32 = 0
    for name in names {
      let place = name.flatMap { known[ExactText($0)] } ?? count
      if place == count {
        count += 1
        if let name { known[ExactText(name)] = place }
      }
      places.append(place)
    }
    self.count = Int(count)
    self.places = places
  }
}
