/// The word among `candidates` that was probably meant by `name`, or nil.
///
/// In this order: a synonym from the caller's list (keys in lower case without `_`, such as `dense` for `linear`), the same word but for
/// case and `_`, a word with a few letters changed (the longer the word, the more), the only word that `name` begins or that
/// begins `name`. Of equally close words the first wins.
package func closestSpelling(
  of name: String, among candidates: some Sequence<String>, synonyms: [String: String] = [:]
) -> String? {
  let words = candidates.filter { $0 != name }
  // Nothing in the language is as long; the distance takes the product of both lengths.
  guard name.utf8.count <= 64, !name.isEmpty else { return nil }
  let plain = folded(name)
  if let synonym = synonyms[plain], words.contains(synonym) { return synonym }
  if let same = words.first(where: { folded($0) == plain }) { return same }

  var best: (word: String, distance: Int)?
  for word in words where word.utf8.count <= 64 {
    let distance = editDistance(Array(plain.utf8), Array(folded(word).utf8))
    let allowed = min(3, max(plain.utf8.count, word.utf8.count) / 3)
    if distance <= allowed, distance < best?.distance ?? Int.max { best = (word, distance) }
  }
  if let best { return best.word }

  guard plain.utf8.count >= 3 else { return nil }
  let prefixed = words.filter {
    let word = folded($0)
    return word.utf8.count >= 3 && (word.hasPrefix(plain) || plain.hasPrefix(word))
  }
  return prefixed.count == 1 ? prefixed[0] : nil
}

/// Whether `name` can hardly be anything but a slip for `word`: another case, or one or two letters amiss in a word that is not short.
/// Numbers in names tell things apart, so they must agree: `skip2` is no slip for `skip`.
package func isSlip(_ name: String, for word: String) -> Bool {
  let (left, right) = (folded(name), folded(word))
  if left == right { return true }
  guard left.utf8.count <= 64, right.utf8.count <= 64, left.filter(\.isNumber) == right.filter(\.isNumber) else {
    return false
  }
  return editDistance(Array(left.utf8), Array(right.utf8)) <= min(2, min(left.utf8.count, right.utf8.count) / 3)
}

/// The name in lower case without `_`: `BatchNorm`, `batchnorm` and `batch_norm` are one.
private func folded(_ name: String) -> String {
  name.lowercased().filter { $0 != "_" }
}

/// The least number of insertions, deletions, replacements and swaps of neighbours that turn one word into the other, where no
/// letter is edited twice (the restricted Damerau-Levenshtein distance; Boytsov 2011, section 2.1).
func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var beforeLast = [Int](repeating: 0, count: right.count + 1)
  var last = Array(0...right.count)
  for row in left.indices {
    var current = [row + 1]
    current.reserveCapacity(right.count + 1)
    for column in right.indices {
      let replaced = last[column] + (left[row] == right[column] ? 0 : 1)
      var distance = min(replaced, last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        distance = min(distance, beforeLast[column - 1] + 1)
      }
      current.append(distance)
    }
    beforeLast = last
    last = current
  }
  return last[right.count]
}
