import Experiments
import Planning
import Recipes

/// What `tutti plan --json` prints.
struct PlanDocument: Encodable {
  struct OfRecipe: Encodable {
    let recipe: String?
    let model: String
    let folds: Int?
    let trainingPhotos: Int
    let validationPhotos: Int
    /// With each micro-batch.
    let measured: [MicroBatch]
    /// The best first.
    let fitting: [Prediction]
    let leftOut: [Prediction]
    /// The command of the first.
    let start: String?

    init(_ source: String?, _ plan: RecipePlan, start: String?) {
      recipe = source
      model = plan.checked.experiment.recipe.model.name
      folds = plan.folds
      (trainingPhotos, validationPhotos) = plan.photos
      measured = plan.costs.sorted { $0.key < $1.key }.map { MicroBatch(size: $0, costs: $1) }
      fitting = plan.ranked
      leftOut = plan.predictions.filter { $0.obstacle != nil }
      self.start = start
    }
  }

  struct MicroBatch: Encodable {
    let size: Int
    let costs: TrainingCosts
  }

  let cluster: Cluster
  let recipes: [OfRecipe]

  init(_ cluster: Cluster, _ recipes: [OfRecipe]) {
    self.cluster = cluster
    self.recipes = recipes
  }
}
