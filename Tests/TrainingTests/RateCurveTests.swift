import Foundation
import Support
import Testing

@testable import Training

/// Against fastai; `Tests/Golden/lr_find.py` made the values.
@Suite struct RateCurveTests {
  struct Case: Decodable {
    let losses, learningRates, smoothed: [Double]
    let stops: Int
    let valley, steep: Double

    static func all() throws -> [Case] {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode([Case].self, from: Data(Golden.bytes("lr_find.json")))
    }

    var curve: RateCurve {
      var curve = RateCurve(steps: 100)
      for (loss, rate) in zip(losses, learningRates) {
        curve.append(loss: loss, learningRate: rate)
      }
      return curve
    }
  }

  @Test(arguments: try Case.all())
  func `losses are smoothed, and the test ends, as fastai has it`(golden: Case) {
    let curve = golden.curve
    #expect(curve.points.count == golden.smoothed.count)
    for (point, smoothed) in zip(curve.points, golden.smoothed) {
      #expect(abs(point.smoothedLoss - smoothed) <= 1e-12 * max(abs(smoothed), 1))
    }
    var growing = RateCurve(steps: 100)
    var stops = 0
    for (loss, rate) in zip(golden.losses, golden.learningRates) where !growing.hasDiverged {
      growing.append(loss: loss, learningRate: rate)
      stops += 1
    }
    #expect(stops == golden.stops)
  }

  @Test(arguments: try Case.all())
  func `the valley and the steepest place are fastai's`(golden: Case) {
    let curve = golden.curve
    let losses = golden.smoothed[10..<(golden.smoothed.count - 5)]
    // Where the loss falls nowhere, fastai suggests the first rate, or that where it rises least.
    guard zip(losses, losses.dropFirst()).contains(where: { $0 > $1 }) else {
      #expect(curve.valley == nil && curve.steepest == nil)
      return
    }
    #expect(curve.valley?.learningRate == golden.valley)
    #expect(curve.steepest?.learningRate == golden.steep)
  }

  @Test func `a step without a loss is no point`() {
    var told: [Int] = []
    let test = RateTest(steps: 20)
    test.tell = { told.append($0.step) }
    for (step, loss) in [(1, 2), (2, nil), (3, 1)] as [(Int, Double?)] {
      test.observe(
        .step(
          StepProgress(
            step: step, totalSteps: 20, epoch: 0, epochs: 1, loss: loss, accuracy: 0,
            learningRate: Double(step), gradientNorm: 0, lossScale: nil, samples: 2, seconds: 1,
            stepsHere: step,
            peakTensorBytes: 0)))
    }
    #expect(
      test.curve.points.map(\.loss) == [2, 1] && test.curve.points.map(\.learningRate) == [1, 3])
    #expect(test.steps == 3 && told == [1, 2, 3])
  }

  @Test func `too few points suggest nothing`() {
    var curve = RateCurve(steps: 100)
    #expect(curve.valley == nil && curve.steepest == nil && !curve.hasDiverged)
    for step in 0..<15 {
      curve.append(loss: 2 - 0.01 * Double(step), learningRate: Double(step + 1))
      #expect(curve.valley == nil && curve.steepest == nil)
    }
    curve.append(loss: 1, learningRate: 16)
    #expect(curve.valley == nil)
    // Two points are a valley, whose middle isn't before the first of them.
    curve.append(loss: 1, learningRate: 17)
    #expect(curve.valley?.learningRate == 11 && curve.steepest?.learningRate == 11)
  }
}
