import DataParallel
import Evaluation
import Images
import MPI
import Pretrained
import Recipes
import Runs

/// The models that a command is to ask together: as they were named, all alike, or those of an ensemble that was fitted.
struct AskedModels {
  let models: [SharedModel]
  /// Nil where models were named.
  let ensemble: Ensemble?

  /// An ensemble that was fitted.
  struct Ensemble {
    let path: String
    let saved: SavedEnsemble
    /// The members' folders, as they are seen from here.
    let members: [String]

    /// Where each member's models are among all.
    var groups: [Range<Int>] {
      var start = 0
      return saved.members.map { member in
        defer { start += member.models.count }
        return start..<(start + member.models.count)
      }
    }
  }

  /// Finds the models that the paths mean; an ensemble stands alone. Collective; throws on all ranks if on one.
  ///
  /// - Parameter settings: of the models' recipes, as `KEY=VALUE`.
  static func find(
    _ paths: [String], settings: [String], over communicator: Communicator
  ) throws -> AskedModels {
    let folder = EnsembleFolder(path: paths.first ?? "")
    guard try communicator.share({ paths.count == 1 && folder.exists }) else {
      return AskedModels(
        models: try SharedModel.find(paths, settings: settings, over: communicator), ensemble: nil)
    }
    let saved = try communicator.share { try folder.read() }
    let found = try communicator.onFirst { try ModelOnDisk.all(of: saved, in: folder) }
    let members = try communicator.share { saved.members.map { folder.place(of: $0.path) } }
    return AskedModels(
      models: try SharedModel.sharing(found, settings: settings, over: communicator),
      ensemble: Ensemble(path: folder.path, saved: saved, members: members))
  }

  /// What is to be known of the models.
  var notes: [String] { models.flatMap(\.notes) }

  /// What members are called: the models' folders, or the members' of an ensemble.
  var names: [String] { ensemble?.members ?? models.map(\.path) }

  /// How the models' answers become one, where it isn't as their recipes say.
  var mix: EnsembleMix? { ensemble?.saved.mixOfModels }

  /// How views and models are averaged. All must agree in what answers mean and how photos are decoded; and in the
  /// averaging, unless an ensemble has its own.
  func averaging() throws -> Averaging {
    let first = models[0].recipe
    for model in models {
      let recipe = model.recipe
      func refuse(_ key: String) -> RunError {
        .settingsDiffer(
          models[0].path, first[key]?.value ?? "", model.path, recipe[key]?.value ?? "", key: key)
      }
      if ensemble == nil, recipe.evaluation.averaging != first.evaluation.averaging {
        throw refuse("evaluation.average")
      }
      for key in ["data.labels", "evaluation.threshold", "evaluation.thresholds"]
      where recipe[key]?.value != first[key]?.value { throw refuse(key) }
      if !recipe.data.decoding.background.isSame(as: first.data.decoding.background) {
        throw refuse("data.background")
      }
    }
    guard models.count == 1 || ensemble != nil, models.allSatisfy({ $0.recipe.views.isEmpty }),
      try models[0].hasChanged("evaluation.average")
    else { return first.evaluation.averaging }
    throw first.error(
      at: "evaluation.average",
      ensemble == nil
        ? "`evaluation.average` has nothing to average, since one model looks at each photo once; leave it "
          + "out, or ask for views with --tta"
        : "`evaluation.average` is of a member's views, and no member has any; how the members are averaged "
          + "was fitted: leave it out")
  }
}
