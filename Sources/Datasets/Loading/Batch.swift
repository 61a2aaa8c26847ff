package import Images
package import Tensors

/// What a batch is to hold: samples with their positions in the epoch's list, and what is to be made
/// of them.
package struct BatchRequest: Sendable {
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
  /// Each makes a view of every photo, which is decoded once.
  package let pipelines: [Pipeline]

  package init(epoch: Int, items: [Item], by pipelines: [Pipeline]) {
    self.epoch = epoch
    self.items = items
    self.pipelines = pipelines
  }

  /// The given positions of an epoch's list of samples.
  package init(epoch: Int, positions: Range<Int>, of list: [Int], by pipelines: [Pipeline]) {
    self.init(
      epoch: epoch, items: positions.map { Item(position: $0, sample: list[$0]) }, by: pipelines)
  }

  /// Of all views together.
  var imageBytes: Int {
    items.count * pipelines.reduce(0) { $0 + $1.imageBytes }
  }
}

/// Images and labels of one micro-batch, in the order of its request.
package struct Batch: Sendable {
  package let request: BatchRequest
  /// `[N, H, W, C]` by each of the request's pipelines.
  package let views: [Tensor]
  package let labels: [Int]
  /// Why a row's photo can't be used; its images are zeros. Only where the loader passes over them.
  package let failures: [Int: PhotoError]

  package init(
    request: BatchRequest, views: [Tensor], labels: [Int], failures: [Int: PhotoError]
  ) {
    self.request = request
    self.views = views
    self.labels = labels
    self.failures = failures
  }

  /// `[N, H, W, C]` by the first pipeline.
  package var images: Tensor { views[0] }

  /// Indices into the dataset's samples.
  package var samples: [Int] { request.items.map(\.sample) }
}
