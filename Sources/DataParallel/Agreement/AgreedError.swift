/// An error that all ranks know of, as one rank or several met it.
package struct AgreedError: Error, CustomStringConvertible {
  package let description: String
  package let exitCode: ExitCode

  package init(description: String, exitCode: ExitCode) {
    self.description = description
    self.exitCode = exitCode
  }

  /// An error that all ranks have met.
  package init(_ error: any Error) {
    self.init(description: "\(error)", exitCode: ExitCode(for: error))
  }
}

/// An error that a whole team met, and the other teams didn't: they have to be ended.
package struct TeamError: Error, CustomStringConvertible {
  package let description: String
  package let exitCode: ExitCode

  package init(_ error: AgreedError) {
    description = error.description
    exitCode = error.exitCode
  }
}
