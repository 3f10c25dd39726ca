import Testing

@testable import EventStore

@Suite struct IdentityViewTests {
    @Test func `a number that was never given leads to itself`() {
        let view = IdentityTable().view()
        #expect(view.count == 0)
        #expect(view.profile(of: 7) == 7)
        #expect(view.profile(of: .max) == .max)
    }
}
