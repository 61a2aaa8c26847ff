import Checkpoints
import DataParallel
import Evaluation
import Images
import Inference
import MPI
import Pretrained
import Recipes
import Runs

/// The models that a command is to ask together: as they were named, all alike, or those of an ensemble that was fitted.
struct AskedModels {
  let models: [SharedModel]
  /// Nil where models were named.
  let ensemble: Ensemble?
  /// The members that these models make up; nil where each is one by itself.
  let groups: [Group]?

  /// A member of several models: the folds of a cross-validation, or what an ensemble takes for one.
  struct Group: Codable {
    /// Its folder, as it is seen from here.
    let name: String
    let models: Int
  }

  /// An ensemble that was fitted.
  struct Ensemble {
    let path: String
    let saved: SavedEnsemble
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
        models: try SharedModel.find(paths, settings: settings, over: communicator), ensemble: nil,
        groups: try communicator.share { try Self.groups(paths) })
    }
    let saved = try communicator.share { try folder.read() }
    let found = try communicator.onFirst { try ModelOnDisk.all(of: saved, in: folder) }
    let groups = try communicator.share {
      saved.members.map { Group(name: folder.place(of: $0.path), models: $0.models.count) }
    }
    return AskedModels(
      models: try SharedModel.sharing(found, settings: settings, over: communicator),
      ensemble: Ensemble(path: folder.path, saved: saved), groups: groups)
  }

  /// Of several cross-validations, each is a member; of one, each fold's model. Nil where there are others among them.
  private static func groups(_ paths: [String]) throws -> [Group]? {
    let folders = try paths.map { try CrossvalFolder.all(at: SavedModel.parse($0).path) }
    guard folders.reduce(0, { $0 + $1.count }) > 1, !folders.contains(where: \.isEmpty) else {
      return nil
    }
    return try folders.joined().map { Group(name: $0.path, models: try $0.folds()) }
  }

  /// The same models by other settings of their recipes. Collective; throws on all ranks if on one.
  func changed(by settings: [String], over communicator: Communicator) throws -> AskedModels {
    let found = models.map(\.found)
    return AskedModels(
      models: try SharedModel.sharing(
        communicator.isFirst ? found.compactMap(\.self) : nil, settings: settings,
        over: communicator),
      ensemble: ensemble, groups: groups)
  }

  typealias Viewing = (views: [EnsemblePass.Views], pipelines: [Pipeline])

  /// What each model is shown of a photo.
  ///
  /// - Parameters:
  ///   - experiments: of each model, on the same photos.
  ///   - comparesPlain: also what it is shown in validation, where that is something else.
  func views(
    of experiments: [Experiment], comparesPlain: Bool
  ) throws(PipelineError) -> Viewing {
    var pipelines = ViewPipelines(comparesPlain: comparesPlain)
    var views: [EnsemblePass.Views] = []
    for experiment in experiments { views.append(try pipelines.views(of: experiment)) }
    return (views, pipelines.pipelines)
  }

  /// Makes sure that they can be asked about photos that nobody has labelled.
  ///
  /// - Parameter rejects: whether photos may be none of the classes.
  func check(rejects: Bool) throws(RunError) {
    if let grey = models.first(where: { $0.channels != 3 }) { throw .grey(grey.path) }
    guard rejects else { return }
    let none = PhotoPredictions.noneOfThese
    if models.contains(where: { $0.state.classes.contains(none) }) { throw .noneIsAClass(none) }
    try models[0].checkMayReject()
  }

  /// Maps are laid over one photo, so all models must see the same part of it.
  func checkCrops() throws(HeatMapError) {
    let whole = Resize.Crop.none
    let crops = models.map { Preparation(of: $0.recipe).crop ?? whole }
    if let other = crops.firstIndex(where: { $0 != crops[0] }) {
      throw .crops(models[0].path, models[other].path)
    }
  }

  /// What is to be known of the models.
  var notes: [String] { models.flatMap(\.notes) }

  /// What members are called: the models' folders, or those of members of several.
  var names: [String] { groups?.map(\.name) ?? models.map(\.path) }

  /// Where each member's models are among all; nil where each is one.
  var ranges: [Range<Int>]? {
    guard let groups else { return nil }
    var start = 0
    return groups.map { group in
      defer { start += group.models }
      return start..<(start + group.models)
    }
  }

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
