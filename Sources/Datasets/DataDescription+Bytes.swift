import Graphs

extension DataDescription {
  /// What `Dataset.byteValues` will say of the data once they are opened, as far as their description tells, and the header of a file of
  /// tensors: statistics, which nobody knows before, are those of uniform bytes.
  /// - Parameter folder: from which relative paths are seen.
  package func byteValues(of declarations: [TensorDeclaration], folder: String) -> [String: ByteValues] {
    guard mixup == nil else { return [:] }
    var values: [String: ByteValues] = [:]
    for input in byteInputs(declarations, folder) { values[input.name] = byteValues(of: input) }
    return values
  }

  /// The inputs whose source has bytes.
  private func byteInputs(_ declarations: [TensorDeclaration], _ folder: String) -> [TensorDeclaration] {
    switch source {
    case .digits, .idx, .imageFolder: return declarations.filter { $0.role == .input && $0.element == .float32 }
    case .tensors(let path, _):
      guard let file = try? SafetensorsFile(InputFile.resolve(path, in: folder)) else { return [] }
      return declarations.filter { input in
        file.entry(input.name).map { TensorsSource.holdsBytes(input, $0) } ?? false
      }
    case .table, .text, .split, .unsupported: return []
    }
  }

  /// Those of a tensor, found by changing one whose channels have every byte once; nil where the changes make floats of it or are not
  /// possible.
  private func byteValues(of input: TensorDeclaration) -> ByteValues? {
    let channels = max(1, input.shape.first ?? 1)
    // With more, a transform that has a pair for each channel makes floats of bytes: here `fit` refuses it, as there is one channel only.
    let hasTables = channels <= FittedTransform.mostTables
    var declaration = input
    declaration.shape = [hasTables ? channels : 1]
    let examples = (0..<256).flatMap { [UInt8](repeating: UInt8($0), count: declaration.shape[0]) }
    var data = DataTensor(declaration, .bytes(examples, values: (0..<256).map { Float($0) }))
    let opening = DataOpening(training: self, declarations: [declaration], folder: "", seed: 0)
    for transform in transforms {
      switch transform {
      case .tokens, .picture, .mixup: continue
      case .standardize where !hasTables, .minMax where !hasTables: return nil
      case .scale, .normalize, .standardize, .minMax: break
      }
      guard transform.tensors.isEmpty || transform.tensors.contains(input.name) else { continue }
      var unused: ArraySlice<FittedTransform> = []
      guard let fitted = try? opening.fit(transform, to: data, trainingRows: Array(0..<256), unused: &unused) else {
        return nil
      }
      fitted.apply(to: &data)
    }
    return data.byteValues
  }
}
