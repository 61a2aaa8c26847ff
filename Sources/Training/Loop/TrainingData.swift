package import Datasets
package import Images

/// The photos of a training, and how they become batches.
package struct TrainingData: Sendable {
  package let dataset: Dataset
  package let splits: Splits
  /// The photos that each epoch trains on, and how they become steps and micro-batches.
  package let list: EpochList
  /// What is made of photos that are trained on.
  package let pipelines: PipelinesByEpoch
  /// What is made of photos that are not: without random transforms.
  package let evaluationPipeline: Pipeline
  /// Decoding threads of each rank.
  package let loaderThreads: Int

  package init(
    dataset: Dataset, splits: Splits, list: EpochList, pipelines: PipelinesByEpoch,
    evaluationPipeline: Pipeline, loaderThreads: Int
  ) {
    self.dataset = dataset
    self.splits = splits
    self.list = list
    self.pipelines = pipelines
    self.evaluationPipeline = evaluationPipeline
    self.loaderThreads = loaderThreads
  }
}
