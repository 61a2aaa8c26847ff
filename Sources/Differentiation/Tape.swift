package import Kernels
package import Tensors

/// Records the forward pass, so that backward can run it in reverse.
///
/// Each operation computes its output and puts its vector-Jacobian product on the tape. Backward
/// takes the products off again one by one, so what each kept is freed as it is consumed.
///
/// A parameter's gradient is written by the first of its uses that backward meets, added to by the
/// others, and reported as final after the last: then its slice may travel.
package final class Tape {
  package enum Mode {
    /// Batch statistics, gradients.
    case training
    /// Running statistics, no gradients.
    case evaluation
    /// As in evaluation, but nothing is computed: for a trace, or to count products. Values are whatever
    /// memory holds.
    case shapes
  }

  package let parameters: Parameters
  package let mode: Mode
  package let pool: ThreadPool
  package let convolutions: ConvolutionAlgorithm
  /// In which formats values and gradients wait between operations.
  package let precision: Precision
  private let recomputation: Recomputation
  /// Blocks that were run so far.
  package private(set) var blocks = 0
  /// Where random operations draw from in training; nil turns them off.
  package let randomness: Randomness?
  /// Called in backward with the range of each parameter whose gradient is final.
  package let whenFinal: ((Range<Int>) -> Void)?
  /// Told of each operation, to time it; nil but for a benchmark or a trace.
  private let profile: (any PassProfile)?
  /// Told what each operation computes; nil but for an export.
  private let trace: Trace?
  /// Looks at all that is computed; nil but where a step's numbers weren't finite.
  private let check: FiniteCheck?

  private let isRecording: Bool
  private let watchesMap: Bool
  /// The first map that the net has marked, with its gradient after backward; nil unless it is
  /// watched for.
  package private(set) var watched: Variable?
  private let uses: UseCounts
  private var products: [() -> Void] = []

  /// How many uses of a parameter are still ahead of backward, by the parameter's offset. Shared
  /// with the tapes that replay blocks.
  private final class UseCounts {
    var ahead: [Int: Int] = [:]
    var written: Set<Int> = []
  }

  /// - Parameter watchesMap: keeps the net's map, and records what follows it, in evaluation too.
  package convenience init(
    _ parameters: Parameters, mode: Mode, pool: ThreadPool,
    convolutions: ConvolutionAlgorithm = .fastest, precision: Precision = .fp32,
    recomputation: Recomputation = .none, randomness: Randomness? = nil,
    whenFinal: ((Range<Int>) -> Void)? = nil,
    profile: (any PassProfile)? = nil,
    trace: Trace? = nil, check: FiniteCheck? = nil, watchesMap: Bool = false
  ) {
    precondition(trace == nil || mode == .shapes, "a trace is of shapes")
    self.init(
      parameters, mode: mode, pool: pool, convolutions: convolutions, precision: precision,
      recomputation: recomputation, randomness: randomness, whenFinal: whenFinal, profile: profile,
      trace: trace, check: check,
      isRecording: mode == .training || watchesMap, watchesMap: watchesMap, uses: UseCounts())
    profile?.start()
  }

  private init(
    _ parameters: Parameters, mode: Mode, pool: ThreadPool, convolutions: ConvolutionAlgorithm,
    precision: Precision, recomputation: Recomputation = .none, randomness: Randomness?,
    whenFinal: ((Range<Int>) -> Void)?, profile: (any PassProfile)?,
    trace: Trace?, check: FiniteCheck?, isRecording: Bool, watchesMap: Bool = false, uses: UseCounts
  ) {
    self.parameters = parameters
    self.mode = mode
    self.pool = pool
    self.convolutions = convolutions
    self.precision = precision
    self.recomputation = recomputation
    self.randomness = randomness
    self.whenFinal = whenFinal
    self.profile = profile
    self.trace = trace
    self.check = check
    self.isRecording = isRecording
    self.watchesMap = watchesMap
    self.uses = uses
  }

  /// Runs an operation's kernels, unless shapes alone are asked for.
  package func compute(_ kernels: () -> Void) {
    if mode != .shapes { kernels() }
  }

  /// A value that an operation has written, as it waits for the next one.
  func stored(_ value: Tensor) -> StoredTensor {
    narrowed(value, to: format(of: value.shape), pool: pool)
  }

  /// Memory for a value that an operation is to write.
  func uninitialized(_ shape: Shape) -> StoredTensor {
    StoredTensor(uninitialized: shape, format: format(of: shape))
  }

  /// How a value waits.
  func format(of shape: Shape) -> NumberFormat { Self.format(precision.activations, for: shape) }

  /// How the gradient of a variable waits.
  func gradientFormat(of shape: Shape) -> NumberFormat {
    Self.format(precision.gradients, for: shape)
  }

  /// Only images and tokens, of three axes or more, are large enough for 16 bits.
  private static func format(_ wanted: NumberFormat, for shape: Shape) -> NumberFormat {
    shape.rank < 3 ? .fp32 : wanted
  }

  /// Puts an operation on the tape.
  ///
  /// - Parameters:
  ///   - output: what it computed. When it needs no gradient, nothing is recorded.
  ///   - inputs: what it was computed from, for the profile.
  ///   - uses: the parameters whose gradient the product writes, through `writeGradient`.
  ///   - multiplications: for the profile, where they are not those of each row of the output with
  ///     all weights.
  ///   - operation: its name in the profile: that of the function which calls.
  ///   - parts: describes the output for a trace; without it, a net with the operation can't be
  ///     exported as a graph.
  ///   - product: gets the output's gradient, whose memory it may use again if it is unshared, and
  ///     gives each input its share. It holds the inputs' slots, not the variables, and what it wants
  ///     of activations through `Kept`.
  package func record(
    _ output: Variable, of inputs: [Variable] = [], uses entries: [FlatEntry] = [],
    multiplications: Int? = nil, operation: StaticString = #function,
    parts: ((Trace) -> Trace.Value)? = nil,
    product: @escaping (inout Tensor) -> Void
  ) {
    record(
      output, of: inputs, uses: entries, multiplications: multiplications, operation: operation,
      parts: parts, .ofFloats(product))
  }

  /// The same with a product that takes the gradient as it waits.
  func recordStored(
    _ output: Variable, of inputs: [Variable] = [], uses entries: [FlatEntry] = [],
    multiplications: Int? = nil, operation: StaticString = #function,
    parts: ((Trace) -> Trace.Value)? = nil,
    product: @escaping (inout StoredTensor) -> Void
  ) {
    record(
      output, of: inputs, uses: entries, multiplications: multiplications, operation: operation,
      parts: parts, .ofStored(product))
  }

  private enum Product {
    case ofFloats((inout Tensor) -> Void)
    case ofStored((inout StoredTensor) -> Void)
  }

  private func record(
    _ output: Variable, of inputs: [Variable], uses entries: [FlatEntry], multiplications: Int?,
    operation: StaticString, parts: ((Trace) -> Trace.Value)?, _ product: Product
  ) {
    trace?.takeDescription(of: output, by: operation, parts)
    let name = check?.look(at: output, of: operation, entries, on: self)
    let place = profile?.countForward(
      OperationProfile.Operation(
        operation, inputs, entries, output, multiplications: multiplications), entries)
    guard output.needsGradient else { return }
    for entry in entries where parameters.isTrained(entry) {
      uses.ahead[entry.offset, default: 0] += 1
    }
    guard isRecording else { return }
    // Not the output itself: its value is kept by whoever wants it again.
    products.append { [profile, check, slot = output.slot] in
      guard slot.hasGradient else { return }
      if let check, let name, let gradient = slot.gradient {
        check.look(at: gradient, as: "the gradient of the output of \(name)")
      }
      func run() {
        switch product {
        case .ofFloats(let product):
          if var gradient = slot.takeGradient() { product(&gradient) }
        case .ofStored(let product):
          if var gradient = slot.takeStored() { product(&gradient) }
        }
      }
      guard let profile, let place else { return run() }
      profile.countBackward(place) { run() }
    }
  }

  /// Gives the place of a trained parameter's gradient to `write`, which overwrites it, or adds to
  /// it when `accumulating`. Does nothing for a frozen parameter.
  package func writeGradient(
    of entry: FlatEntry, _ write: (_ destination: Tensor, _ accumulating: Bool) -> Void
  ) {
    guard parameters.isTrained(entry), let store = parameters.gradient else { return }
    let accumulating = !uses.written.insert(entry.offset).inserted
    if let profile {
      profile.countParameterGradient(entry) { write(store.tensor(entry), accumulating) }
    } else {
      write(store.tensor(entry), accumulating)
    }
    check?.look(at: store.tensor(entry), as: "the gradient of \(entry.name)")
    uses.ahead[entry.offset, default: 1] -= 1
    if uses.ahead[entry.offset] == 0 { whenFinal?(entry.range) }
  }

  /// Marks a map as what the net finds where: `[N,H,W,C]`, or tokens `[N,1+P,C]` of a square of P
  /// patches behind a class token. What follows must use what is returned.
  package func watching(_ map: Variable) -> Variable {
    guard watchesMap, watched == nil else { return map }
    let leaf = Variable(map.stored, transform: map.transform, needsGradient: true, on: self)
    watched = leaf
    return leaf
  }

  /// Runs the recorded products in reverse, from the gradient that `output` has received. The tape
  /// is empty afterwards.
  package func backward() {
    while let product = products.popLast() { product() }
  }

  /// Lets go of all that is kept for a backward pass that won't be: products hold the tape, and it them.
  package func forget() { products.removeAll() }

  /// Runs `block`, the wide layers of a net, over photographs `[N,H,W,C]`: in evaluation a few at a
  /// time, since the maps of all would not stay in the caches. A trace or a profile wants each layer
  /// once, and the batch statistics of training all images.
  ///
  /// The same bits for each photo, if the block has convolutions, pooling, squeeze-and-excitation and
  /// sums alone (a linear layer's last bits change with its rows), and maps of an eighth of the images'
  /// side or more: those of one photo then get the algorithm that many get. So images of less than
  /// 128 × 128 pixels, whose maps are small, are left together.
  package func inParts(_ images: Variable, _ block: (Variable) -> Variable) -> Variable {
    let (count, pixels) = (images.shape[0], images.shape[1] * images.shape[2])
    // One photo of 224 × 224 pixels for each thread, or as many smaller ones as have so many.
    let part = pool.threads * max(1, (1 << 16) / pixels)
    guard
      mode == .evaluation, !isRecording, trace == nil, profile == nil, pixels >= 128 * 128,
      part < count
    else { return block(images) }
    let value = images.value(on: self)
    let parts = stride(from: 0, to: count, by: part).map { first in
      block(
        Variable(
          value.items(first..<min(first + part, count)), transform: images.transform,
          needsGradient: images.needsGradient))
    }
    let joined = Tensor(uninitialized: Shape([count] + parts[0].shape.extents.dropFirst()))
    pool.run(parts.count) { number in
      // In evaluation, values wait as floats.
      let map = parts[number].value
      joined.items(number * part..<number * part + map.shape[0]).pointer
        .update(from: map.pointer, count: map.count)
    }
    // Running statistics make the same transform of every part.
    return Variable(
      joined, transform: parts[0].transform, needsGradient: parts[0].needsGradient)
  }

  /// Runs one of the blocks that a net is made of, of which it keeps the inside or doesn't.
  package func block(
    _ input: Variable, _ block: @escaping (Variable, Tape) -> Variable
  ) -> Variable {
    defer { blocks += 1 }
    return recomputation.contains(blocks) ? replaying(input, block) : block(input, self)
  }

  /// Runs `block` without keeping what it computes inside, and once more in backward to get it back.
  ///
  /// The second run gives the same bits as the first, statistics included, since randomness is a
  /// function of its place and batch statistics are a function of the input.
  package func replaying(
    _ input: Variable, _ block: @escaping (Variable, Tape) -> Variable
  ) -> Variable {
    guard isRecording else { return block(input, self) }
    let first = Tape(
      parameters, mode: mode, pool: pool, convolutions: convolutions, precision: precision,
      randomness: randomness, whenFinal: nil, profile: profile, trace: nil, check: check,
      isRecording: false, uses: uses)
    let result = block(input, first)
    let output = Variable(
      result.stored, transform: result.transform, needsGradient: result.needsGradient, on: self)
    let (kept, transform, slot) = (input.kept(on: self), input.transform, input.slot)
    recordStored(output) { [self] gradient in
      // The first run counted the uses; this one must not count them again.
      let counted = uses.ahead
      let second = Tape(
        parameters, mode: mode, pool: pool, convolutions: convolutions, precision: precision,
        randomness: randomness, whenFinal: whenFinal, profile: profile, trace: nil, check: check,
        isRecording: true, uses: uses)
      let copy = Variable(
        kept.stored, transform: transform, needsGradient: slot.needsGradient, on: self)
      let again = block(copy, second)
      uses.ahead = counted
      again.slot.receiveGradient(sharing: gradient, pool: pool)
      // The block alone has it now, and may write over it.
      gradient = StoredTensor(uninitialized: [0], format: .fp32)
      second.backward()
      guard slot.needsGradient, let share = copy.slot.takeStored() else { return }
      slot.receiveGradient(sharing: share, pool: pool)
    }
    return output
  }
}
