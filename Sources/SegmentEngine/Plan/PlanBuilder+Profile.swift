import EventModel
import EventStore
import SegmentLanguage

/// Conditions about the profile: segments, ranks, reach.
extension PlanBuilder {
    mutating func makeProfileCondition(_ source: Condition) -> ConditionNode {
        switch source.kind {
        case .rank(let metric, let band, let population):
            return rank(source, metric, band, population)
        case .inSegment(let name):
            let segment = segment(name)
            return InSegmentNode(slot: nextConditionSlot(), source: source, segment: segment)
        case .inSegmentForAtLeast(let name, let length):
            let segment = segment(name)
            return InSegmentForAtLeastNode(
                slot: nextConditionSlot(), source: source, segment: segment, length: length.milliseconds)
        case .wasInSegment(let name, let age):
            let segment = segment(name)
            return WasInSegmentNode(
                slot: nextConditionSlot(), source: source, segment: segment, age: age.milliseconds)
        case .entered(let name, let window): return changed(source, name, entering: true, window)
        case .left(let name, let window): return changed(source, name, entering: false, window)
        case .canReceive(let channel): return canReceive(source, channel)
        default:
            return ConditionNode(slot: nextConditionSlot(), traits: .constant, source: source)
        }
    }

    private mutating func rank(
        _ source: Condition, _ metric: Text, _ band: RankBand, _ population: Text?
    ) -> ConditionNode {
        guard let node = self.metric(metric) else {
            return ConditionNode(slot: nextConditionSlot(), traits: .constant, source: source)
        }
        let segment = population.map { self.segment($0) }
        let rank = RankNode(
            slot: nextConditionSlot(), source: source, index: ranks.count, metric: node, population: segment,
            band: band, projection: projection(footprint))
        ranks.append(rank)
        return rank
    }

    private mutating func changed(
        _ source: Condition, _ name: Text, entering: Bool, _ window: SegmentLanguage.Window?
    ) -> ConditionNode {
        let segment = segment(name)
        let node = window.map { self.window($0) }
        if node?.traits.readsGroup ?? false { footprint.followsFromGroup = true }
        return ChangedNode(
            slot: nextConditionSlot(), source: source, segment: segment, entering: entering, window: node)
    }

    private mutating func canReceive(_ source: Condition, _ channel: Text) -> ConditionNode {
        let lookup = consent(settings.consentPurpose(of: channel))
        footprint.interest.names.formUnion(ConsentColumns.events)
        footprint.interest.traits = true
        let address = CanReceiveNode.addressTrait(of: channel).map { column(.trait([$0])) }
        return CanReceiveNode(
            slot: nextConditionSlot(), source: source, channel: channel, lookup: lookup, addressColumn: address)
    }

    mutating func consent(_ purpose: Text) -> ConsentLookup {
        footprint.interest.names.insert(EventName.consentUpdated)
        // Any message may carry the person's choices in its context.
        footprint.interest.anyContext = true
        let columns = ConsentColumns { column($0) }
        return ConsentLookup(purpose: purpose, columns: columns, preference: column(ConsentColumns.preference(purpose)))
    }
}
