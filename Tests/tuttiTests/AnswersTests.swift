import Evaluation
import Foundation
import Support
import Testing
import WorkerRun
import tutti

extension EndToEnd {
  /// What models say of each photo: tables, pages, doubts.
  @Suite struct AnswersTests {
    private let model: String

    init() throws { model = try Members.made.get().runs[0].path }

    private struct Rejections: Decodable { let rejections: [Rejection] }
    private struct Rejection: Decodable {
      let threshold, coverage: Double
      let accuracy: Double?
    }

    @Test func `evaluate tells of each photo, the same bytes at any number of ranks`() throws {
      let table = try Scratch.path("answers.csv")
      let page = try Scratch.path("worst.html")
      let asked = ["evaluate", "--model", model, "--csv", table]
      let run = try tutti(asked + ["--worst", "3", "--html", page])
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(run.lines.contains { $0.hasPrefix("photo ") && $0.hasSuffix("loss") })
      let answers = try LabelledPhotos(csvAt: table)
      #expect(answers.paths.count == 101)
      let written = try contents(of: table)
      let shown = try String(contentsOfFile: page, encoding: .utf8)
      let mistakes = answers.mistakes(atMost: 3)
      #expect(shown.components(separatedBy: "data:image/jpeg;base64,").count == 1 + mistakes.count)
      for row in mistakes { #expect(shown.contains(answers.paths[row])) }

      let again = try tutti(asked)
      #expect(again.exitCode == 65 && again.errors.contains("is there already; name another"))
      try FileManager.default.removeItem(atPath: table)
      let scored = try tutti(asked + ["--json", "--reject", "0.5", "--reject", "1"], ranks: 3)
      #expect(try contents(of: table) == written)
      let rejections = try JSONDecoder().decode(
        Rejections.self, from: Data(scored.output.utf8)
      ).rejections
      #expect(rejections.map(\.threshold) == [0.5, 1])
      let sure = answers.paths.indices.filter { (answers.predictions[$0].max() ?? 0) >= 0.5 }
      #expect(rejections[0].coverage == Double(sure.count) / 101)
      #expect(rejections[1].coverage == 0 && rejections[1].accuracy == nil)

      let doubts = try tutti(["data", "doubts", table, "--count", "2"])
      #expect(doubts.output.contains(" of 101 labels are doubtful"))
      let pageless = try tutti(["data", "doubts", table, "--html", "\(page).html"])
      #expect(
        pageless.exitCode == 65 && pageless.errors.contains("name their folder with --photos"))
    }

    @Test func `a photo that speaks for no class is none of these`() throws {
      let run = try tutti(["predict", "--model", model, "--reject", "1", "--csv", Photos.few])
      #expect(run.lines.dropFirst().allSatisfy { $0.contains(",none of these,") })
      let table = try tutti(["predict", "--model", model, "--reject", "0", Photos.few])
      #expect(table.lines.first?.contains("predicted") == true)
      #expect(!table.output.contains("none of these"))
      #expect(try tutti(["predict", "--model", model, "--reject", "2", Photos.few]).exitCode == 64)
    }

    @Test func `a run without out-of-fold predictions has no doubts`() throws {
      let run = try tutti(["data", "doubts", model])
      #expect(run.exitCode == 65)
      #expect(run.complaints.first?.contains("has no predictions/oof.csv") == true)
    }
  }
}
