import Evaluation
import Files
import FoundationEssentials
import Inference
import NIOHTTP1
import Synchronization

/// Photos that a client has sent together, and what is said of them so far. The queue's threads fill it.
final class PhotoRequest: Sendable {
  /// One of its photos, on its way through the queue.
  struct Photo: Sendable {
    let request: PhotoRequest
    let place: Int
    let name: String
    let bytes: [UInt8]
  }

  /// What became of a photo.
  enum Outcome: Sendable {
    case answered(PhotoPredictions.Row, heatMap: [UInt8]?)
    case refused(Refusal)
  }

  let question: ReadyModel.Question
  private let names: [String]
  private let isGone = Atomic<Bool>(false)
  private let outcomes: Mutex<[Outcome?]>
  private let respond: @Sendable (Response) -> Void

  /// - Parameter respond: is called once, on any thread.
  init(
    _ names: [String], question: ReadyModel.Question,
    respond: @escaping @Sendable (Response) -> Void
  ) {
    self.names = names
    self.question = question
    self.respond = respond
    outcomes = Mutex(names.map { _ in nil })
  }

  /// Nobody waits for the answer any more.
  func cancel() { isGone.store(true, ordering: .relaxed) }

  var isCancelled: Bool { isGone.load(ordering: .relaxed) }

  /// Notes what became of a photo; after the last, answers the request.
  func finish(_ place: Int, _ outcome: Outcome) {
    let all = outcomes.withLock { outcomes -> [Outcome]? in
      outcomes[place] = outcome
      let known = outcomes.compactMap(\.self)
      return known.count == outcomes.count ? known : nil
    }
    guard let all, !isCancelled else { return }
    respond(response(all))
  }

  private struct Answer: Encodable {
    let name: String
    var predicted: PhotoPredictions.Predicted?
    var probabilities: [String: Double]?
    /// A PNG file in base64.
    var heatMap: String?
    var error: Refusal.Document.Error?

    enum CodingKeys: String, CodingKey {
      case name, predicted, probabilities, error
      case heatMap = "heat_map"
    }
  }

  /// Photos that can't be used are told beside the others; where none can, the status is the first one's.
  private func response(_ outcomes: [Outcome]) -> Response {
    var refusals: [Refusal] = []
    let photos = zip(names, outcomes).map { name, outcome in
      switch outcome {
      case .answered(let row, let heatMap):
        return Answer(
          name: name, predicted: row.predicted, probabilities: row.probabilities,
          heatMap: heatMap.map { Data($0).base64EncodedString() })
      case .refused(let refusal):
        refusals.append(refusal)
        return Answer(name: name, error: refusal.error)
      }
    }
    do {
      if refusals.count == outcomes.count, let first = refusals.first { return try first.response }
      return Response(.ok, try Response.json(["photos": photos]))
    } catch {
      return .broken("\(error)")
    }
  }
}
