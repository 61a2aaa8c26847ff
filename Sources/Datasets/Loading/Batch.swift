package import Tensors

/// What a batch is to hold: samples with their positions in the epoch's list.
package struct BatchRequest: Equatable, Sendable {
  package struct Item: Equatable, Sendable {
    /// In the epoch's list: what random numbers depend on.
    package let position: Int
    /// Index into the dataset's samples.
    package let sample: Int

    package init(position: Int, sample: Int) {
      self.position = position
      self.sample = sample
    }
  }

  package let epoch: Int
  package let items: [Item]

  package init(epoch: Int, items: [Item]) {
    self.epoch = epoch
    self.items = items
  }

  /// The given positions of an epoch's list of samples.
  package init(epoch: Int, positions: Range<Int>, of list: [Int]) {
    self.init(epoch: epoch, items: positions.map { Item(position: $0, sample: list[$0]) })
  }
}

/// Images and labels of one micro-batch, in the order of its request.
package struct Batch: Sendable {
  package let request: BatchRequest
  /// `[N, H, W, C]` by each of the loader's pipelines.
  package let views: [Tensor]
  package let labels: [Int]
  /// Why a row's photo can't be used; its images are zeros. Only where the loader passes over them.
  package let failures: [Int: PhotoError]

  /// `[N, H, W, C]` by the first pipeline.
  package var images: Tensor { views[0] }

  /// Indices into the dataset's samples.
  package var samples: [Int] { request.items.map(\.sample) }
}
