import Foundation
import Support
import Testing
import WorkerRun

extension EndToEnd {
  /// What to label next.
  @Suite struct SortedPredictTests {
    let models: [String]

    init() throws { models = try Members.made.get().runs.flatMap { ["--model", $0.path] } }

    private func table(_ run: WorkerRun) -> [[String]] {
      run.lines.map { $0.split(separator: ",").map(String.init) }
    }

    @Test(arguments: ["uncertainty", "margin", "disagreement"])
    func `photos come in the order of the measure, the same bytes at any number of ranks`(
      _ measure: String
    ) throws {
      let pages = try Scratch.path("pages")
      try FileManager.default.createDirectory(atPath: pages, withIntermediateDirectories: true)
      let runs = try [nil, 1, 2, 3, 4].map { ranks in
        let page = "\(pages)/\(ranks ?? 0).html"
        let run = try tutti(
          ["predict"] + models + [Photos.few, "--csv", "--sort", measure, "--html", page]
            + ["--most", "7"], ranks: ranks)
        #expect(run.exitCode == 0, "\(run.errors)")
        return (run.output, try String(contentsOfFile: page, encoding: .utf8), run)
      }
      for (output, page, _) in runs { #expect(output == runs[0].0 && page == runs[0].1) }
      let rows = table(runs[0].2)
      #expect(
        rows[0] == [
          "path", "predicted", "entropy", "margin", "disagreement", "p_cross", "p_disc",
          "p_stripes",
        ])
      let column = try #require(
        rows[0].firstIndex(of: measure == "uncertainty" ? "entropy" : measure))
      let values = rows.dropFirst().compactMap { Double($0[column]) }
      #expect(values.count == 30 && Set(values).count > 20)
      #expect(values == values.sorted { measure == "margin" ? $0 < $1 : $0 > $1 })
      // The same photos and probabilities as without.
      let plain = table(try tutti(["predict"] + models + [Photos.few, "--csv"]))
      #expect(
        Set(rows.map { Array($0[..<2] + $0[5...]) }) == Set(plain))
      let page = runs[0].1
      #expect(page.components(separatedBy: "<img ").count == 8)
      for row in rows[1...7] { #expect(page.contains(row[0])) }
      #expect(!page.contains(rows[8][0]))
    }

    @Test func `one model has no disagreement, and a page is of what was sorted`() throws {
      let photos = "\(Photos.few)/disc"
      let refused = try tutti(
        ["predict"] + models.prefix(2) + [photos, "--sort", "disagreement"], ranks: 2)
      #expect(refused.exitCode == 65 && refused.complaints.count == 1)
      #expect(
        refused.complaints.first?.contains("is one model, and --sort disagreement is about several")
          == true)
      let run = try tutti(["predict"] + models.prefix(2) + [photos, "--sort", "entropy"])
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(try run.lines[0].contains(Regex("^photo +entropy +margin +class +p")))
      let json = try tutti(
        ["predict", "--json"] + models.prefix(2) + [photos, "--sort", "entropy"])
      #expect(json.output.contains("\"uncertainty\":{\"entropy\":"))
      let page = try Scratch.path("page.html")
      #expect(try tutti(["predict"] + models + [photos, "--html", page]).exitCode == 64)
      try Data("mine".utf8).write(to: URL(filePath: page))
      let there = try tutti(["predict"] + models + [photos, "--sort", "margin", "--html", page])
      #expect(there.exitCode == 65)
      #expect(try String(contentsOfFile: page, encoding: .utf8) == "mine")
    }
  }
}
