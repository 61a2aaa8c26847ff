package import Differentiation
package import NeuralNetworks
package import Tensors

/// How much memory tensors take while a net is trained and asked, found by passes that compute nothing.
package struct PassMemory {
  let model: Model
  let teacher: Teacher?
  var precision: Precision
  let frozen: Set<String>
  /// Of a micro-batch, `[N,H,W,C]`.
  var images: Shape
  /// Of a micro-batch in evaluation.
  var evaluated: Shape
  /// How many weights are asked in an evaluation: one, or their average besides.
  let evaluatedWeights: Int
  /// Of this rank.
  let threads: Int
  /// Where they are there already; nil where they and `moments` are still to be taken.
  let weights: FlatStore?
  /// Floats of the optimizer's moments and the weights' average.
  let moments: [Int]
  /// How many a rank holds at a time, and the floats of what others send it.
  let gradients: Int
  let incoming: Int

  /// Of a training without evaluations, whose weights and moments are there.
  package init(
    _ model: Model, _ weights: FlatStore, images: Shape, precision: Precision, threads: Int,
    gradients: Int, incoming: Int
  ) {
    self.init(
      model, teacher: nil, precision: precision, frozen: [], images: images, evaluated: images,
      evaluatedWeights: 0, threads: threads, weights: weights, moments: [], gradients: gradients,
      incoming: incoming)
  }

  init(
    _ model: Model, teacher: Teacher?, precision: Precision, frozen: Set<String>, images: Shape,
    evaluated: Shape, evaluatedWeights: Int, threads: Int, weights: FlatStore? = nil,
    moments: [Int], gradients: Int, incoming: Int
  ) {
    self.model = model
    self.teacher = teacher
    self.precision = precision
    self.frozen = frozen
    self.images = images
    self.evaluated = evaluated
    self.evaluatedWeights = evaluatedWeights
    self.threads = threads
    self.weights = weights
    self.moments = moments
    self.gradients = gradients
    self.incoming = incoming
  }

  /// The fewest blocks that have to be run again for memory to be enough, those that keep most first; all of them where
  /// it never is.
  func fewestBlocks(_ isEnough: (Set<Int>) -> Bool) -> Set<Int> {
    var chosen: Set<Int> = []
    if isEnough(chosen) { return chosen }
    let (all, blocks) = kept(.none)
    let inside = (0..<blocks).map { all - kept(.blocks([$0])).bytes }
    for block in inside.indices.sorted(by: { (inside[$0], $1) > (inside[$1], $0) })
    where inside[block] > 0 {
      chosen.insert(block)
      if isEnough(chosen) { break }
    }
    return chosen
  }

  /// Bytes of all tensors but the photos at the worst moment of a training, with its evaluations.
  package func peak(_ recomputation: Recomputation) -> Int {
    BufferPool.rehearsing { memory in
      let weights = weights ?? FlatStore(uninitializedWeights: model.layout)
      let moments = moments.map { memory.take($0) }
      let teacher = teacher?.unprepared
      let photos = Tensor(uninitialized: images, pool: BufferPool())
      func pass(_ gradient: FlatStore) {
        _ = teacher?.probabilities(of: photos, pool: pool)
        forward(photos, weights, gradient, recomputation).backward()
      }
      // What the first step takes stays for the others.
      let held = (0..<max(1, gradients)).map { _ in
        let gradient = FlatStore(uninitializedGradient: model.layout)
        pass(gradient)
        return gradient
      }
      let received = memory.take(incoming)
      pass(held[0])
      evaluate(weights)
      return withExtendedLifetime((moments, teacher, held, received)) { memory.peakBytes }
    }
  }

  private func evaluate(_ weights: FlatStore) {
    let photos = Tensor(uninitialized: evaluated, pool: BufferPool())
    let asked = (0..<evaluatedWeights).map { number in
      Parameters(
        weights: number == 0 ? weights : FlatStore(uninitializedWeights: model.layout))
    }
    for parameters in asked {
      let tape = Tape(parameters, mode: .evaluation, pool: pool)
      _ = model.network(Variable(photos, needsGradient: false), on: tape)
    }
  }

  /// Bytes that backward finds, and the blocks that the net has.
  func kept(_ recomputation: Recomputation) -> (bytes: Int, blocks: Int) {
    BufferPool.rehearsing { memory in
      let weights = FlatStore(uninitializedWeights: model.layout)
      let gradient = FlatStore(uninitializedGradient: model.layout)
      let tape = forward(
        Tensor(uninitialized: images, pool: BufferPool()), weights, gradient, recomputation)
      defer { tape.forget() }
      return (memory.bytesInUse, tape.blocks)
    }
  }

  private var pool: ThreadPool { .idle(threads: threads) }

  private func forward(
    _ photos: Tensor, _ weights: FlatStore, _ gradient: FlatStore, _ recomputation: Recomputation
  ) -> Tape {
    let tape = Tape(
      Parameters(weights: weights, gradient: gradient, frozen: frozen), mode: .training,
      pool: pool, precision: precision, recomputation: recomputation,
      randomness: Randomness(seed: 0, epoch: 0, positions: Array(0..<photos.shape[0])))
    let logits = model.network(Variable(photos, needsGradient: false), on: tape)
    logits.receiveGradient(sharing: Tensor(uninitialized: logits.shape), pool: pool)
    return tape
  }
}
