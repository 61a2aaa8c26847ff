package import Tensors

/// How convolutions are computed.
package enum ConvolutionAlgorithm: Sendable {
  /// Winograd's algorithm where the shape allows it, which rounds about ten times as coarsely.
  case fastest
  /// By the definition, for tests that compare gradients closely.
  case direct
}

/// The extents of a convolution or pooling over `[N, H, W, C]` with square windows.
package struct ConvolutionGeometry: Hashable, Sendable {
  package let images: Int
  package let height: Int
  package let width: Int
  package let channels: Int
  /// Output channels.
  package let filters: Int
  package let window: Int
  package let stride: Int
  /// Zeros before the first row and column.
  package let padding: Int
  /// Zeros after the last row and column.
  package let paddingAfter: Int
  /// Parts that channels and filters fall into, in order; the filters of one see its channels
  /// alone.
  package let groups: Int
  package let algorithm: ConvolutionAlgorithm

  /// - Parameters:
  ///   - paddingAfter: as `padding` when nil.
  ///   - groups: divides channels and filters.
  package init(
    input: Shape, filters: Int, window: Int, stride: Int, padding: Int, paddingAfter: Int? = nil,
    groups: Int = 1, algorithm: ConvolutionAlgorithm = .fastest
  ) {
    precondition(input.rank == 4, "images are [N, H, W, C], not \(input)")
    images = input[0]
    height = input[1]
    width = input[2]
    channels = input[3]
    self.filters = filters
    self.window = window
    self.stride = stride
    self.padding = padding
    self.paddingAfter = paddingAfter ?? padding
    self.groups = groups
    self.algorithm = algorithm
    precondition(
      channels % groups == 0 && filters % groups == 0,
      "\(groups) groups of \(channels) channels and \(filters) filters")
    precondition(
      outputHeight > 0 && outputWidth > 0, "a \(window)×\(window) window doesn't fit \(input)")
  }

  package var outputHeight: Int { (height + padding + paddingAfter - window) / stride + 1 }
  package var outputWidth: Int { (width + padding + paddingAfter - window) / stride + 1 }
  package var output: Shape { [images, outputHeight, outputWidth, filters] }
  package var input: Shape { [images, height, width, channels] }

  /// Output pixels of all images.
  var pixels: Int { images * outputHeight * outputWidth }
  /// Inputs that one output number sees: window² · C / groups.
  var depth: Int { window * window * channels / groups }
  /// Whether each channel has one filter of its own.
  var isDepthwise: Bool { groups > 1 && groups == channels && groups == filters }
  /// Whether Winograd's algorithm computes it. From four channels on it is the faster one, unless
  /// there are so few tiles that reading the transformed filters takes longer than what it saves.
  package var usesWinograd: Bool {
    algorithm == .fastest && groups == 1 && window == 3 && stride == 1 && padding == 1
      && paddingAfter == 1
      && min(channels, filters) >= 4 && WinogradTiles(self).count >= 12
  }
  /// Whether the window matrix is the input itself.
  var isPointwise: Bool { window == 1 && stride == 1 && padding == 0 && paddingAfter == 0 }
}
