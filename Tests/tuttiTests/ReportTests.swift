import Foundation
import Support
import Testing
import WorkerRun
import tutti

extension EndToEnd {
  /// `report.html`: its numbers are those of the files, and names are no HTML.
  @Suite struct ReportTests {
    private struct Page {
      let text: String

      init(_ path: String) throws { text = try String(contentsOfFile: path, encoding: .utf8) }

      /// The numbers of a table's rows by the row's first cell.
      func table(_ caption: String) throws -> [String: [Double]] {
        let start = try #require(text.range(of: "<caption>\(caption)</caption>"), "\(caption)")
        let rest = text[start.upperBound...]
        let end = try #require(rest.range(of: "</table>"))
        var rows: [String: [Double]] = [:]
        for row in rest[..<end.lowerBound].components(separatedBy: "<tr>").dropFirst() {
          guard let name = row.firstMatch(of: /<th scope="row"><bdi>(.*?)<\/bdi>/)?.1 else {
            continue
          }
          rows[String(name)] = row.matches(of: /data-value="([^"]*)"/).compactMap { Double($0.1) }
        }
        return rows
      }
    }

    /// What `scores.json` of a cross-validation has; JSONDecoder reads the very bits of numbers.
    private struct Document: Decodable {
      struct Interval: Decodable { let lower, upper: Double }
      struct OneClass: Decodable {
        let name: String
        let f1, precision, recall: Double
        let support: Int
        let intervals: [String: Interval]?
      }
      struct Scores: Decodable {
        let accuracy, macroF1, cohenKappa: Double
        let photos: Int
        let perClass: [OneClass]
        let confusionMatrix: [[Int]]
      }
      struct Fold: Decodable { let scores: Scores }
      let folds: [Fold]
      let outOfFold: Scores
    }

    private struct Comparison: Decodable {
      struct Metric: Decodable {
        let first, second: Double
        let interval: Document.Interval
      }
      let metrics: [String: Metric]
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ data: Data) throws -> Value {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      return try decoder.decode(type, from: data)
    }

    @Test func `a cross-validation's numbers are those of scores.json`() throws {
      let crossval = try Crossval(ranks: 2, set(["data.sampling=inverse-frequency"]), folds: 3)
      #expect(crossval.run.exitCode == 0, "\(crossval.run.errors)")
      let path = crossval.folder.path
      #expect(
        crossval.run.output.contains("report    \(path)/report.html"), "\(crossval.run.output)")
      let page = try Page("\(path)/report.html")
      let scores = try decode(
        Document.self, Data(contentsOf: URL(fileURLWithPath: "\(path)/scores.json")))
      let all = scores.outOfFold
      let metrics = try page.table("All metrics")
      #expect(metrics["macro F1"] == [all.macroF1] && metrics["accuracy"] == [all.accuracy])
      #expect(metrics["kappa"] == [all.cohenKappa] && metrics["photos"] == [Double(all.photos)])
      let classes = try page.table("F1 of each class, with its 95 % interval")
      for score in all.perClass {
        let interval = try #require(score.intervals?["f1"])
        #expect(
          classes[score.name] == [
            score.f1, interval.lower, interval.upper, score.precision, score.recall,
            Double(score.support),
          ])
      }
      let folds = try page.table("macro F1 of each fold")
      for (place, fold) in scores.folds.enumerated() {
        #expect(folds["fold \(place)"]?.first == fold.scores.macroF1)
      }
      let counts = page.text.matches(of: /data-count="(\d+)"/).compactMap { Int($0.1) }
      #expect(counts == all.confusionMatrix.flatMap { $0 }.filter { $0 > 0 })
      // Three classes, drawn alike.
      #expect(
        try page.table("Share of each class, and how often it is drawn").values.allSatisfy {
          abs($0[1] - 1 / 3) < 1e-9
        })
      for section in [
        "learning", "confusion", "mistakes", "reliability", "time", "origin", "repeat",
      ] {
        #expect(page.text.contains("<section id=\"\(section)\""), "\(section)")
      }
      #expect(page.text.contains("Where the model looks for"))
    }

    @Test func `names of files and classes are no HTML`() throws {
      let folder = try Scratch.path("hostile")
      let names = [
        "<script>alert(1)</script>".replacingOccurrences(of: "/", with: "∕"), "it's \"so\" & so",
        "\u{202E}txet",
      ]
      let files = FileManager.default
      for (place, name) in names.enumerated() {
        try files.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
        let original = "\(Photos.few)/\(Photos.classes[place])"
        for (number, file) in try files.contentsOfDirectory(atPath: original).sorted().enumerated()
        {
          let long = String(repeating: "é", count: 100)
          try files.copyItem(
            atPath: "\(original)/\(file)",
            toPath: "\(folder)/\(name)/<img src=x>\(long)\(number).jpg")
        }
      }
      let run = try RunFiles(Scratch.path("run"))
      let training = try tutti(
        ["train", "--data", folder, "--run", run.path]
          + set(
            Photos.settings + [
              "training.epochs=2", "training.global-batch=8", "training.micro-batch=4",
              "data.validation=0.4",
            ]))
      #expect(training.exitCode == 0, "\(training.errors)")
      let page = try Page("\(run.path)/report.html")
      #expect(!page.text.contains("<script") && !page.text.contains("<img src=x>"))
      #expect(!page.text.unicodeScalars.contains("\u{202E}") && page.text.contains("\\u{202E}txet"))
      #expect(page.text.contains("&lt;img src=x&gt;"))
      #expect(
        page.text.contains("default-src 'none'; img-src data:; style-src 'unsafe-inline'")
      )
      #expect(!page.text.contains("http:") && !page.text.contains("https:"))
      // What the best epoch says is what its checkpoint says.
      let table = try Scratch.path("validation.csv")
      let evaluated = try tutti([
        "evaluate", "--model", run.path, "--split", "validation", "--csv", table,
      ])
      #expect(evaluated.exitCode == 0, "\(evaluated.errors)")
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: table))
          == Data(contentsOf: URL(fileURLWithPath: "\(run.path)/validation.csv")))
      // Photos that are gone leave no pictures, and all else.
      try files.moveItem(atPath: folder, toPath: folder + "-gone")
      let again = try tutti(["report", run.path, "--output", table + ".html", "--watts", "100"])
      #expect(again.exitCode == 0, "\(again.errors)")
      #expect(again.errors.contains("some pictures are missing"), "\(again.errors)")
      #expect(try Page(table + ".html").text.contains("kWh at 100 W a host"))
    }

    @Test func `two models, an ensemble, and what can't be reported`() throws {
      let members = try Members.made.get()
      let tables = try members.paths.prefix(2).map { path in
        let table = try Scratch.path("answers.csv")
        #expect(try tutti(["evaluate", "--model", path, "--csv", table]).exitCode == 0)
        return table
      }
      let file = try Scratch.path("comparison.html")
      let run = try tutti(["report"] + tables + ["--output", file])
      #expect(run.exitCode == 0, "\(run.errors)")
      let compared = try tutti(["compare"] + tables + ["--json"]).output
      let document = try decode(Comparison.self, Data(compared.utf8))
      let rows = try Page(file).table("B − A of each metric, with its 95 % interval")
      let expected = try #require(document.metrics["macro_f1"])
      #expect(
        rows["macro F1"] == [
          expected.second - expected.first, expected.interval.lower, expected.interval.upper,
          expected.first, expected.second,
        ])
      #expect(try tutti(["report"] + tables).errors.contains("--output FILE"))
      let nothing = try tutti(["report", Scratch.path("nothing")])
      #expect(nothing.exitCode == 65 && nothing.complaints.count == 1, "\(nothing.errors)")
      #expect(try tutti(["report", tables[0], "--price-per-kwh", "1"]).exitCode == 64)
    }
  }
}
