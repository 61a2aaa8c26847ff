import Files

/// What is wrong with a recipe: one line for each problem, of the form `recipe.yaml:7: what it is;
/// what to write`.
package struct RecipeError: UnusableInput, SeveralLines, Equatable, CustomStringConvertible {
  package let problems: [String]
  package var lines: [String] { problems }

  init(_ problems: [String]) { self.problems = problems }

  /// One problem at a place such as `recipe.yaml:7` or `--set training.epochs=ten`. What people wrote
  /// is part of it, line breaks too: they become spaces.
  init(at place: String, _ problem: String) {
    problems = [String("\(place): \(problem)".map { $0.isNewline ? " " : $0 })]
  }

  package var description: String { problems.joined(separator: "\n") }
}
