import Datasets

/// Where examples come from.
package protocol DataSourceWord: Word {
  static func source(_ arguments: Arguments) throws(WordError) -> DataSource
}
