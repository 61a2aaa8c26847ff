/// What the transforms drew for one sample: enough to do the same to the photo again, elsewhere.
///
/// Only who wants to see it makes one; a loader's threads do without.
package final class Journal {
  package enum Value: Equatable, Sendable, Encodable {
    case number(Double)
    case numbers([Double])
    case word(String)

    package func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .number(let number): try container.encode(number)
      case .numbers(let numbers): try container.encode(numbers)
      case .word(let word): try container.encode(word)
      }
    }
  }

  /// One transform's.
  package struct Entry: Equatable, Sendable {
    /// In the recipe's list.
    package let place: Int
    package let word: String
    /// In the order in which they were used; empty where it left the image alone.
    package fileprivate(set) var values: [(name: String, value: Value)] = []

    package static func == (a: Entry, b: Entry) -> Bool {
      a.place == b.place && a.word == b.word
        && a.values.elementsEqual(b.values) { $0.name == $1.name && $0.value == $1.value }
    }
  }

  package private(set) var entries: [Entry] = []

  package init() {}

  func begin(_ word: String, place: Int) { entries.append(Entry(place: place, word: word)) }

  func note(_ name: String, _ value: Value) {
    entries[entries.count - 1].values.append((name, value))
  }
}
