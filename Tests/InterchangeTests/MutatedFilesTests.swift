import Files
import FoundationEssentials
import Interchange
import Support
import Tensors
import Testing

@Suite struct MutatedFilesTests {
  /// Inputs of all formats together. A hundred thousand take ten seconds of a processor, most of them in
  /// the file system.
  private static let inputs =
    ProcessInfo.processInfo.environment["TUTTI_MUTATED_FILES"].flatMap { Int($0) } ?? 20_000

  /// Numbers that a careless reader multiplies, adds, or asks memory for.
  private static let extremes: [UInt64] = [
    0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 1 << 62, .max >> 1, 1 << 63, .max,
  ]

  /// Whatever bytes come, a file is refused with an error of its own or all of its tensors are read.
  @Test(arguments: [
    golden("types.safetensors"), torchGolden("written.pt"), torchGolden("legacy.pt"),
  ])
  func `mutated files are read or refused`(path: String) throws {
    let scratch = try Scratch()
    let sound = try contents(of: path)
    var refused = 0
    let rounds = Self.inputs / 3
    for round in 0..<rounds {
      let mutated = try scratch.file("mutated", Self.mutated(sound, round: round))
      do {
        try readAll(mutated)
      } catch is WeightsFileError {
        refused += 1
      } catch is SafetensorsError {
        refused += 1
      }
    }
    #expect(refused > rounds / 10 && refused < rounds, "\(refused) of \(rounds)")
  }

  /// One to four changes: bytes, numbers, pieces left out, doubled or moved.
  private static func mutated(_ sound: [UInt8], round: Int) -> [UInt8] {
    let random = Philox(seed: 7, stream: .init(rawValue: 0))
    var index = 0
    func draw(_ bound: Int) -> Int {
      index += 1
      return random.integer(below: bound, position: round, index: index)
    }
    var bytes = sound
    for _ in 0...draw(4) where bytes.count > 16 {
      let at = draw(bytes.count - 8)
      switch draw(6) {
      case 0: bytes[at] = UInt8(draw(256))
      case 1: bytes[at] ^= 1 << UInt8(draw(8))
      case 2:
        let width = 1 << draw(4)
        withUnsafeBytes(of: extremes[draw(extremes.count)].littleEndian) {
          bytes.replaceSubrange(at..<(at + width), with: $0[..<width])
        }
      case 3: bytes.removeSubrange(at..<min(at + 1 + draw(8), bytes.count))
      case 4: bytes.insert(contentsOf: bytes[at..<(at + 1 + draw(8))], at: draw(bytes.count))
      default:
        let from = draw(bytes.count - 8)
        bytes.replaceSubrange(at..<(at + 8), with: bytes[from..<(from + 8)])
      }
    }
    return bytes
  }
}
