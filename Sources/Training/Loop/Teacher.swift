import Differentiation
package import Evaluation
import Kernels
package import NeuralNetworks
package import Tensors

/// Trained nets whose answers another net learns to give: one, or several whose probabilities are averaged.
package struct Teacher {
  package struct Member {
    private let network: any Network
    private let parameters: Parameters
    /// What makes the student's floats of a channel the member's: a factor and an offset for each. Nil where both
    /// have the same.
    private let channels: [(factor: Float, offset: Float)]?

    package init(
      network: any Network, weights: FlatStore, channels: [(factor: Float, offset: Float)]?
    ) {
      self.network = network
      parameters = Parameters(weights: weights, prepared: PreparedWeights())
      self.channels = channels
    }

    private init(_ other: Member) {
      (network, channels) = (other.network, other.channels)
      parameters = Parameters(weights: other.parameters.weights, prepared: PreparedWeights())
    }

    /// The same without what was made of its weights so far.
    fileprivate var unprepared: Member { Member(self) }

    /// The logits `[N, classes]` of the student's images.
    fileprivate func logits(of images: Tensor, pool: ThreadPool) -> Tensor {
      let tape = Tape(parameters, mode: .evaluation, pool: pool)
      return network(Variable(own(images, pool), needsGradient: false), on: tape).value
    }

    private func own(_ images: Tensor, _ pool: ThreadPool) -> Tensor {
      guard let channels else { return images }
      let own = Tensor(uninitialized: images.shape)
      pool.run(Partition(images.count / channels.count, least: 4096)) { pixels in
        for (channel, (factor, offset)) in channels.enumerated() {
          for pixel in pixels {
            let place = pixel * channels.count + channel
            own.pointer[place] = images.pointer[place] * factor + offset
          }
        }
      }
      return own
    }
  }

  private let members: [Member]
  private let temperature: Double
  private let mix: EnsembleMix?

  /// - Parameters:
  ///   - temperature: what logits are divided by before they become probabilities.
  ///   - mix: how the members' logits become one's, which are softened then; nil for the mean of softened
  ///     probabilities.
  package init(_ members: [Member], by mix: EnsembleMix? = nil, temperature: Double) {
    self.members = members
    self.mix = mix
    self.temperature = temperature
  }

  /// The same without what was made of the weights so far: for passes that compute nothing.
  var unprepared: Teacher {
    Teacher(members.map(\.unprepared), by: mix, temperature: temperature)
  }

  /// The mean of the members' probabilities `[N, classes]` of images `[N, H, W, C]`, as the student sees them.
  func probabilities(of images: Tensor, pool: ThreadPool) -> [Float] {
    if let mix { return mixed(by: mix, images, pool) }
    var mean: [Float] = []
    for member in members {
      let logits = member.logits(of: images, pool: pool)
      let softened = softenedProbabilities(of: logits, temperature: temperature)
      mean = mean.isEmpty ? softened : zip(mean, softened).map { $0 + $1 }
    }
    return members.count == 1 ? mean : mean.map { $0 / Float(members.count) }
  }

  private func mixed(by mix: EnsembleMix, _ images: Tensor, _ pool: ThreadPool) -> [Float] {
    let logits = members.map { $0.logits(of: images, pool: pool) }
    let classes = logits[0].shape[1]
    let together = Tensor(uninitialized: logits[0].shape)
    for start in stride(from: 0, to: together.count, by: classes) {
      let row = mix.logits(
        of: logits.map { logits in (0..<classes).map { Double(logits.pointer[start + $0]) } })
      for (place, logit) in row.enumerated() { together.pointer[start + place] = Float(logit) }
    }
    return softenedProbabilities(of: together, temperature: temperature)
  }
}
