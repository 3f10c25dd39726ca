package import EventStore

/// Something for many profiles, by their dense numbers: an array that reads like a dictionary.
package struct ProfileMap<Held: Sendable>: Sendable {
    private var elements: [Held?] = []
    package private(set) var count = 0

    package init() {}

    package subscript(profile: ProfileNumber) -> Held? {
        get { Int(profile) < elements.count ? elements[Int(profile)] : nil }
        set {
            let index = Int(profile)
            if index >= elements.count {
                guard newValue != nil else { return }
                elements.append(contentsOf: repeatElement(nil, count: index + 1 - elements.count))
            }
            count += (newValue == nil ? 0 : 1) - (elements[index] == nil ? 0 : 1)
            elements[index] = newValue
        }
    }

    package var isEmpty: Bool { count == 0 }
}

extension ProfileMap: Sequence {
    /// The profiles that have something, ascending.
    package struct Iterator: IteratorProtocol {
        fileprivate let all: [Held?]
        fileprivate var index = 0

        package mutating func next() -> (key: ProfileNumber, value: Held)? {
            while index < all.count {
                defer { index += 1 }
                if let element = all[index] { return (ProfileNumber(index), element) }
            }
            return nil
        }
    }

    package func makeIterator() -> Iterator { Iterator(all: elements) }

    package var underestimatedCount: Int { count }
}

extension ProfileMap: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (ProfileNumber, Held)...) {
        for (profile, element) in elements { self[profile] = element }
    }
}
