import Datasets
import Experiments
import Logging
import MPI
import Recipes
import Reporting

/// The first lines of a cross-validation.
struct CrossvalHeader {
  private let crossval: CrossvalRun
  private let log: Logger
  private let world: World

  init(_ crossval: CrossvalRun, _ log: Logger, _ world: World) {
    self.crossval = crossval
    self.log = log
    self.world = world
  }

  func tell(_ console: Console) throws {
    let first = crossval.members[0]
    let experiment = first.checked.experiment
    // Of several members, the nets are told below.
    for line in try RunHeader(first.checked, first.pool, folder: crossval.path, world).lines {
      console.line(line)
    }
    for line in experiment.photoLines { console.line(line) }
    if let line = experiment.rateLine { console.line(line) }
    // In other folds they differ by a few photos.
    for text in experiment.warnings(on: first.pool.indices(outside: 0)) {
      console.line("warning   \(text)")
    }
    if first.name != nil { for line in memberLines { console.line(line) } }
    console.line(teamsLine)
    if let note = first.checked.limitNote { console.line("limit     \(note)") }
    for member in crossval.members {
      let name = member.name.map { "\($0): " } ?? ""
      for note in member.notes { console.remark("weights   \(name)\(note)") }
      for key in member.changed { log.notice("\(name)\(key); results stay the same") }
    }
    if let staging = first.checked.staging { console.line("stage     \(staging)") }
  }

  private var memberLines: [String] {
    let rows = crossval.members.map { member in
      let recipe = member.checked.experiment.recipe
      return [
        member.name ?? "", recipe.model.name, "\(recipe.model.imageSize) pixels",
        "seed \(recipe.training.seed)",
        "\(member.pool.count - member.pending.count) of \(member.pool.count) folds done",
      ]
    }
    return TextTable.aligned(rows, textColumns: [0, 1, 2, 3, 4]).split(separator: "\n").map {
      "member    \($0)"
    }
  }

  private var teamsLine: String {
    let sizes = crossval.teams.map(\.count)
    let (least, most) = (sizes.min() ?? 0, sizes.max() ?? 0)
    let size = least == most ? "\(most)" : "\(least) to \(most)"
    let done = crossval.folds - crossval.pending
    if crossval.pending == 0 { return "teams     none: all \(done) folds are done" }
    return "teams     \(sizes.count) × \(size) rank\(most == 1 ? "" : "s"); "
      + "\(done) of \(crossval.folds) folds are done"
  }
}
