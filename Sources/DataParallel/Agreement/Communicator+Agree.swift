import Files
package import MPI

extension Communicator {
  /// Runs `body` on every rank and throws on all of them if it throws on any, so that a run that
  /// can't begin ends in good order and with one line. Collective.
  ///
  /// - Parameter isShared: that all ranks would find the same, though one has looked; then the line
  ///   names no rank.
  package func agree<Result>(
    isShared: Bool = false, _ body: () throws -> Result
  ) throws -> Result {
    var result: Result?
    var message = ""
    var code = ExitCode.done
    do {
      result = try body()
    } catch {
      message = harmlessLines(of: error).joined(separator: "\n")
      code = ExitCode(for: error)
    }
    let all = try allGather(
      Array("\(code.rawValue) \(rankInWorld) on host \(hostName())\n\(message)".utf8)
    )
    .map { String(decoding: $0, as: UTF8.self) }
    let failed = all.filter { !$0.hasPrefix("\(ExitCode.done.rawValue) ") }
    guard let first = failed.first else {
      guard let result else { preconditionFailure("neither a result nor an error") }
      return result
    }
    let (head, text) = first.split(at: "\n")
    let lines = text.pieces(at: "\n", keepingEmpty: true)
    let (number, place) = head.split(at: " ")
    // What every rank says is no rank's own trouble.
    let isCommon = isShared || failed.count == size
    throw AgreedError(
      lines: isCommon ? lines : ["rank \(place): \(lines[0])"] + lines.dropFirst(),
      exitCode: ExitCode(rawValue: Int32(number) ?? 0) ?? .failed)
  }
}

extension String {
  fileprivate func split(at separator: Character) -> (String, String) {
    guard let index = firstIndex(of: separator) else { return (self, "") }
    return (String(self[..<index]), String(self[self.index(after: index)...]))
  }
}
