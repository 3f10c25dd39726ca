import ArgumentParser
@main struct Shoal: AsyncParsableCommand { static let configuration = CommandConfiguration(commandName: "shoal") }
