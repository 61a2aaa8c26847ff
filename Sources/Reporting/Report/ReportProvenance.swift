import Checkpoints
import Files
import Recipes
import Reports
import Runs

/// What a report says of where a model comes from, and how to make it again.
struct ReportProvenance {
  private let record: RunRecord

  init(_ record: RunRecord) { self.record = record }

  /// A value of `environment.json`.
  private enum Value: Decodable {
    case text(String)
    case number(Double)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self = .text(text)
      } else {
        self = .number(try container.decode(Double.self))
      }
    }

    var description: String {
      switch self {
      case .text(let text): text
      case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
      }
    }
  }

  static let mostBytes = 1 << 20

  /// Nothing where the file is missing or says nothing.
  private static func environment(_ path: String) -> [String: Value] {
    guard let bytes = try? InputFile(path: path).bytes(atMost: mostBytes) else { return [:] }
    return (try? JSONText.decode([String: Value].self, from: bytes)) ?? [:]
  }

  /// On how many machines it ran last, with how many ranks.
  static func size(of record: RunRecord) -> (hosts: Double, ranks: Double) {
    let environment = environment("\(record.path)/environment.json")
    func number(_ key: String) -> Double {
      if case .number(let number) = environment[key] { max(1, number) } else { 1 }
    }
    return (number("hosts"), number("ranks"))
  }

  var section: ReportPage.Section {
    let environment = Self.environment("\(record.path)/environment.json")
    var rows: [(String, String)] = []
    func add(_ name: String, _ value: String?) {
      if let value, !value.isEmpty { rows.append((name, value)) }
    }
    add("net", record.recipe.model.name)
    add("began with weights", record.recipe.model.weights)
    add("their SHA-256", record.recipe["model.weights-sha256"]?.value)
    for training in record.trainings {
      let fold = training.fold.map { " of fold \($0)" } ?? ""
      let folder = RunFolder(path: training.path)
      let newest = (try? folder.newestState()) ?? nil
      guard let newest else { continue }
      let step = newest.best?.step ?? newest.step
      let path = "\(folder.checkpoints.path(ofStep: step))/\(StateFile.name)"
      let state = ((try? StateFile.read(path)) ?? nil) ?? newest
      if training.fold == nil || training.fold == record.trainings.first?.fold {
        add("SHA-256 of the recipe", newest.recipeDigest)
        add("SHA-256 of the list of photos", newest.dataDigest)
      }
      add("SHA-256 of the weights\(fold)", state.files["model.safetensors"])
    }
    let names = [
      ("version", "Tutti"), ("binary", "SHA-256 of the binary"), ("processor", "CPU"),
      ("blas", "BLAS"),
      ("mpi", "MPI"), ("jpeg", "JPEG library"), ("webp", "WebP library"),
      ("mathematics", "C library's mathematics"),
      ("hosts", "hosts"), ("host", "first host"), ("ranks", "ranks"),
      ("threads", "threads of each"), ("started", "last started"),
    ]
    for (key, name) in names { add(name, environment[key]?.description) }
    let table = Table(
      "Where it comes from", headings: ["what", "value"],
      rows: rows.map { [.text($0.0), .html("<code>\($0.1)</code>")] })
    return ReportPage.Section("origin", "Where it comes from", table.html)
  }

  var repeating: ReportPage.Section {
    let isFolded = CrossvalFolder(path: record.path).exists
    let (recipe, weights) = ("\(record.path)/recipe.yaml", record.recipe.model.weights ?? "WEIGHTS")
    let command =
      record.trainings.isEmpty
      ? "launch/local probe \(Paths.shellQuoted(record.recipe.data.path)) --weights "
        + "\(Paths.shellQuoted(weights)) --run runs/again"
      : "launch/local \(isFolded ? "crossval" : "train") --recipe \(Paths.shellQuoted(recipe)) --run runs/again"
    let bits: HTML =
      Paths.exists(RunFolder(path: record.path).fork)
      ? "<p>It was forked from another run, so that this alone gives another model: <code>fork.json</code> tells from which.</p>\n"
      : """
      <p>On any number of ranks and threads, the same binary on CPUs with the same instructions and libraries, with the same photos and
      weights where the recipe names them, gives the same bits.</p>

      """
    return ReportPage.Section(
      "repeat", "How to repeat it",
      """
      <pre><code>\(command)</code></pre>
      \(bits)<details><summary>The recipe, with all its keys</summary><pre><code>\(HTML.lines(record.recipe.resolved))</code></pre></details>

      """)
  }
}
