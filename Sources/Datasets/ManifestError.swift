/// Why a manifest can't be used: one line, `photos.csv:17: what is wrong; what to do`.
package struct ManifestError: Error, Equatable, CustomStringConvertible {
  package let path: String
  /// From 1; nil when it is the whole file's.
  package let line: Int?
  package let problem: String

  /// Line breaks in what people wrote become spaces.
  init(_ path: String, line: Int? = nil, _ problem: String) {
    self.path = path
    self.line = line
    self.problem = String(problem.map { $0.isNewline ? " " : $0 })
  }

  package var description: String {
    line.map { "\(path):\($0): \(problem)" } ?? "\(path): \(problem)"
  }
}
