import Datasets

/// A change of examples on their way to the net.
package protocol DataTransformWord: Word {
  static func transform(_ arguments: Arguments) throws(WordError) -> DataTransform
}

/// The tensors that a transform applies to; every f32 input when none is named.
let transformedTensors = ArgumentSchema.optional("tensors", .name, "every f32 input", repeated: true)
