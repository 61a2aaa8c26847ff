/// When blocks of the net are run again in backward, to spare the memory of what they compute inside.
package enum RecomputePolicy: String, CaseIterable, Sendable {
  case none
  /// Always, and all of them.
  case blocks
  /// As few as memory asks for.
  case auto
}
