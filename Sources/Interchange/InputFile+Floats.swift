import Files
import Tensors

extension InputFile {
  /// The tensor's numbers, row-major, wider or narrower floats rounded to Float. Nothing when they
  /// are no floats. Throws `FileError`.
  func floats(of entry: WeightsEntry) throws -> [Float]? {
    switch entry.type {
    case .f32 where entry.isContiguous: try stored(entry, count: entry.shape.count)
    case .f32: try numbers(of: entry) { (number: Float) in number }
    case .f64: try numbers(of: entry) { (number: Double) in Float(number) }
    case .f16: try numbers(of: entry) { (bits: UInt16) in Float(halfBits: bits) }
    case .bf16: try numbers(of: entry) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
    default: nil
    }
  }

  /// The tensor's numbers, row-major, each converted. What is in memory beside the result is a piece
  /// of the file, or the tensor's part of it when its numbers are in another order.
  func numbers<Stored: BitwiseCopyable, Number>(
    of entry: WeightsEntry, _ convert: (Stored) -> Number
  ) throws -> [Number] {
    if entry.isContiguous { return try contiguous(entry, convert) }
    let stored: [Stored] = try stored(entry, count: entry.last + 1)
    var result: [Number] = []
    result.reserveCapacity(entry.shape.count)
    func gather(axis: Int, from place: Int) {
      if axis == entry.shape.rank { return result.append(convert(stored[place])) }
      for index in 0..<entry.shape[axis] {
        gather(axis: axis + 1, from: place + index * entry.strides[axis])
      }
    }
    gather(axis: 0, from: 0)
    return result
  }

  /// So many numbers from the tensor's first one, as the file has them.
  private func stored<Stored: BitwiseCopyable>(
    _ entry: WeightsEntry, count: Int
  ) throws -> [Stored] {
    try Array(unsafeUninitializedCapacity: count) { buffer, initialized in
      let numbers = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
      try read(at: entry.start, into: UnsafeMutableRawBufferPointer(numbers))
      initialized = count
    }
  }

  private func contiguous<Stored: BitwiseCopyable, Number>(
    _ entry: WeightsEntry, _ convert: (Stored) -> Number
  ) throws -> [Number] {
    let end = entry.start + entry.shape.count * entry.type.size
    return try Array(unsafeUninitializedCapacity: entry.shape.count) { buffer, initialized in
      try forEachPiece(in: entry.start..<end) { piece in
        for number in piece.bindMemory(to: Stored.self) {
          buffer.initializeElement(at: initialized, to: convert(number))
          initialized += 1
        }
      }
    }
  }
}

extension Float {
  /// A number of IEEE 754's half precision, by its bits. The compiler's own conversion goes through
  /// subnormal floats, which are zeros on threads that flush them, as all of ours do.
  package init(halfBits bits: UInt16) {
    let (exponent, fraction) = (bits >> 10 & 31, UInt32(bits & 1023))
    let magnitude: UInt32 =
      switch exponent {
      case 0: (Float(fraction) * 0x1p-24).bitPattern
      case 31: Float.infinity.bitPattern | fraction << 13
      default: (UInt32(exponent) + 112) << 23 | fraction << 13
      }
    self.init(bitPattern: UInt32(bits & 0x8000) << 16 | magnitude)
  }
}
