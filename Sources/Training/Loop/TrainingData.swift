package import Datasets
package import Images

/// The photos of a training, and how they become batches.
package struct TrainingData: Sendable {
  package let dataset: Dataset
  package let splits: Splits
  /// What is made of photos that are trained on.
  package let pipeline: Pipeline
  /// What is made of photos that are not: without random transforms.
  package let evaluationPipeline: Pipeline
  /// How the photos to train on become steps and micro-batches.
  package let plan: StepPlan
  /// Decoding threads of each rank.
  package let loaderThreads: Int

  package init(
    dataset: Dataset, splits: Splits, pipeline: Pipeline, evaluationPipeline: Pipeline,
    plan: StepPlan, loaderThreads: Int
  ) {
    self.dataset = dataset
    self.splits = splits
    self.pipeline = pipeline
    self.evaluationPipeline = evaluationPipeline
    self.plan = plan
    self.loaderThreads = loaderThreads
  }
}
