import Checkpoints
import DataParallel
import Datasets
package import Inference
package import MPI
import Recipes
import Tensors

extension ReadyModel {
  /// Names of views that may be asked for, besides those that the models have.
  package static let viewNames = TestTimeViews.names

  /// Reads what `tutti predict` would ask, in a process of its own, which is the one rank of its world. All MPI calls are
  /// made here.
  ///
  /// - Parameters:
  ///   - paths: runs' folders, checkpoints, files, cross-validations, or an ensemble's folder.
  ///   - settings: of the runs' recipes, as `KEY=VALUE`.
  ///   - threshold: of the probability under which a photo is none of the classes; nil for none.
  /// - Throws: what `PredictionRun.run` throws of models, and `TwinClasses`.
  package static func load(
    _ paths: [String], settings: [String], rejectingBelow threshold: Double?, world: World
  ) throws -> ReadyModel {
    let communicator = world.communicator
    let asked = try AskedModels.find(paths, settings: settings, over: communicator)
    try asked.check(rejects: threshold != nil)
    let heatMapProblem: (any Error)? = {
      do throws(HeatMapError) { try asked.checkCrops() } catch { return error }
      return nil
    }()
    // One photo, of which nothing is known.
    let nothing = Dataset(unlabelled: ["photo"], classes: asked.models[0].state.classes)
    func experiments(_ asked: AskedModels) throws -> [Experiment] {
      try asked.models.map { try Experiment($0.recipe, dataset: nothing) }
    }
    let own = try experiments(asked)
    let first = try EnsemblePass(asked, own, comparesPlain: false, world: world)
    var passes: [Question: EnsemblePass] = [:]
    let others = settings.filter { !$0.hasPrefix("evaluation.tta=") }
    for name in [nil] + viewNames.map(Optional.init) {
      let same = try name.map {
        try experiments(asked.changed(by: others + ["evaluation.tta=\($0)"], over: communicator))
      }
      for wantsHeatMap in [false, true] where !wantsHeatMap || heatMapProblem == nil {
        let (views, pipelines) = try asked.views(of: same ?? own, comparesPlain: wantsHeatMap)
        passes[Question(views: name, wantsHeatMap: wantsHeatMap)] = first.seeing(
          views, by: pipelines)
      }
    }
    let recipe = own[0].recipe
    let model = ReadyModel(
      paths: asked.models.map(\.path), classes: nothing.classes, decoding: recipe.data.decoding,
      rejectingBelow: threshold ?? 0, threads: first.pool.threads,
      loaderThreads: recipe.data.loaderThreads(beside: first.pool.threads), notes: asked.notes,
      heatMapProblem: heatMapProblem, passes: passes)
    try model.warmUp(on: first.pool)
    return model
  }
}
