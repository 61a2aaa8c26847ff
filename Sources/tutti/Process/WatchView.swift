import Files
import Reporting
import Runs

/// What was last seen of a folder that is looked at again and again.
struct WatchView {
  private var folder: WatchedFolder
  private var warnings = WatchWarnings()
  private(set) var status: WatchStatus
  /// Why the last look failed, after which what the one before saw still stands.
  private(set) var problem: String?

  /// Looks for the first time.
  ///
  /// - Throws: `RunError` where the folder isn't one that can be watched.
  init(path: String) throws {
    folder = WatchedFolder(path: path)
    status = try folder.look()
    warnings.look(at: folder.records)
  }

  mutating func look() {
    do {
      status = try folder.look()
      warnings.look(at: folder.records)
      problem = nil
    } catch {
      problem = harmlessLines(of: error).first
    }
  }

  /// For people.
  ///
  /// - Parameters:
  ///   - width: characters of a line.
  ///   - rows: folds or trials at most; nil for all.
  func lines(width: Int = 79, rows: Int? = nil) -> [String] {
    (problem.map { ["problem   \($0)", ""] } ?? [])
      + WatchText.lines(status, warnings.found, width: width, rows: rows)
  }

  /// For programs, on one line.
  func json() throws -> String {
    try JSONText.encode(WatchDocument(status, warnings.found, problem), inSnakeCase: true)
  }
}
