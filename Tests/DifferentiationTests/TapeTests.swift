import Differentiation
import Support
import Tensors
import Testing

/// The tape's seams: where it stops, when a gradient is final, and replay.
@Suite struct TapeTests {
  static let layout = FlatLayout(
    [GradientTests.filters("a", 3, 4, 4), GradientTests.filters("b", 3, 4, 4)]
      + [GradientTests.filters("s", 1, 4, 4)]
      + GradientTests.norm("na", 4) + GradientTests.norm("nb", 4) + GradientTests.norm("ns", 4))

  struct Result: Equatable {
    var output: [Float]
    var gradient: [Float]
    var inputGradient: [Float]?
    var final: [Range<Int>]
  }

  /// The residual block of `GradientTests` on random weights.
  func run(
    frozen: Set<String> = [], needsGradient: Bool = true, threads: Int = 1,
    _ block: (Variable, Tape) -> Variable
  ) -> Result {
    let weights = FlatStore.weights(Self.layout)
    let values = randomTensor([Self.layout.weightCount], seed: 5)
    weights.pointer.update(from: values.pointer, count: values.count)
    let gradient = FlatStore.gradient(Self.layout)
    var final: [Range<Int>] = []
    let pool = ThreadPool(threads: threads)
    let tape = Tape(
      Parameters(weights: weights, gradient: gradient, frozen: frozen), mode: .training, pool: pool,
      whenFinal: { final.append($0) })
    let x = Variable(randomTensor([2, 6, 6, 4], seed: 6), needsGradient: needsGradient)
    let y = block(x, tape)
    y.receiveGradient(sharing: randomTensor(y.shape, seed: 7), pool: pool)
    tape.backward()
    return Result(
      output: finished(y),
      gradient: Array(UnsafeBufferPointer(start: gradient.pointer, count: gradient.count)),
      inputGradient: x.takeGradient()?.values, final: final)
  }

  @Test func `replay gives the same bits`() {
    let plain = run { GradientTests.block($0, $1) }
    let replayed = run { x, tape in tape.replaying(x) { GradientTests.block($0, $1) } }
    #expect(replayed == plain)
    #expect(plain.gradient.contains { $0 != 0 })
  }

  @Test func `a tape of shapes runs no kernel, and meets the same operations`() {
    func operations(_ mode: Tape.Mode) -> [OperationProfile.Operation] {
      let profile = OperationProfile()
      let tape = Tape(
        Parameters(weights: .weights(Self.layout)), mode: mode, pool: ThreadPool(threads: 1),
        profile: profile)
      _ = GradientTests.block(
        Variable(Tensor(zeros: [2, 6, 6, 4]), needsGradient: false), tape)
      var kernels = 0
      tape.compute { kernels += 1 }
      #expect(kernels == (mode == .shapes ? 0 : 1))
      return profile.entries.map(\.operation)
    }
    #expect(operations(.shapes) == operations(.evaluation))
    #expect(!operations(.shapes).isEmpty)
  }

  @Test func `any number of threads gives the same bits`() {
    let one = run(threads: 1) { GradientTests.block($0, $1) }
    #expect(run(threads: 2) { GradientTests.block($0, $1) } == one)
    #expect(run(threads: 3) { GradientTests.block($0, $1) } == one)
  }

  @Test func `every parameter is final once, last uses first`() {
    let final = run { GradientTests.block($0, $1) }.final
    let trained = Self.layout.entries.filter { $0.kind != .statistic }
    #expect(Set(final) == Set(trained.map(\.range)))
    #expect(final.count == trained.count)
    let place = { (name: String) in
      final.firstIndex(of: Self.layout.entry(named: name)!.range)!
    }
    #expect(place("b") < place("a"))
  }

  /// A parameter that is used twice is final only after the earlier use.
  @Test(arguments: [false, true]) func `a shared parameter is final once`(_ replayed: Bool) {
    let result = run { x, tape in
      let once = convolution(x, filters: tape.entry("a"), stride: 1, padding: 1, on: tape)
      let again = { (x: Variable, tape: Tape) in
        convolution(x, filters: tape.entry("a"), stride: 1, padding: 1, on: tape)
      }
      return replayed ? tape.replaying(once, again) : again(once, tape)
    }
    #expect(result.final == [Self.layout.entry(named: "a")!.range])
  }

  @Test func `nothing is computed where nothing is wanted`() {
    let all = run { GradientTests.block($0, $1) }
    let stopped = run(frozen: ["a"], needsGradient: false) { GradientTests.block($0, $1) }
    let a = Self.layout.entry(named: "a")!
    #expect(stopped.inputGradient == nil)
    #expect(stopped.gradient[a.range].allSatisfy { $0 == 0 })
    #expect(all.gradient[a.range].contains { $0 != 0 })
    let b = Self.layout.entry(named: "b")!
    #expect(stopped.gradient[b.range] == all.gradient[b.range])
    #expect(!stopped.final.contains(a.range))
  }

  /// Both sides of a sum get the same tensor; adding to one must not change the other.
  @Test func `a shared gradient is copied before it is added to`() {
    let pool = ThreadPool(threads: 1)
    let share = randomTensor([1, 1, 1, 4], seed: 1)
    let before = share.values
    let (a, b) = (Variable(share, needsGradient: true), Variable(share, needsGradient: true))
    a.receiveGradient(sharing: share, pool: pool)
    b.receiveGradient(sharing: share, pool: pool)
    a.receiveGradient(sharing: share, pool: pool)
    #expect(a.takeGradient()?.values == before.map { 2 * $0 })
    #expect(b.takeGradient()?.values == before)
  }
}
