import Recipes
import Reporting
import Runs

/// Shows the learning curves of a run that has ended to a person who watches; a file has the lines of the epochs.
func showCurves(of recipe: Recipe, in folder: RunFolder, on console: Console) {
  guard console.isTerminal,
    let metrics = try? MetricsRecord(path: folder.metrics, epochsAlone: true)
  else { return }
  let lines = CurvesChart.lines(
    LearningCurves(RunRecord.Training(path: folder.path, recipe: recipe, metrics: metrics)))
  if lines.isEmpty { return }
  console.line()
  for line in lines { console.line(line) }
  console.line()
}
