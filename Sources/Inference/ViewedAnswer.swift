import Evaluation

/// What is said of a batch's photos by all views, and by the plain one where it is to be compared.
struct ViewedAnswer {
  let averaged: BatchAnswer
  let plain: BatchAnswer?

  var predictions: (averaged: Predictions, plain: Predictions?) {
    (averaged.predictions, plain?.predictions)
  }
}
