import Graphs
import KernelContract
import Ops

/// The copy of a tensor from one layout to another; nil where no kernel does it.
func relayout(_ type: TensorType, from source: Layout, to target: Layout) -> Lowering? { nil }
