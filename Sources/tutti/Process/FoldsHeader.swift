import DataParallel
import Datasets
import Experiments
import MPI
import NeuralNetworks
import Recipes
import Reporting
import Runs
import Tensors

extension RunHeader {
  /// The first lines of what is done fold by fold, with the photos of each class in each fold.
  init(
    _ checked: CheckedExperiment, _ pool: FoldedPool, folder: String, _ world: World
  ) throws {
    let experiment = checked.experiment
    let (dataset, cores) = (experiment.dataset, checked.cores)
    let lists = (0..<pool.count).map(pool.indices(in:)) + [pool.test]
    let columns = lists.map(dataset.classCounts)
    let photos = dataset.classes.enumerated().map { label, name in
      (name: name, counts: columns.map { $0[label] })
    }
    self.init(
      model: experiment.recipe.model.name, parameters: experiment.model.layout.parameterCount,
      frozen: experiment.frozenParameters,
      ranks: world.communicator.size, hosts: world.topology.hosts.count, threads: cores.threads,
      coresUsed: cores.used, coresAvailable: cores.available, folder: folder,
      columns: (0..<pool.count).map { "fold \($0)" } + ["test"], photos: photos,
      photosInAll: dataset.hasLabelSets ? lists.map(\.count) : nil,
      drawn: try experiment.drawnShares(ofFolds: pool.count).map { ($0.ofClasses, $0.ofPhotos) })
  }
}
