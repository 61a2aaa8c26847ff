/// The parts of a dataset; raw values are the names of recipes and messages.
package enum Split: String, CaseIterable, Sendable {
  case train, validation, test
}
