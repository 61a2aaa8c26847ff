/// The name that was probably meant: the one nearest to `word`, the first of equals, or nil when
/// none is near (more than one edit in three letters). A word of more than a hundred letters is near
/// to none.
package func nearestName(to word: String, among names: [String]) -> String? {
  guard word.utf8.count <= longestWord, word.count <= 100 else { return nil }
  let word = Array(word.lowercased())
  var best: (name: String, edits: Int)?
  // Half as long again is too far away, which shows without looking at the letters.
  for name in names where name.utf8.count <= longestWord * 3 / 2 {
    let candidate = Array(name.lowercased())
    let limit = max(1, max(word.count, candidate.count) / 3)
    guard abs(word.count - candidate.count) <= limit else { continue }
    let edits = editDistance(word, candidate)
    if edits <= limit, edits < best?.edits ?? .max { best = (name, edits) }
  }
  return best?.name
}

/// Bytes of a hundred letters at most: those of a longer word have no near name.
package let longestWord = 400

/// Letters to insert, delete, replace or swap with their neighbour to turn `a` into `b`: the
/// restricted Damerau-Levenshtein distance ("optimal string alignment").
func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var previous: [Int] = []
  var row = Array(0...b.count)
  for i in a.indices {
    let beforePrevious = previous
    previous = row
    row[0] = i + 1
    for j in b.indices {
      let replaced = previous[j] + (a[i] == b[j] ? 0 : 1)
      row[j + 1] = min(replaced, previous[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        row[j + 1] = min(row[j + 1], beforePrevious[j - 1] + 1)
      }
    }
  }
  return row[b.count]
}
