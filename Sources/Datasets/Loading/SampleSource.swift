import Images
import Tensors
import Timelines

/// Makes one sample of a batch.
struct SampleSource: Sendable {
  let dataset: Dataset
  let seed: UInt64
  /// Apart from where nets compute, whose tensors come and go in the order of a pass.
  static let memory = BufferPool()

  /// Memory for the images of a request by each of its pipelines, not initialised.
  func memory(for request: BatchRequest) -> [Tensor] {
    request.pipelines.map {
      Tensor(
        uninitialized: Shape([request.items.count] + $0.shape.extents), pool: Self.memory)
    }
  }

  /// Writes item `index` of the request to its place in the views. It is decoded once.
  func load(
    _ index: Int, of request: BatchRequest, into views: [Tensor], _ lane: Lane?
  ) throws(PhotoError) {
    let item = request.items[index]
    func details() -> Slice.Details {
      [
        ("photo", .text(dataset.name(of: item.sample))), ("epoch", .number(request.epoch)),
        ("position", .number(item.position)),
      ]
    }
    let image = try lane.slice("decode", .loader, details()) { () throws(PhotoError) in
      try dataset.image(item.sample)
    }
    lane.slice("augment", .loader, details()) {
      Pipeline.write(
        image, by: request.pipelines, seed: seed, epoch: request.epoch, position: item.position
      ) { views[$0].pointer + index * request.pipelines[$0].shape.count }
    }
  }

  /// Fills item `index` of the views with zeros.
  func clear(_ index: Int, of request: BatchRequest, in views: [Tensor]) {
    for (pipeline, view) in zip(request.pipelines, views) {
      let count = pipeline.shape.count
      (view.pointer + index * count).update(repeating: 0, count: count)
    }
  }
}
