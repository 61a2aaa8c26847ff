package import Tensors

/// One tensor of a file of weights, in any format: its name, type and shape, and where its numbers
/// are. It has been compared with the file: all numbers are inside, and there are no more of them than
/// their storage has.
package struct WeightsEntry: Equatable, Sendable {
  /// Axes of a tensor in a PyTorch file.
  static let rankLimit = 8
  /// Bytes of a name.
  static let nameLimit = 512
  /// Numbers of a tensor that is read: a gigabyte of them.
  static let countLimit = 1 << 28
  /// How many times as many numbers as a tensor has may lie between its first and its last, which are
  /// read together: a slice of a larger tensor may leave out some.
  static let spreadLimit = 16

  package let name: String
  package let type: SafetensorsType
  /// PyTorch's extents.
  package let shape: Shape
  /// Bytes from the file's start to the first number.
  let start: Int
  /// Numbers between neighbours along each axis, none negative.
  let strides: [Int]
  /// What its numbers are a part of.
  let storage: TorchContents.Storage

  /// A tensor whose numbers follow each other in row-major order.
  init(_ entry: SafetensorsEntry, dataStart: Int) {
    name = entry.name
    type = entry.type
    shape = entry.shape
    start = dataStart + entry.range.lowerBound
    strides = Self.rowMajor(entry.shape)
    let end = dataStart + entry.range.upperBound
    storage = TorchContents.Storage(range: start..<end, checksum: nil)
  }

  /// Compares the tensor with the bytes of its storage in the file.
  init(
    _ name: String, _ tensor: TorchTensor, in place: TorchContents.Storage
  ) throws(WeightsFileError.Problem) {
    let (storage, range) = (tensor.storage, place.range)
    let (bytes, isTooLong) = storage.count.multipliedReportingOverflow(by: storage.type.size)
    guard storage.count >= 0, !isTooLong, bytes <= range.count else {
      throw .tensor(
        name,
        "needs a storage of \(storage.count) \(storage.type.rawValue) "
          + "(\(storage.key.shown)), which has \(range.count) bytes")
    }
    guard tensor.extents.count <= Self.rankLimit, tensor.strides.count <= Self.rankLimit else {
      throw .tensor(name, "has \(tensor.extents.count) axes, more than any model's")
    }
    guard tensor.extents.count == tensor.strides.count, tensor.offset >= 0,
      tensor.extents.allSatisfy({ $0 >= 0 }), tensor.strides.allSatisfy({ $0 >= 0 })
    else {
      throw .tensor(
        name,
        "has impossible extents \(tensor.extents), strides \(tensor.strides) "
          + "or offset \(tensor.offset)")
    }
    let room = bytes / tensor.type.size
    guard let count = Self.count(tensor.extents), count <= room,
      let last = Self.last(tensor), count == 0 || last < room
    else {
      throw .tensor(
        name,
        "has the extents \(tensor.extents) with strides \(tensor.strides) from number "
          + "\(tensor.offset) on, but its storage ends after \(room)")
    }
    let spread = count == 0 ? 0 : last - tensor.offset
    guard spread <= 1 << 20 || spread / Self.spreadLimit <= count else {
      throw .tensor(
        name,
        "has \(count) numbers that are spread over \(spread); let Python save tensor.contiguous()")
    }
    self.name = name
    self.storage = place
    type = tensor.type
    shape = Shape(tensor.extents)
    start = range.lowerBound + (count == 0 ? 0 : tensor.offset * tensor.type.size)
    strides = tensor.strides
  }

  /// Whether the numbers follow each other in row-major order.
  var isContiguous: Bool {
    let wanted = Self.rowMajor(shape)
    return shape.count == 0
      || (0..<shape.rank).allSatisfy { shape[$0] == 1 || strides[$0] == wanted[$0] }
  }

  /// The place of the last number, counted from the first.
  var last: Int { zip(shape.extents, strides).reduce(0) { $0 + ($1.0 - 1) * $1.1 } }

  /// Numbers between neighbours along each axis of a dense tensor.
  static func rowMajor(_ shape: Shape) -> [Int] {
    // Without numbers, the products may be more than an integer holds.
    if shape.count == 0 { return shape.extents.map { _ in 0 } }
    var strides: [Int] = []
    var next = 1
    for extent in shape.extents.reversed() {
      strides.append(next)
      next *= extent
    }
    return strides.reversed()
  }

  /// Nothing when the product, of any of the extents, is more than an integer holds.
  private static func count(_ extents: [Int]) -> Int? {
    var count = 1
    for extent in extents {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      if overflow { return nil }
      count = product
    }
    return count
  }

  /// The place of the last number in the storage. Nothing when it is more than an integer holds.
  private static func last(_ tensor: TorchTensor) -> Int? {
    var last = tensor.offset
    for (extent, stride) in zip(tensor.extents, tensor.strides) where extent > 0 {
      let (step, overflow) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, carry) = last.addingReportingOverflow(step)
      if overflow || carry { return nil }
      last = sum
    }
    return last
  }
}
