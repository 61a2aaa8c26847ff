/// What the parts of a training take, measured on one machine.
package struct TrainingCosts: Codable, Equatable, Sendable {
  /// Of the micro-batch that was passed.
  package var photos: Int
  /// Forward and backward of these photos, at their largest.
  package var pass: ThreadTimes
  /// How much longer a pass on one thread takes for each other core that is busy: they share the memory's bandwidth.
  package var slowdownPerBusyCore: Double
  /// The exchange of one rank with itself, and the update of all weights.
  package var update: ThreadTimes
  /// A photo that is validated or predicted.
  package var forward: ThreadTimes
  /// Seconds of a thread that reads a photo and makes a sample of it.
  package var decode: Double
  /// The same of a photo that is validated.
  package var evaluatedDecode: Double
  /// Bytes that a core copies in a second, and all `pass.cores` of them together.
  package var copiedAlone: Double
  package var copiedTogether: Double
  /// The net's blocks, and how many of them were run again in backward.
  package var blocks: Int
  package var recomputed: Int
  /// From the program's start to the first step.
  package var start: Double

  package init(
    photos: Int, pass: ThreadTimes, slowdownPerBusyCore: Double, update: ThreadTimes,
    forward: ThreadTimes, decode: Double, evaluatedDecode: Double, copiedAlone: Double,
    copiedTogether: Double, blocks: Int, recomputed: Int, start: Double
  ) {
    self.photos = photos
    self.pass = pass
    self.slowdownPerBusyCore = slowdownPerBusyCore
    self.update = update
    self.forward = forward
    self.decode = decode
    self.evaluatedDecode = evaluatedDecode
    self.copiedAlone = copiedAlone
    self.copiedTogether = copiedTogether
    self.blocks = blocks
    self.recomputed = recomputed
    self.start = start
  }

  /// What others on the host make of a time. More cores than were measured have more bandwidth, too.
  func slowdown(besides busy: Int) -> Double {
    1 + slowdownPerBusyCore * Double(min(busy, pass.cores - 1))
  }

  /// A pass by one photo's share, with so many blocks run again: each costs its share of a forward pass.
  func passOfPhoto(threads: Int, recomputed: Int) -> Double {
    let more = Double(recomputed - self.recomputed) / Double(max(1, blocks))
    return pass.seconds(threads: threads) / Double(photos) + more
      * forward.seconds(threads: threads)
  }
}
