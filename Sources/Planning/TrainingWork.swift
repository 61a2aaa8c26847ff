/// What there is to do in a training.
package struct TrainingWork: Codable, Equatable, Sendable {
  /// Steps of an epoch that are alike.
  package struct Steps: Codable, Equatable, Sendable {
    package let count: Int
    /// Of each step.
    package let photos: Int
    package let microBatches: Int

    package init(count: Int, photos: Int, microBatches: Int) {
      self.count = count
      self.photos = photos
      self.microBatches = microBatches
    }
  }

  /// In the order of an epoch.
  package var steps: [Steps]
  /// Of a full step: no more ranks have work.
  package var fullStepMicroBatches: Int
  /// The areas of each epoch's photos over the largest.
  package var areas: [Double]
  package var mostSteps: Int?
  package var validationPhotos: Int
  /// Of validation and predictions.
  package var atom: Int
  /// How many weights are validated: the last ones, or their average besides.
  package var validatedWeights: Int
  /// The epoch, from 0, from which on an average's running statistics are made anew, by a pass over all photos that are
  /// trained on; nil for never.
  package var firstRenewal: Int?
  /// Photos that the model predicts at the end, each view of them counted.
  package var predictedPhotos: Int
  /// Floats of a gradient, and of weights and running statistics.
  package var gradient: Int
  package var weights: Int
  package var checkpointBytes: Int
  package var checkpointSteps: Int?
  /// Decoding threads of a rank; nil for as many as it computes with.
  package var loaderThreads: Int?

  package init(
    steps: [Steps], fullStepMicroBatches: Int, areas: [Double], mostSteps: Int? = nil,
    validationPhotos: Int = 0, atom: Int,
    validatedWeights: Int = 1, firstRenewal: Int? = nil, predictedPhotos: Int = 0, gradient: Int,
    weights: Int,
    checkpointBytes: Int = 0, checkpointSteps: Int? = nil, loaderThreads: Int? = nil
  ) {
    self.steps = steps
    self.fullStepMicroBatches = fullStepMicroBatches
    self.areas = areas
    self.mostSteps = mostSteps
    self.validationPhotos = validationPhotos
    self.atom = atom
    self.validatedWeights = validatedWeights
    self.firstRenewal = firstRenewal
    self.predictedPhotos = predictedPhotos
    self.gradient = gradient
    self.weights = weights
    self.checkpointBytes = checkpointBytes
    self.checkpointSteps = checkpointSteps
    self.loaderThreads = loaderThreads
  }

  var photosPerEpoch: Int { steps.reduce(0) { $0 + $1.count * $1.photos } }
  package var stepsPerEpoch: Int { steps.reduce(0) { $0 + $1.count } }
  package var epochs: Int { areas.count }
}
