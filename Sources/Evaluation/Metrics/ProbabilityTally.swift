/// What the probabilities of photos with one label each say besides which class is the most probable.
struct ProbabilityTally: Sendable {
  let photos: Int
  /// How many labels are the most probable class, the second, …: of the first five places.
  let places: [Int]
  /// The mean over the photos of Σ (p − y)².
  let brier: Double
  let calibration: Calibration
  /// Of each class against the others; nil without photos of it. Empty where they weren't asked for.
  let rankings: [ClassScores.Ranking?]
}
