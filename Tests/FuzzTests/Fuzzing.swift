import Files
import FoundationEssentials
import Support
import Testing

/// Shows a reader inputs that honest files became by random changes, each of which it has to take or
/// refuse with a sentence.
///
/// `TUTTI_FUZZ_INPUTS` says how many, 2000 by default; `TUTTI_FUZZ_SEED` begins another series. A
/// reader that ends the process leaves the input in the temporary folder, as `tutti-fuzz-NAME`.
enum Fuzzing {
  static var inputs: Int { number("TUTTI_FUZZ_INPUTS") ?? 2000 }

  private static func number(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
  }

  /// - Parameters:
  ///   - name: The reader's, for the input that is left behind.
  ///   - seeds: Honest files, each of which is read as it is first.
  ///   - words: What the format's files say, such as keys and magic numbers, to be put in anywhere.
  ///   - mend: What makes a changed file whole again where a checksum would give every change away; it is
  ///     done to half of the inputs.
  ///   - read: Throws `UnusableInput`, or an error that `isRefusal` knows, for what it refuses.
  static func run(
    _ name: String, seeds: [[UInt8]], words: [[UInt8]] = [],
    isRefusal: (any Error) -> Bool = { $0 is any UnusableInput },
    mending mend: (inout [UInt8]) -> Void = { _ in },
    _ read: (_ input: [UInt8]) throws -> Void
  ) throws {
    for seed in seeds { try read(seed) }
    let path = FileManager.default.temporaryDirectory.path + "/tutti-fuzz-\(name)"
    var changes = Mutation(seeds: seeds, words: words, seed: UInt64(number("TUTTI_FUZZ_SEED") ?? 1))
    for number in 0..<inputs {
      var input = changes.next()
      if number.isMultiple(of: 2) { mend(&input) }
      try Data(input).write(to: URL(filePath: path))
      let start = ContinuousClock.now
      do {
        try read(input)
      } catch {
        guard isRefusal(error) else {
          Issue.record("\(error), which is no refusal; the input is \(path)")
          return
        }
        // What a person reads is one line of a bounded length.
        #expect("\(error)".utf8.count < 4000, "the input is \(path)")
      }
      // A hundred times what the slowest takes, since tests run beside each other.
      guard ContinuousClock.now - start < .seconds(20) else {
        Issue.record("an input of \(input.count) bytes takes too long; it is \(path)")
        return
      }
    }
    try FileManager.default.removeItem(atPath: path)
  }
}

/// Inputs that are near to honest ones, always the same for a seed.
struct Mutation {
  private let seeds: [[UInt8]]
  private let words: [[UInt8]]
  private var random: SplitMix

  init(seeds: [[UInt8]], words: [[UInt8]], seed: UInt64) {
    self.seeds = seeds
    self.words = words
    random = SplitMix(state: seed)
  }

  mutating func next() -> [UInt8] {
    var input = seeds[Int.random(in: 0..<seeds.count, using: &random)]
    for _ in 0..<(1 << Int.random(in: 0...4, using: &random)) { change(&input) }
    return input
  }

  /// Lengths, offsets and counts at which arithmetic tends to go wrong.
  private static let numbers: [UInt64] = [
    0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
    0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, 0xFFFF_FFFF_FFFF_FFFF,
  ]

  private mutating func change(_ input: inout [UInt8]) {
    let place = Int.random(in: 0...input.count, using: &random)
    let length = min(input.count - place, 1 << Int.random(in: 0...8, using: &random))
    switch Int.random(in: 0..<9, using: &random) {
    case 0 where place < input.count: input[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1 where place < input.count: input[place] = .random(in: 0...255, using: &random)
    case 2: input.removeSubrange(place..<(place + length))
    case 3: input.insert(contentsOf: input[place..<(place + length)], at: place)
    case 4: input.removeLast(input.count - place)
    case 5:
      let number = Self.numbers.randomElement(using: &random) ?? 0
      let width = 1 << Int.random(in: 0...3, using: &random)
      let bytes = (0..<width).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
      overwrite(&input, at: place, Bool.random(using: &random) ? bytes : bytes.reversed())
    case 6:
      let number = Int64(bitPattern: Self.numbers.randomElement(using: &random) ?? 0)
      input.insert(contentsOf: "\(number)".utf8, at: place)
    case 7: input.insert(contentsOf: words.randomElement(using: &random) ?? [0], at: place)
    default:
      let other = seeds[Int.random(in: 0..<seeds.count, using: &random)]
      let from = Int.random(in: 0...other.count, using: &random)
      input.replaceSubrange(place..., with: other[from...])
    }
  }

  private func overwrite(_ input: inout [UInt8], at place: Int, _ bytes: [UInt8]) {
    for (offset, byte) in bytes.enumerated() where place + offset < input.count {
      input[place + offset] = byte
    }
  }
}
