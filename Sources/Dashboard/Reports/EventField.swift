package import Analytics
package import EventModel
package import SegmentLanguage

extension ReportFields {
    /// Reads events with their filter from two fields; nil when nothing is typed, or when it can't be read, which is told.
    ///
    /// - Parameters:
    ///   - name: of the field with the events: a name, or what the language writes: `any of ("A", "B")`.
    ///   - filter: of the field with what `where` says of each; may be empty.
    package mutating func events(_ name: String, filter: String?, _ reader: QuestionReader) -> EventQuery? {
        let events = self[name]
        let condition = filter.map { self[$0] } ?? ""
        guard !events.isEmpty else {
            if !condition.isEmpty { refuse(name, "Name the event that “\(condition)” is about.") }
            return nil
        }
        let plain: EventQuery
        do throws(QuestionReader.Problem) {
            plain = try reader.events(events)
        } catch {
            refuse(name, "That can't be read: \(error.message). Name an event, or write any of (\"A\", \"B\").")
            return nil
        }
        guard plain.window == nil else {
            refuse(name, "Events here have no time of their own; choose a period.")
            return nil
        }
        guard let filter, !condition.isEmpty else { return plain }
        guard plain.filter == nil else {
            refuse(filter, "The event has a filter already; leave one of them out.")
            return nil
        }
        do throws(QuestionReader.Problem) {
            let query = try reader.events("\(Printer.text(of: plain)) where \(condition)")
            guard query.window == nil else {
                refuse(filter, "A filter has no time; choose a period.")
                return nil
            }
            return query
        } catch {
            let help = error.diagnostic?.suggestion.map { " Did you mean \($0)?" } ?? ""
            refuse(
                filter,
                "That can't be read: \(error.message).\(help) Write it like price > 50 and category = \"Shoes\".")
            return nil
        }
    }

    /// Reads a property of events, such as `category` or `context.campaign.source`.
    package mutating func property(_ name: String, _ reader: QuestionReader, mayBeOfItems: Bool) -> PropertyPath? {
        let text = self[name]
        guard !text.isEmpty else { return nil }
        do throws(QuestionReader.Problem) {
            let path = try reader.path(text)
            if mayBeOfItems || path.scope != .items { return path }
            refuse(name, "That is a property of items, of which an event has many; name one of the event itself.")
        } catch { refuse(name, "That is no property; write it like category or context.campaign.source.") }
        return nil
    }

    /// Reads a length of time, such as `7 days`.
    package mutating func duration(_ name: String, _ reader: QuestionReader, usual: String) -> DurationLiteral? {
        let text = self[name].isEmpty ? usual : self[name]
        if text.isEmpty { return nil }
        if let length = reader.duration(text) { return length }
        refuse(name, "“\(text)” is no length of time; write 30 minutes, 24 hours or 7 days.")
        return nil
    }
}

extension EventQuery {
    /// A plain name as it is, anything else as the language writes it, without its window.
    package var title: String {
        if case .named(let name) = events, filter == nil { return name.string }
        return Printer.text(of: EventQuery(events, where: filter))
    }
}
