#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension DataError {
  /// The words for an error number of the system. By hand, because `strerror` shares one buffer between threads.
  static func words(for errorNumber: Int32) -> String {
    switch errorNumber {
    case ENOENT: "no such file or folder"
    case EACCES, EPERM: "permission denied"
    case EISDIR: "is a folder"
    case ENOTDIR: "a part of the path is not a folder"
    case EEXIST: "exists already"
    case ENOSPC: "no space left on the disk"
    case EDQUOT: "disk quota exceeded"
    case EFBIG: "the file is too large for this file system"
    case EROFS: "the file system is read-only"
    case EIO: "the device reported an error"
    case EMFILE, ENFILE: "too many open files"
    case ENAMETOOLONG: "the path is too long"
    case ELOOP: "too many symbolic links"
    case ENOMEM: "out of memory"
    default: "system error \(errorNumber)"
    }
  }

  /// Opening `path` for reading failed.
  static func cannotOpen(_ path: String, _ errorNumber: Int32) -> DataError {
    DataError(.noInput, path, words(for: errorNumber))
  }
}
