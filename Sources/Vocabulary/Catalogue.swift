/// Every word, one line each.
package let layerCatalogue: [any LayerWord.Type] = [
  AbsLayer.self,
  AdaptiveAvgPoolLayer.self,
  AdaptiveMaxPoolLayer.self,
  AttentionLayer.self,
  AvgPoolLayer.self,
  BatchNormLayer.self,
  ClipLayer.self,
  ConvLayer.self,
  ConvTransposeLayer.self,
  DropoutLayer.self,
  ELULayer.self,
  EmbeddingLayer.self,
  FlattenLayer.self,
  GELULayer.self,
  GRULayer.self,
  GroupNormLayer.self,
  LSTMLayer.self,
  LayerNormLayer.self,
  LeakyReLULayer.self,
  LinearLayer.self,
  MaxLayer.self,
  MaxPoolLayer.self,
  MeanLayer.self,
  PadLayer.self,
  RMSNormLayer.self,
  RNNLayer.self,
  ReLU6Layer.self,
  ReLULayer.self,
  RelativeBiasLayer.self,
  ReshapeLayer.self,
  ScaleLayer.self,
  ShiftRightLayer.self,
  SiLULayer.self,
  SigmoidLayer.self,
  SinusoidLayer.self,
  SliceLayer.self,
  SoftmaxLayer.self,
  SumLayer.self,
  TakeLayer.self,
  TanhLayer.self,
  TransposeLayer.self,
  UpsampleLayer.self,
]

package let valueCatalogue: [any ValueWord.Type] = [
  ParameterValue.self
]

/// The words that are called like functions.
package let functionCatalogue: [any FunctionWord.Type] = [
  ConcatFunction.self,
  MatmulFunction.self,
]

package let lossCatalogue: [any LossWord.Type] = [
  BinaryCrossEntropyLoss.self,
  CrossEntropyLoss.self,
  HuberLoss.self,
  MAELoss.self,
  MSELoss.self,
]

package let metricCatalogue: [any MetricWord.Type] = [
  AUCMetric.self,
  AccuracyMetric.self,
  ConfusionMetric.self,
  F1Metric.self,
  MAEMetric.self,
  MSEMetric.self,
  PerplexityMetric.self,
  PrecisionMetric.self,
  R2Metric.self,
  RecallMetric.self,
  ExactMatchMetric.self,
  TokenAccuracyMetric.self,
  TopKMetric.self,
]

package let optimizerCatalogue: [any OptimizerWord.Type] = [
  AdagradOptimizer.self,
  AdamOptimizer.self,
  AdamWOptimizer.self,
  RMSPropOptimizer.self,
  SGDOptimizer.self,
]

package let scheduleCatalogue: [any ScheduleWord.Type] = [
  ConstantSchedule.self,
  CosineSchedule.self,
  InverseSqrtSchedule.self,
  LinearSchedule.self,
  PlateauSchedule.self,
  StepSchedule.self,
  WarmupSchedule.self,
]

package let initializerCatalogue: [any InitializerWord.Type] = [
  ConstantInitializer.self,
  DiracInitializer.self,
  EyeInitializer.self,
  GlorotNormalInitializer.self,
  GlorotUniformInitializer.self,
  HeNormalInitializer.self,
  HeUniformInitializer.self,
  IdentityInitializer.self,
  KaimingNormalInitializer.self,
  KaimingUniformInitializer.self,
  LecunNormalInitializer.self,
  LecunUniformInitializer.self,
  NormalInitializer.self,
  OnesInitializer.self,
  OrthogonalInitializer.self,
  RandomNormalInitializer.self,
  RandomUniformInitializer.self,
  TruncNormalInitializer.self,
  TruncatedNormalInitializer.self,
  UniformInitializer.self,
  VarianceScalingInitializer.self,
  XavierNormalInitializer.self,
  XavierUniformInitializer.self,
  ZerosInitializer.self,
]

package let dataSourceCatalogue: [any DataSourceWord.Type] = [
  CSVData.self,
  DigitsData.self,
  IDXData.self,
  ImageFolderData.self,
  SplitData.self,
  TSVData.self,
  TensorsData.self,
  TextData.self,
]

package let dataTransformCatalogue: [any DataTransformWord.Type] = [
  BytesTransform.self,
  CenterCropTransform.self,
  CharsTransform.self,
  CutoutTransform.self,
  FlipTransform.self,
  JitterTransform.self,
  MinMaxTransform.self,
  MixupTransform.self,
  NormalizeTransform.self,
  RandomCropTransform.self,
  RandomResizedCropTransform.self,
  ResizeTransform.self,
  RotateTransform.self,
  ScaleTransform.self,
  SentencepieceTransform.self,
  StandardizeTransform.self,
  WordsTransform.self,
]

/// The words that describe the course of training.
package let ruleCatalogue: [any Word.Type] = [
  CheckpointRule.self,
  EarlyStopRule.self,
  PretrainedRule.self,
]
