import Images
import Inference
import Testing

@testable import Serving

@Suite struct PhotoQueueTests {
  private static let model = ReadyModel(
    paths: [], classes: ["awe", "fear"], decoding: Decoding(), rejectingBelow: 0, threads: 1,
    loaderThreads: 1, notes: [], heatMapProblem: nil, passes: [:])

  private static func photos(_ count: Int) -> (PhotoRequest, [PhotoRequest.Photo]) {
    let names = (0..<count).map { "\($0).jpg" }
    let request = PhotoRequest(names, question: ReadyModel.Question()) { _ in
      Issue.record("nobody has looked at the photos")
    }
    return (
      request,
      names.enumerated().map {
        PhotoRequest.Photo(request: request, place: $0, name: $1, bytes: [1])
      }
    )
  }

  /// No thread takes anything out of it.
  @Test func `photos of a client that is gone leave, and make room`() {
    var limits = ServerLimits()
    limits.longestQueue = 5
    let queue = PhotoQueue(Self.model, limits, Metrics())
    let ((gone, first), (_, second)) = (Self.photos(3), Self.photos(2))
    #expect(queue.take(first) && queue.take(second) && queue.count == 5)
    #expect(!queue.take(Self.photos(1).1))
    gone.cancel()
    queue.forget(gone)
    #expect(queue.count == 2)
    #expect(queue.take(Self.photos(3).1) && queue.count == 5)
  }

  @Test func `a request's photos are taken together or not at all, and none by a closed queue`() {
    var limits = ServerLimits()
    limits.longestQueue = 2
    let queue = PhotoQueue(Self.model, limits, Metrics())
    #expect(!queue.take(Self.photos(3).1) && queue.count == 0)
    queue.close()
    #expect(!queue.take(Self.photos(1).1))
  }
}
