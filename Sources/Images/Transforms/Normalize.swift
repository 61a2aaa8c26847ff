/// The border between pixels and floats: (pixel/255 − mean)/std, for each channel.
///
/// Rounded in Float32 after each operation, as torchvision's `ToTensor` and `Normalize` do.
package struct Normalize: Transform, Equatable {
  /// What is taken off each channel and what it is divided by, for pixels from 0 to 1.
  package enum Statistics: Equatable, Sendable {
    /// Those of the pretrained weights; without such, of ImageNet's pixels, which most photos
    /// resemble. Grey images differ too much for a common choice: −1 to 1.
    case auto
    /// One number for grey images, three for colour.
    case fixed(mean: [Double], std: [Double])
  }

  package static let means = 0.0...1
  package static let deviations = 0.001...1

  package static let word = "normalize"
  package static var openWord: String? { "auto" }
  package var statistics: Statistics

  package init(_ statistics: Statistics) { self.statistics = statistics }

  package init(mean: [Double], std: [Double]) { self.init(.fixed(mean: mean, std: std)) }

  package init(imageSize: Int) { self.init(.auto) }

  package mutating func show(_ keys: inout some TransformKeys) {
    var (mean, std): ([Double]?, [Double]?) = (nil, nil)
    if case .fixed(let means, let deviations) = statistics { (mean, std) = (means, deviations) }
    keys.numbers("mean", &mean, counts: [1, 3], in: Self.means)
    keys.numbers("std", &std, counts: [1, 3], in: Self.deviations)
    statistics = mean == nil && std == nil ? .auto : .fixed(mean: mean ?? [], std: std ?? [])
  }

  package var mismatch: Mismatch? {
    guard case .fixed(let mean, let std) = statistics, mean.count != std.count else { return nil }
    return Mismatch(nil, "`auto`, or {mean: [..], std: [..]} with a number for each channel")
  }

  /// Mean and deviation for images of so many channels.
  package func numbers(channels: Int) -> (mean: [Float], std: [Float]) {
    switch statistics {
    case .auto where channels == 3: ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
    case .auto: ([0.5], [0.5])
    case .fixed(let mean, let std): (mean.map { Float($0) }, std.map { Float($0) })
    }
  }
}
