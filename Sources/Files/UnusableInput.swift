/// An error that says: what somebody gave can't be used, be it a recipe, photos, weights or a
/// checkpoint. The process then ends with 65, the same at each try, until the input is another.
///
/// An error type says so of itself, where it is declared.
package protocol UnusableInput: Error {
  /// False for those of a type that come from running and not from input.
  var isOfInput: Bool { get }
}

extension UnusableInput {
  package var isOfInput: Bool { true }
}
