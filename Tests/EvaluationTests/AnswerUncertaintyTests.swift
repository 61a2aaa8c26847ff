import Foundation
import Testing

@testable import Evaluation

@Suite struct AnswerUncertaintyTests {
  /// Two members, of three photos: sure and at one; at one that they don't know; each sure of another class.
  private let members = [
    [[0.98, 0.01, 0.01], [0.4, 0.3, 0.3], [0.9, 0.05, 0.05]],
    [[0.98, 0.01, 0.01], [0.4, 0.3, 0.3], [0.05, 0.9, 0.05]],
  ].map {
    EnsembleFitTests.predictions([[0], [0], [0]], $0.flatMap { $0 }, classes: 3)
  }
  private var together: Predictions { Predictions(ensembleOf: members, by: .equal(2)) }

  private func entropy(_ p: [Double]) -> Double { -p.map { $0 * log($0) }.reduce(0, +) }

  @Test func `numbers are those of the formulas`() throws {
    let found = AnswerUncertainty(together, members: members)
    let mean = [0.475, 0.475, 0.05]
    #expect(abs(found.entropy[2] - entropy(mean)) < 1e-12)
    #expect(abs(found.entropy[1] - entropy([0.4, 0.3, 0.3])) < 1e-12)
    #expect(abs(found.margin[0] - 0.97) < 1e-12 && abs(found.margin[1] - 0.1) < 1e-12)
    #expect(abs(found.margin[2]) < 1e-12)
    let disagreement = try #require(found.disagreement)
    #expect(disagreement[0] < 1e-12 && disagreement[1] < 1e-12)
    #expect(abs(disagreement[2] - (entropy(mean) - entropy([0.9, 0.05, 0.05]))) < 1e-12)
    #expect(found.order(by: .entropy) == [1, 2, 0])
    #expect(found.order(by: .margin) == [2, 1, 0])
    #expect(found.order(by: .disagreement)?.first == 2)
    let weighted = AnswerUncertainty(together, members: members, weights: [1, 0])
    #expect(weighted.disagreement?.allSatisfy { $0 < 1e-12 } == true)
  }

  @Test func `one model can't disagree`() {
    let alone = AnswerUncertainty(members[0], members: [members[0]])
    #expect(alone.disagreement == nil && alone.order(by: .disagreement) == nil)
    #expect(alone.columns.map(\.measure) == [.entropy, .margin])
    // Of equals the first first.
    #expect(alone.rows([1, 1, 0]).order(by: .entropy) == [0, 1, 2])
  }

  @Test func `several labels are questions of their own`() throws {
    let members = [[0.9, 0.5], [0.1, 0.5]].map {
      EnsembleFitTests.predictions([[0]], $0, classes: 2, isOfSeveral: true)
    }
    let found = AnswerUncertainty(
      Predictions(ensembleOf: members, by: .equal(2)), members: members)
    #expect(abs(found.entropy[0] - 2 * log(2)) < 1e-12)
    #expect(found.margin[0] < 1e-12)
    let disagreement = try #require(found.disagreement)[0]
    #expect(abs(disagreement - (log(2) - entropy([0.9, 0.1]))) < 1e-12)
  }
}
