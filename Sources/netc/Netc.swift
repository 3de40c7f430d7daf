@main struct Netc { static func main() {} }
