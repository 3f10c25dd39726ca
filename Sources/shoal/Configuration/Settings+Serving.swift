import EventModel
import Outbound
import Server

/// The settings as the server takes them.
extension Settings {
    func text(_ setting: Setting) -> String { value(of: setting).words }

    var options: ShoalServer.Options {
        var options = ShoalServer.Options()
        options.host = text(.host)
        options.port = number(.port)
        options.connections = number(.connections)
        options.webhookNetworks = networks(.allowWebhooksTo)
        options.trustedProxies = networks(.trustProxy)
        options.rates.eventsPerKey = number(.eventsPerKey)
        options.rates.eventsPerAddress = number(.eventsPerAddress)
        options.rates.requestsPerKey = number(.requestsPerKey)
        options.deadlines.head = .seconds(number(.headSeconds))
        options.deadlines.body = .seconds(number(.bodySeconds))
        options.deadlines.answer = .seconds(number(.answerSeconds))
        options.deadlines.bytesPerSecond = number(.bytesPerSecond)
        options.deadlines.idle = .seconds(number(.idleSeconds))
        return options
    }

    private func number(_ setting: Setting) -> Int {
        if case .number(let number) = value(of: setting) { return number }
        return 0
    }

    private func networks(_ setting: Setting) -> [AddressNetwork] {
        guard case .list(let list) = value(of: setting) else { return [] }
        return list.compactMap { AddressNetwork($0) }
    }

    private func value(of setting: Setting) -> Setting.Value {
        entries.first { $0.setting.name == setting.name }?.value ?? setting.usual
    }
}
