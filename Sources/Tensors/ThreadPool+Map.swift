import Synchronization

extension ThreadPool {
  /// What `body` gives for 0 … `count` − 1, in that order, computed in any order on all threads.
  package func map<Value: Sendable>(_ count: Int, _ body: (Int) -> Value) -> [Value] {
    let found = Mutex([Value?](repeating: nil, count: count))
    run(count) { index in
      let value = body(index)
      found.withLock { $0[index] = value }
    }
    return found.withLock { $0.compactMap(\.self) }
  }
}
