import Datasets
import Files
package import Images
package import MPI
package import NeuralNetworks
package import Recipes
import Tensors
import Timelines
import Training

/// Photos as a training sees them: before and after `augment`, and mixed.
package struct Preview {
  /// One place of an epoch's list.
  package struct Sample {
    package let place: Int
    /// Index into the dataset's samples.
    package let photo: Int
    package let before: Image
    package let after: Image
    package let steps: [Journal.Entry]
    /// Nil where it isn't mixed.
    package let mixed: Mixed?
  }

  package struct Mixed {
    /// The other photo's place in the epoch's list.
    package let place: Int
    /// Index into the dataset's samples.
    package let photo: Int
    package let blend: Blend
  }

  package let experiment: Experiment
  package let epoch: Int
  package let samples: [Sample]
  /// Places in the epoch's list.
  package let places: Int

  /// The experiment that a training with the recipe would be, with notes on its weights: on every rank, though
  /// one of them does the rest. Collective; throws on all ranks if on one.
  ///
  /// - Parameters:
  ///   - findRecipe: on rank 0, that of a run, which knows its weights' preparation.
  ///   - makeRecipe: makes the recipe.
  package static func experiment(
    world: World, saved findRecipe: () throws -> SavedRecipe?,
    recipe makeRecipe: () throws -> Recipe
  ) throws -> CheckedExperiment {
    try CheckedExperiment.read(
      world: world, saved: findRecipe, recipe: { _ in try makeRecipe() })
  }

  /// Makes the samples of some places as the training would, with all of their micro-batches.
  ///
  /// - Parameters:
  ///   - epoch: from 0.
  ///   - places: in the epoch's list; those behind its end are left out.
  ///   - getsOn: called after each micro-batch.
  /// - Throws: `NoSuchPlace`, `RecipeError`, `SplitError`, `FoldError`, `PhotoError`.
  package init(
    _ experiment: Experiment, epoch: Int, places: Range<Int>, _ getsOn: () throws -> Void = {}
  ) throws {
    let train = try experiment.makeSplits().train
    guard places.lowerBound < train.count else {
      throw NoSuchPlace(place: places.lowerBound, photos: train.count)
    }
    let list = try experiment.epochList(of: train)
    let plan = list.plan
    let seed = UInt64(experiment.recipe.training.seed)
    let order = list.order(inEpoch: epoch)
    self.experiment = experiment
    self.epoch = epoch
    self.places = train.count
    let batches = plan.steps.flatMap(plan.microBatches(of:)).filter { $0.overlaps(places) }
    let made = try Activity.during("preparing", of: batches.count, "micro-batches") { activity in
      try batches.flatMap { batch in
        defer { activity.advance() }
        try getsOn()
        return try Self.samples(experiment, batch, of: order, seed: seed, epoch: epoch)
      }
    }
    samples = made.filter { places.contains($0.place) }
  }

  private static func samples(
    _ experiment: Experiment, _ places: Range<Int>, of order: [Int], seed: UInt64, epoch: Int
  ) throws -> [Sample] {
    let pipeline = experiment.pipelines[epoch]
    let batch = Tensor(uninitialized: Shape([places.count] + pipeline.shape.extents))
    let images = try places.enumerated().map { row, place in
      let image = try experiment.dataset.image(order[place])
      let journal = Journal()
      pipeline.write(
        image, seed: seed, epoch: epoch, position: place,
        to: batch.pointer + row * pipeline.shape.count, journal: journal)
      return (image, journal.entries)
    }
    let plan = experiment.recipe.mixing?.plan(
      count: places.count, height: pipeline.shape[0], width: pipeline.shape[1], seed: seed,
      epoch: epoch, position: places.lowerBound)
    plan?.apply(to: batch)
    return places.enumerated().map { row, place in
      Sample(
        place: place, photo: order[place], before: images[row].0,
        after: pipeline.image(row, of: batch), steps: images[row].1,
        mixed: plan.map { plan in
          let partner = places.lowerBound + plan.partners[row]
          return Mixed(place: partner, photo: order[partner], blend: plan.blends[row])
        })
    }
  }
}

/// A place behind the end of an epoch's list.
package struct NoSuchPlace: UnusableInput, CustomStringConvertible {
  let place: Int
  let photos: Int

  package var description: String {
    "an epoch has no place \(place): there are \(photos) photos to train on, from place 0"
  }
}
