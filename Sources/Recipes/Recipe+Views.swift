package import Images

extension Recipe {
  /// What is done to a photo for each test-time view, from its pixels to the net's floats; none where
  /// `evaluation.tta` is `none`.
  ///
  /// A view's steps come behind all that validation does to pixels, or in their place if the first
  /// resizes: a crop then has more of the photo to be cut of, and nothing is resized twice. What such a
  /// step leaves open is as in validation.
  package var views: [[any Transform]] {
    let plain = augment.withoutRandom
    let border = plain.firstIndex { $0 is Normalize } ?? plain.endIndex
    let resize = plain.lazy.compactMap { $0 as? any ResizingTransform }.first
    return evaluation.views.lists.map { steps in
      let filled = steps.map { step -> any Transform in
        guard var step = step as? any ResizingTransform else { return step }
        step.interpolation = step.interpolation ?? resize?.interpolation
        step.crop = step.crop ?? resize?.crop
        return step
      }
      return (steps.first is any ResizingTransform ? [] : plain[..<border]) + filled
        + plain[border...]
    }
  }

  /// Notes what can't be a view: steps that don't change pixels, crops of more than there is, and what
  /// makes images of another size than the net takes.
  func checkViews(_ reader: inout RecipeReader) {
    let key = "evaluation.tta"
    for (index, steps) in evaluation.views.lists.enumerated() {
      let view = "view \(index + 1) of `\(key)`"
      if let step = steps.first(where: { !($0 is any PixelTransform) }) {
        let word = type(of: step).word
        return reader.require(
          false, key,
          otherwise: "`\(word)` is in \(view), which changes pixels alone; leave it out: all "
            + "behind them is done as `augment` says")
      }
      var side = steps.first is any ResizingTransform ? nil : model.imageSize
      for case let step as any SizedTransform in steps {
        if let whole = side, !(step is any ResizingTransform), step.size > whole + step.border {
          return reader.require(
            false, key,
            otherwise: "`\(type(of: step).word): \(step.size)` in \(view) is more than the "
              + "\(whole)×\(whole) pixels that it is cut of; cut less, or begin the view with a larger "
              + "`resize`")
        }
        side = step.size
      }
      guard side == nil || side == model.imageSize else {
        return reader.require(
          false, key, "model.image-size",
          otherwise: "\(view) makes \(side ?? 0)×\(side ?? 0) pixels, but `model.image-size` is "
            + "\(model.imageSize); a step without a size follows it")
      }
    }
  }
}

extension SizedTransform {
  /// Pixels that are put around an image before it is cut, at most.
  fileprivate var border: Int { (self as? RandomCrop)?.padding.max().map { 2 * Int($0) } ?? 0 }
}
