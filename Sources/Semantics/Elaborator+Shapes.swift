import Source
import Syntax
import Vocabulary

extension Elaborator {
  /// The chain of shapes that led to a tensor. Long runs that keep height and width stand on one line.
  func shapes(_ chain: ChainStep?) -> [Diagnostic.Note] {
    let rows = rows(chain, upTo: nil)
    return rows.isEmpty ? [] : [.shapesOnTheWay(rows)]
  }

  /// The rows of a chain from `start`, which is left out, or from its beginning.
  private func rows(_ chain: ChainStep?, upTo start: ChainStep?) -> [Diagnostic.Row] {
    var steps: [ChainStep] = []
    var step = chain
    while let current = step, current !== start {
      if !current.keepsShape || current.previous == nil { steps.append(current) }
      step = current.previous
    }
    steps.reverse()
    var rows: [Diagnostic.Row] = []
    var index = 0
    while index < steps.count {
      let run = keptRun(steps, from: index)
      if run >= 3 {
        let (first, last) = (steps[index], steps[index + run - 1])
        let size = last.type.shape.dropFirst().map(String.init).joined(separator: " x ")
        rows.append(
          Diagnostic.Row(
            "\(first.name)..\(last.name) keep \(size)",
            at: first.place.start < last.place.start ? first.place.extended(to: last.place) : nil))
        index += run
      } else {
        let current = steps[index]
        rows.append(
          Diagnostic.Row(
            current.name, current.type.description, at: current.place, arithmetic: current.arithmetic?() ?? ""))
        index += 1
      }
    }
    if rows.count > 17 {
      rows.replaceSubrange(8..<(rows.count - 8), with: [Diagnostic.Row("… (\(rows.count - 16) more)")])
    }
    return rows
  }

  /// How many steps from `start` keep the height and width of the step before.
  private func keptRun(_ steps: [ChainStep], from start: Int) -> Int {
    guard start > 0 else { return 0 }
    let size = steps[start - 1].type.shape.dropFirst()
    guard steps[start - 1].type.rank == 3 else { return 0 }
    var end = start
    while end < steps.count, steps[end].type.rank == 3, steps[end].type.shape.dropFirst() == size,
      steps[end].place.file == steps[start].place.file
    {
      end += 1
    }
    return end - start
  }

  /// The message for two tensors that cannot be combined, with what would make them fit.
  func unequalShapes(
    _ node: BinarySyntax, _ a: TensorMeaning, _ b: TensorMeaning, _ left: ExampleType, _ right: ExampleType,
    _ frame: Frame
  ) {
    guard isWorthTelling(.unequalShapes, at: node.span) else { return }
    let (first, second) = (shortened(node.left.span), shortened(node.right.span))
    var notes: [Diagnostic.Note] = []
    if left.rank != right.rank {
      notes.append(.init("the number of axes differs: \(left.rank) and \(right.rank)"))
    } else if left.rank == 3 {
      // What came here on the shorter way is the shortcut, which a projection can fit to the other.
      let projectsLeft = length(a.chain) < length(b.chain)
      notes.append(
        .init(
          projectsLeft
            ? imageDifference(right.shape, left.shape, first, node.left)
            : imageDifference(left.shape, right.shape, second, node.right)))
    } else {
      for (axis, (x, y)) in zip(left.shape, right.shape).enumerated() where x != y && x != 1 && y != 1 {
        notes.append(.init("axis \(axis) differs: \(x) and \(y)"))
      }
    }
    error(
      .unequalShapes, "`\(shortened(node.span))` needs equal shapes: \(first) is \(left), \(second) is \(right)",
      at: node.span, frame,
      notes: notes + ways(a.chain, b.chain, first, second),
      help: parameterHelp(node, left, right, frame)
        ?? paddingHelp(left, right) + widthHelp(left, a.chain, first, right, b.chain, second))
  }

  /// The shape that a `parameter` on one side of an operator needs; nil where neither side is one.
  private func parameterHelp(
    _ node: BinarySyntax, _ left: ExampleType, _ right: ExampleType, _ frame: Frame
  ) -> [Diagnostic.Help]? {
    for (side, own, other) in [(node.right, right, left), (node.left, left, right)] {
      guard let name = side.bareCall, let entry = frame.entry(name.text), entry.kind == .layer,
        case .layer(let layer)? = frame.declaration?.body.first(where: { $0.declaredName?.span == entry.span }),
        layer.call.path[0].text == ParameterValue.name,
        let sizes = layer.call.arguments?.arguments.first(where: { $0.name?.text ?? "dims" == "dims" })
      else { continue }
      // Sizes of 1 are repeated: what is the same at all places stays the same.
      let missing = Array(repeating: 1, count: max(0, other.rank - own.rank))
      let shape =
        own.rank < other.rank && other.shape.suffix(own.rank) == own.shape[...] ? missing + own.shape : other.shape
      let list = "[\(shape.map(String.init).joined(separator: ", "))]"
      return [
        .init(
          "`\(name.text)` (\(line(entry.span, for: node.span))) fits as `\(ParameterValue.name)(\(list))`",
          edits: [.init(sizes.value.span, list)], isSure: false)
      ]
    }
    return nil
  }

  /// The message for arguments of a function that cannot be combined.
  func unequalTensors(
    _ failure: LayerFailure, _ first: (String, ExampleType), _ second: (String, ExampleType), _ frame: Frame
  ) {
    let given = failure.bound.given
    let a = given.first { $0.tensor?.type == first.1 }
    let b = given.last { $0.tensor?.type == second.1 }
    var names = (first.0, second.0)
    if let x = a?.name, let y = b?.name, x != y { names = (x, y) }
    var notes = a.flatMap { a in b.map { ways(a.chain, $0.chain, names.0, names.1) } } ?? []
    let joining = failure.word == ConcatFunction.name ? joiningAxes(failure, first.1, second.1) : nil
    if let joining { notes.insert(joining.note, at: 0) }
    error(
      .unequalShapes, "\(failure.name): \(names.0) is \(first.1), \(names.1) is \(second.1)", at: failure.stage.place,
      frame, notes: notes, help: joining?.help ?? halvedHelp(first.1, a?.chain, second.1, b?.chain, failure.stage.place)
    )
  }

  /// Which axes of tensors to join differ and may not; with the axis along which all of them can be joined, where there is one.
  private func joiningAxes(
    _ failure: LayerFailure, _ first: ExampleType, _ second: ExampleType
  ) -> (note: Diagnostic.Note, help: [Diagnostic.Help]?)? {
    let given = failure.bound.arguments.whole("axis", else: 0)
    let axis = given < 0 ? given + first.rank : given
    guard first.rank == second.rank, first.element == second.element else { return nil }
    let differing = first.shape.indices.filter { $0 != axis && first.shape[$0] != second.shape[$0] }
    let sizes = differing.map { "axis \($0) is \(first.shape[$0]) and \(second.shape[$0])" }
    let note = Diagnostic.Note(
      "concat joins along axis \(axis), so the other axes must agree: \(sizes.joined(separator: ", "))")
    let types = failure.bound.given.map(\.tensor?.type)
    guard differing.count == 1, let last = failure.bound.spans["tensors"],
      types.allSatisfy({ type in
        type.map {
          $0.element == first.element && without(differing[0], $0.shape) == without(differing[0], first.shape)
        }
          ?? false
      })
    else { return (note, nil) }
    let span = failure.bound.spans["axis"] ?? last.after
    let text = failure.bound.spans["axis"] == nil ? ", axis=\(differing[0])" : "axis=\(differing[0])"
    let call = failure.stage.span
    let written = call.file.span(call.start, span.start).text + text + call.file.span(span.end, call.end).text
    return (note, [.init("write `\(written)`", edits: [.init(span, text)], isSure: false)])
  }

  /// A row less on one way: an odd size was halved and doubled again.
  private func halvedHelp(
    _ first: ExampleType, _ a: ChainStep?, _ second: ExampleType, _ b: ChainStep?, _ place: SourceSpan
  ) -> [Diagnostic.Help] {
    guard first.rank == second.rank, first.rank >= 2, first.shape.dropFirst() != second.shape.dropFirst() else {
      return []
    }
    let isFirst = zip(first.shape.dropFirst(), second.shape.dropFirst()).allSatisfy { $0 <= $1 }
    var step = isFirst ? a : b
    while let current = step, let previous = current.previous {
      for (after, before) in zip(current.type.shape.dropFirst(), previous.type.shape.dropFirst())
      where current.type.rank == previous.type.rank && before % 2 == 1 && after == before / 2 {
        return [
          .init(
            "`\(current.name)` (\(line(current.place, for: place))) makes \(after) of \(before), which doubled is \(2 * after): "
              + "sizes that are halved and doubled again must be even")
        ]
      }
      step = previous
    }
    return []
  }

  /// A last axis that a further layer can fit.
  private func widthHelp(
    _ left: ExampleType, _ a: ChainStep?, _ first: String, _ right: ExampleType, _ b: ChainStep?, _ second: String
  ) -> [Diagnostic.Help] {
    guard left.rank == right.rank, (1...2).contains(left.rank), left.shape.dropLast() == right.shape.dropLast(),
      left.element == .float32, right.element == .float32
    else { return [] }
    // What came here on the longer way is fitted to the other.
    let fitsLeft = length(a) > length(b)
    let (name, wanted) = fitsLeft ? (first, right) : (second, left)
    return [.init("a last `-> linear(\(wanted.shape.last ?? 1))` on the way to \(name) makes it \(wanted)")]
  }

  private func length(_ chain: ChainStep?) -> Int {
    var count = 0
    var step = chain
    while let current = step {
      count += 1
      step = current.previous
    }
    return count
  }

  /// A few rows less on one way: a convolution without padding.
  private func paddingHelp(_ left: ExampleType, _ right: ExampleType) -> [Diagnostic.Help] {
    guard left.rank == 3, right.rank == 3 else { return [] }
    let difference = abs(left.shape[1] - right.shape[1])
    guard difference > 0, difference <= 6, difference % 2 == 0, difference == abs(left.shape[2] - right.shape[2]) else {
      return []
    }
    return [.init("`pad=same` keeps the height and width of a convolution")]
  }

  /// How two tensors came about since they went separate ways.
  private func ways(_ a: ChainStep?, _ b: ChainStep?, _ first: String, _ second: String) -> [Diagnostic.Note] {
    var seen: Set<ObjectIdentifier> = []
    var step = a
    while let current = step {
      seen.insert(ObjectIdentifier(current))
      step = current.previous
    }
    var fork = b
    while let current = fork, !seen.contains(ObjectIdentifier(current)) { fork = current.previous }
    return [(first, a), (second, b)].compactMap { name, chain in
      let rows = rows(chain, upTo: fork)
      return rows.isEmpty ? nil : Diagnostic.Note("shapes on the way to \(name):", rows: rows)
    }
  }

  private func imageDifference(_ left: [Int], _ right: [Int], _ name: String, _ operand: ExpressionSyntax) -> String {
    var parts: [String] = []
    if left[0] != right[0] { parts.append("channels differ (\(left[0]), \(right[0]))") }
    let sizes = (left[1], left[2]) != (right[1], right[2])
    let stride = right[1] / max(1, left[1])
    let isStrided =
      sizes && stride > 1 && (right[1] + stride - 1) / stride == left[1] && (right[2] + stride - 1) / stride == left[2]
    if isStrided {
      parts.append("height, width differ by \(stride)")
    } else if sizes {
      parts.append("height, width differ (\(left[1]) x \(left[2]), \(right[1]) x \(right[2]))")
    }
    guard isStrided || !sizes, case .call(let call) = operand, call.bareName != nil else {
      return parts.joined(separator: " and ")
    }
    let argument = isStrided ? ", stride=\(stride)" : ""
    return parts.joined(separator: " and ") + ": a projection would fit:\n\(name) -> conv(\(left[0]), 1\(argument))"
  }
}
