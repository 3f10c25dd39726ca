import EventModel
import Synchronization

extension EventStore {
    /// Reads everything there is and checks it against its checksums and against each other.
    ///
    /// Database: SQLite's own check, the checksum of every row, the balance of the counters. Parts: length, digest,
    /// every block and chunk, every row, message and key, and that they are equally many. Sample: the rows of some
    /// profiles against their originals, and whatever `checking` does with them (the live evaluation against the
    /// reference, for instance). It goes on after a problem and lists them all.
    ///
    /// - Parameters:
    ///   - sampleSize: how many profiles are drawn for the sample.
    ///   - progress: called with the bytes read so far and those there are.
    package func verify(
        sampleSize: Int = 100, progress: (Int, Int) -> Void = { _, _ in },
        checking sample: (Snapshot, [ProfileNumber]) throws -> [VerifyReport.Problem] = { _, _ in [] }
    ) throws(EventStoreError) -> VerifyReport {
        var report = VerifyReport()
        let snapshot = try snapshot()
        verifyDatabase(&report)
        let parts = snapshot.assembler.parts
        let total = parts.reduce(0) { $0 + $1.size }
        let digests = (try? database.parts()).map { records in
            Dictionary(records.map { ($0.id, $0.digest) }, uniquingKeysWith: { first, _ in first })
        }
        for part in parts {
            PartVerifier(part: part, decoder: MessageDecoder(settings: snapshot.settings, options: .stored))
                .verify(digest: digests?[part.id], &report)
            progress(report.bytes, total)
        }
        for part in snapshot.assembler.unreadable {
            report.parts += 1
            report.messages += part.record.totals.messages
            report.note(part.error)
        }
        report.messages += snapshot.assembler.recent.reduce(0) { $0 + $1.count }
        verifyCounters(&report)
        if report.isSound { verifySample(snapshot, sampleSize, sample, &report) }
        return report
    }

    private func verifyDatabase(_ report: inout VerifyReport) {
        func note(_ body: () throws(EventStoreError) -> Void) {
            do throws(EventStoreError) { try body() } catch { report.note(error) }
        }
        do throws(EventStoreError) {
            for line in try database.quickCheck() { report.note("database-failed", "SQLite finds: \(line)") }
        } catch {
            report.note(error)
        }
        note { () throws(EventStoreError) in _ = try database.parts() }
        note { () throws(EventStoreError) in _ = try database.identities() }
        note { () throws(EventStoreError) in _ = try database.sources() }
        note { () throws(EventStoreError) in _ = try database.settings() }
        note { () throws(EventStoreError) in _ = try database.checkImportState() }
        note { () throws(EventStoreError) in
            for entry in try database.journal() where JournalBody.records(entry.body, workspace: workspace) == nil {
                throw .rowDamaged(table: "journal", key: "\(entry.id)")
            }
        }
    }

    private func verifyCounters(_ report: inout VerifyReport) {
        do throws(EventStoreError) {
            let counters = try self.counters()
            if !counters.balance {
                report.note(
                    "counters-unbalanced",
                    "\(counters.offered) messages were offered, but \(counters.stored) stored, "
                        + "\(counters.duplicates) duplicate and \(counters.rejected) rejected are counted.")
            }
            if counters.stored != report.messages {
                report.note(
                    "counters-unbalanced",
                    "\(counters.stored) messages were stored, and \(report.messages) are there.")
            }
        } catch {
            report.note(error)
        }
    }

    private func verifySample(
        _ snapshot: Snapshot, _ size: Int, _ sample: (Snapshot, [ProfileNumber]) throws -> [VerifyReport.Problem],
        _ report: inout VerifyReport
    ) {
        var random = SeededRandom(seed: self.random.next())
        var drawn: Set<ProfileNumber> = []
        let count = snapshot.profileCount
        for _ in 0..<(size * 4) where drawn.count < size && count > 0 {
            let profile = ProfileNumber(random.int(below: count))
            let identity = snapshot.assembler.identity
            if identity.profile(of: profile) == profile, identity.role(of: profile) != .handle { drawn.insert(profile) }
        }
        let profiles = drawn.sorted()
        report.sampledProfiles = profiles.count
        do {
            for profile in profiles {
                if let problem = try snapshot.compareWithOriginals(profile) { report.problems.append(problem) }
            }
            report.problems.append(contentsOf: try sample(snapshot, profiles))
        } catch let error as EventStoreError {
            report.note(error)
        } catch {
            report.note("verify-failed", "The sample could not be checked: \(error)")
        }
    }
}

extension Snapshot {
    /// Whether the rows of a profile are those its originals make; nil when they are.
    func compareWithOriginals(_ profile: ProfileNumber) throws(EventStoreError) -> VerifyReport.Problem? {
        let stored = try assembler.histories(of: [profile], projection: .everything)
        let id = assembler.identity.text(of: profile)
        var builder = HistoryBlockBuilder()
        var hasRows = false
        for message in try storedMessages(of: profile) where message.hasRow {
            builder.add(message.message, profile: profile, id: id, arrival: message.arrival)
            hasRows = true
        }
        guard let stored else {
            return hasRows ? problem(profile, "has messages but no rows") : nil
        }
        let derived = builder.finish()
        guard stored.rowCount == derived.rowCount else {
            return problem(profile, "has \(stored.rowCount) rows where its messages make \(derived.rowCount)")
        }
        return stored.hasSameRows(as: derived) ? nil : problem(profile, "has rows its messages do not make")
    }

    private func problem(_ profile: ProfileNumber, _ what: String) -> VerifyReport.Problem {
        VerifyReport.Problem(code: "rows-differ", message: "Profile number \(profile) \(what).")
    }
}

extension HistoryBlock {
    /// Whether two blocks of one profile each say the same about every row, whatever the order of their runs.
    func hasSameRows(as other: HistoryBlock) -> Bool {
        guard rowCount == other.rowCount, profileCount == other.profileCount, firstTimes == other.firstTimes,
            lastTimes == other.lastTimes
        else { return false }
        let mine = rowsByArrival
        let theirs = other.rowsByArrival
        guard mine.keys.sorted() == theirs.keys.sorted() else { return false }
        let paths = Set(allColumns.keys).union(other.allColumns.keys)
        let (flags, otherFlags) = (flags, other.flags)
        for (arrival, row) in mine {
            guard let match = theirs[arrival], times[row.index] == other.times[match.index],
                row.name == match.name, flags[row.index] == otherFlags[match.index]
            else { return false }
            let items = itemOffsets[row.index]..<itemOffsets[row.index + 1]
            let otherItems = other.itemOffsets[match.index]..<other.itemOffsets[match.index + 1]
            guard items.count == otherItems.count else { return false }
            for path in paths {
                let left = column(path)
                let right = other.column(path)
                let pairs =
                    path.scope == .items
                    ? zip(items, otherItems).map { (Int($0), Int($1)) } : [(row.index, match.index)]
                for (a, b) in pairs where (left?.cell(at: a) ?? .missing) != (right?.cell(at: b) ?? .missing) {
                    return false
                }
            }
        }
        return true
    }

    private var rowsByArrival: [UInt64: (index: Int, name: Text)] {
        let arrivals = arrivals
        var rows: [UInt64: (index: Int, name: Text)] = [:]
        for section in sections {
            let name = section.name == Self.identifyCode ? "" : eventNames[Int(section.name)]
            for row in section.rows { rows[arrivals[row]] = (row, name) }
        }
        return rows
    }
}
