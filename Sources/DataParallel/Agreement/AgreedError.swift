import Files

/// An error that all ranks know of, as one rank or several met it.
package struct AgreedError: SeveralLines, CustomStringConvertible {
  /// Harmless, whatever names are in them.
  package let lines: [String]
  package let exitCode: ExitCode

  package init(lines: [String], exitCode: ExitCode) {
    self.lines = lines
    self.exitCode = exitCode
  }

  /// An error that all ranks have met.
  package init(_ error: any Error) {
    self.init(lines: harmlessLines(of: error), exitCode: ExitCode(for: error))
  }

  package var description: String { lines.joined(separator: "\n") }
}

/// An error that a whole team met, and the other teams didn't: they have to be ended.
package struct TeamError: SeveralLines, CustomStringConvertible {
  package let lines: [String]
  package let exitCode: ExitCode

  package var description: String { lines.joined(separator: "\n") }

  package init(_ error: AgreedError) {
    lines = error.lines
    exitCode = error.exitCode
  }
}
