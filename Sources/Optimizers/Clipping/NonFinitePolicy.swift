/// What becomes of a training when a step's gradient, statistics or loss aren't finite. The step is never
/// applied: weights, moments and running statistics stay as they are.
package enum NonFinitePolicy: Equatable, Sendable {
  /// It ends.
  case stop
  /// The step counts as taken, and the next one follows.
  case skip
  /// The same, and the learning rate is so many times as large from there on.
  case lower(factor: Double)

  /// Steps without a finite one between them that are passed over: another one ends the training, for weights
  /// that no photo gets through don't heal.
  package static let mostInARow = 10
}
