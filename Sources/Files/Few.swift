/// A list that a file may make long, as messages have it: its first names and its length, `a, b, … (1000 in
/// all)`.
///
/// - Parameters:
///   - limit: names that are told.
///   - words: behind the length of a longer list; nil where the length is told elsewhere.
package func few(
  _ names: some Collection<String>, atMost limit: Int = 10, counted words: String? = "in all"
) -> String {
  let shown = names.prefix(limit).map { $0.harmless(atMost: 300) }.joined(separator: ", ")
  guard names.count > limit else { return shown }
  return "\(shown), …" + (words.map { " (\(names.count) \($0))" } ?? "")
}
