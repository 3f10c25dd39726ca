/// One token bucket for each of many subjects, in bounded memory.
///
/// Whoever has a token left may take as many as a request has events: the rest is owed, and nothing more is let in until
/// it is paid back. So a large batch passes, and the rate holds over time.
struct TokenBuckets {
    private struct Bucket {
        var tokens: Double
        /// When it had so many, in milliseconds.
        var at: Int64
    }

    private let rate: Double
    private let capacity: Double
    private let subjectsMax: Int
    private var buckets: [Subject: Bucket] = [:]

    /// - Parameters:
    ///   - rate: tokens a second; 0: no limit.
    ///   - burstSeconds: so many seconds' worth of tokens fit into a bucket.
    ///   - subjectsMax: more buckets than these are never kept.
    init(rate: Int, burstSeconds: Int, subjectsMax: Int) {
        self.rate = Double(max(rate, 0))
        capacity = max(Double(rate) * Double(burstSeconds), 1)
        self.subjectsMax = max(subjectsMax, 1)
    }

    var count: Int { buckets.count }

    /// Nil when the subject has a token; else the whole seconds until it has one, at least 1.
    mutating func wait(_ subject: Subject, at now: Int64) -> Int? {
        guard rate > 0 else { return nil }
        // A clock that was set back gives nothing, takes nothing, and counts from there.
        if let bucket = buckets[subject], bucket.at > now { buckets[subject]?.at = now }
        let tokens = tokens(of: subject, at: now)
        return tokens >= 1 ? nil : max(1, Int(((1 - tokens) / rate).rounded(.up)))
    }

    /// Takes tokens, whether they are there or not.
    mutating func take(_ count: Int, from subject: Subject, at now: Int64) {
        guard rate > 0, count > 0 else { return }
        let tokens = tokens(of: subject, at: now) - Double(count)
        if buckets.count >= subjectsMax, buckets[subject] == nil { makeRoom(at: now) }
        buckets[subject] = Bucket(tokens: tokens, at: now)
    }

    private func tokens(of subject: Subject, at now: Int64) -> Double {
        buckets[subject].map { tokens(in: $0, at: now) } ?? capacity
    }

    private func tokens(in bucket: Bucket, at now: Int64) -> Double {
        min(capacity, bucket.tokens + Double(max(0, now - bucket.at)) * rate / 1_000)
    }

    /// Forgets full buckets, which are as good as none; when that is not enough, those that are nearly full, then more.
    private mutating func makeRoom(at now: Int64) {
        for share in [1, 0.5, 0.0] {
            buckets = buckets.filter { tokens(in: $0.value, at: now) < share * capacity }
            // Rarely done, so it must help for long.
            if buckets.count <= subjectsMax / 2 { return }
        }
        buckets.removeAll(keepingCapacity: true)
    }
}

extension TokenBuckets {
    /// Whose bucket it is.
    struct Subject: Hashable, Sendable {
        private let high: UInt64
        private let low: UInt64

        /// A client: an address of version 4, or the 64 bits that a network of version 6 has at least, since whoever
        /// has one of its addresses has them all.
        init(_ client: ClientAddress) {
            if client.isV4 {
                (high, low) = (0, UInt64(truncatingIfNeeded: client.bits))
            } else {
                (high, low) = (UInt64(truncatingIfNeeded: client.bits >> 64), .max)
            }
        }

        init(_ key: AccessKey) { self.init(digest: key.digest) }

        init(_ session: Session) { self.init(digest: session.digest) }

        private init(digest: [UInt8]) {
            func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
            (high, low) = (word(digest.prefix(8)), word(digest.dropFirst(8).prefix(8)))
        }
    }
}
