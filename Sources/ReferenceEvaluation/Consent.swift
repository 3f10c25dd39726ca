import EventModel
import SegmentLanguage

/// One message's word on one purpose.
struct ConsentSetting {
    let place: Place
    let purpose: Text
    let state: ConsentState
}

/// What a message says of consent: `context.consent.categoryPreferences`, then, of a `Consent Updated`, its
/// own properties, which so have the last word within one message.
func consentSettings(of message: Message, at place: Place) -> [ConsentSetting] {
    var settings: [ConsentSetting] = []
    if case .object(let preferences) = lookUp(["consent", "categoryPreferences"], in: message.context) {
        for member in preferences.effectiveMembers {
            guard let state = consentState(member.value) else { continue }
            settings.append(ConsentSetting(place: place, purpose: member.key, state: state))
        }
    }
    if message.kind != .identify, message.event == "Consent Updated",
        let purpose = ReferenceValue(message.properties["purpose"]).identity,
        let state = consentState(message.properties["state"])
    {
        settings.append(ConsentSetting(place: place, purpose: purpose, state: state))
    }
    return settings
}

private func consentState(_ value: JSONValue?) -> ConsentState? {
    switch ReferenceValue(value).identity {
    case "true": .granted
    case "false": .denied
    case let word?: ConsentState(rawValue: word.string)
    case nil: nil
    }
}

extension Profile {
    /// The last word on a purpose at or before `now`.
    func consent(for purpose: Text, at now: Int64) -> ConsentSetting? {
        consents.last { $0.purpose == purpose && $0.place.time <= now }
    }

    /// Whether a channel may and can be used: consent granted, an address, and no refusal since that consent.
    func canReceive(_ channel: Text, settings: WorkspaceSettings, at now: Int64) -> Bool {
        let purpose = settings.consentPurposeByChannel[channel] ?? channel
        guard let consent = consent(for: purpose, at: now), consent.state == .granted,
            hasAddress(for: channel, at: now)
        else { return false }
        return !events.contains { event in
            event.time <= now && consent.place < event.place && refuses(event, channel)
        }
    }

    private func hasAddress(for channel: Text, at now: Int64) -> Bool {
        switch channel {
        case "email": isAddress(trait(["email"], at: now))
        case "sms": isAddress(trait(["phone"], at: now))
        case "web_push": isSubscription(trait(["push_subscription"], at: now)) || hasSubscribed(at: now)
        default: false
        }
    }

    /// The last of `Push Subscribed` and `Push Unsubscribed` is a subscription.
    private func hasSubscribed(at now: Int64) -> Bool {
        let last = events.last { event in
            event.time <= now && (event.name == "Push Subscribed" || event.name == "Push Unsubscribed")
        }
        return last?.name == "Push Subscribed"
    }
}

/// A scalar that is not the empty string.
private func isAddress(_ value: JSONValue?) -> Bool {
    guard let text = ReferenceValue(value).identity else { return false }
    return !text.isEmpty
}

private func isSubscription(_ value: JSONValue?) -> Bool {
    value != nil && value != .bool(false) && value != .string("")
}

/// Unsubscribed, bounced for good, or suppressed on that channel.
private func refuses(_ event: Event, _ channel: Text) -> Bool {
    guard ReferenceValue(event.properties["channel"]).identity == channel else { return false }
    switch event.name {
    case "Unsubscribed", "Suppressed": return true
    case "Message Bounced": return event.properties["type"] == .string("hard")
    default: return false
    }
}
