/// What a workspace decides about the meaning of its messages and definitions.
package struct WorkspaceSettings: Sendable {
    /// The zone of calendar terms and of times without an offset.
    package var zone: Zone
    /// The currency (ISO 4217) into which amounts are converted; nil: amounts stay as they are.
    package var baseCurrency: Text?
    package var rates: ExchangeRates
    package var catalogue: Catalogue
    /// The consent purpose that a channel needs; a channel that is not named needs the purpose of its own name.
    package var consentPurposeByChannel: [Text: Text]
    /// Whether anonymous ids are joined by handles; not in stores that were made before there were any.
    package var joinsHandles: Bool

    package init(
        zone: Zone = .utc, baseCurrency: Text? = nil, rates: ExchangeRates = ExchangeRates(),
        catalogue: Catalogue = .empty, consentPurposeByChannel: [Text: Text] = [:], joinsHandles: Bool = true
    ) {
        self.zone = zone
        self.baseCurrency = baseCurrency
        self.rates = rates
        self.catalogue = catalogue
        self.consentPurposeByChannel = consentPurposeByChannel
        self.joinsHandles = joinsHandles
    }

    package func consentPurpose(of channel: Text) -> Text {
        consentPurposeByChannel[channel] ?? channel
    }
}
