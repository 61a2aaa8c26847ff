import Tensors

/// The rows of one image that a window is looking at, some channels wide: transformed, with zeros
/// where the padding is, so that the loops over them have no border. A row takes the place of the
/// one that the window has left.
struct RowRing {
  /// `[slots, width, channels]`.
  let memory: UnsafeMutablePointer<Float>
  let slots: Int
  /// Pixels of a row, of which `before` are padding on the left.
  let width: Int
  let before: Int
  let channels: Range<Int>
  /// The first row that has not been loaded yet.
  private var next: Int

  /// Floats from one pixel to the next, and from one row to the next.
  var pixel: Int { channels.count }
  var row: Int { width * channels.count }

  /// - Parameters:
  ///   - memory: `slots · width · channels` floats with any contents.
  ///   - first: the first row that will be asked for.
  init(
    _ memory: UnsafeMutablePointer<Float>, slots: Int, width: Int, before: Int,
    channels: Range<Int>, first: Int
  ) {
    self.memory = memory
    self.slots = slots
    self.width = width
    self.before = before
    self.channels = channels
    next = first
    memory.update(repeating: 0, count: slots * width * channels.count)
  }

  /// Where row `y` lies once it has been loaded; `y` may be negative, down to −slots.
  func slot(of y: Int) -> Int { (y + slots) % slots }

  /// Loads the rows up to `last` from an image of `rows` rows, `columns` pixels wide and
  /// `imageChannels` channels deep.
  mutating func load(
    through last: Int, of image: UnsafePointer<Float>, rows: Int, columns: Int, imageChannels: Int,
    transform: UnownedTransform?
  ) {
    while next <= last {
      let target = memory + slot(of: next) * row
      if next < 0 || next >= rows {
        target.update(repeating: 0, count: row)
      } else {
        let source = image + (next * columns * imageChannels + channels.lowerBound)
        let step = PixelRowStep(
          source: source, sourcePixel: imageChannels, target: target + before * pixel,
          targetPixel: pixel, pixels: columns,
          transform: transform.map { $0.from(channel: channels.lowerBound) })
        sweep(0..<pixel, step)
      }
      next += 1
    }
  }
}

/// Copies a row of pixels, transformed.
private struct PixelRowStep: LaneStep {
  let source: UnsafePointer<Float>
  let sourcePixel: Int
  let target: UnsafeMutablePointer<Float>
  let targetPixel: Int
  let pixels: Int
  let transform: UnownedTransform?

  @inline(__always) func callAsFunction<L: Lanes>(_ c: Int, _: L.Type) {
    guard let transform else { return copy(c) { (x: L) in x } }
    let scale = L.load(transform.scale + c)
    let shift = L.load(transform.shift + c)
    // One loop for each activation, so that none has a choice inside.
    switch transform.activation {
    case .identity: copy(c) { (x: L) in shift.addingProduct(x, scale) }
    case .relu: copy(c) { (x: L) in Activation.relu(shift.addingProduct(x, scale)) }
    case .relu6: copy(c) { (x: L) in Activation.relu6(shift.addingProduct(x, scale)) }
    case .silu: copy(c) { (x: L) in Activation.silu(shift.addingProduct(x, scale)) }
    case .hardSwish: copy(c) { (x: L) in Activation.hardSwish(shift.addingProduct(x, scale)) }
    case .gelu: copy(c) { (x: L) in Activation.gelu(shift.addingProduct(x, scale)) }
    }
  }

  @inline(__always) func copy<L: Lanes>(_ c: Int, _ value: (L) -> L) {
    for x in 0..<pixels {
      value(L.load(source + x * sourcePixel + c)).store(target + x * targetPixel + c)
    }
  }
}

extension UnownedTransform {
  /// The same for channels that are counted from `channel`.
  func from(channel: Int) -> UnownedTransform {
    UnownedTransform(scale: scale + channel, shift: shift + channel, activation: activation)
  }
}
