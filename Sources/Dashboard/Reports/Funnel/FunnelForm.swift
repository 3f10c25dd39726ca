import Analytics
import EventModel

/// The form that asks for a funnel: a line for each step.
struct FunnelForm {
    let fields: ReportFields
    let segments: [SegmentName]
    let events: [String]

    /// So many lines are there before anything is typed.
    private static let fewestLines = 3

    var html: HTML {
        """
        \(ReportForm.form("/funnels", name: "Which funnel", """
            <fieldset class="lines" data-lines="One more step" data-most="\(String(FunnelQuestion.mostSteps))"><legend>Steps</legend>
            \(lines)</fieldset>
            \(ReportForm.row(
                ReportForm.input(
                    "within", "All within", fields["within"].isEmpty ? FunnelQuestion.usualWithin : fields["within"],
                    hint: "from the first step: 30 minutes, 7 days", wrong: fields.wrong["within"]),
                ReportForm.select(
                    "order", "Order", [("ordered", "One after another"), ("loose", "Later ones in any order")],
                    fields["order"], wrong: fields.wrong["order"]),
                PeriodChoice.last(days: Period.usualDays).inputs(fields, mayBeEverything: true),
                ReportForm.segment(
                    "segment", "Only members of", segments, fields["segment"], nobody: "Everybody",
                    wrong: fields.wrong["segment"])))
            \(splits)
            """))
        \(ReportForm.list("events", events))
        """
    }

    private var lines: [HTML] {
        let typed = (1...FunnelQuestion.mostSteps).last {
            !fields["step\($0)"].isEmpty || !fields["where\($0)"].isEmpty
        }
        let count = min(max(Self.fewestLines, (typed ?? 0) + 1), FunnelQuestion.mostSteps)
        return (1...count).map { number in
            let (step, filter) = ("step\(number)", "where\(number)")
            return """
                <div data-line>
                \(ReportForm.input(step, "Step \(number)", fields[step], wrong: fields.wrong[step], list: "events", placeholder: number == 1 ? "Product Viewed" : nil))
                \(ReportForm.input(filter, "Step \(number) where", fields[filter], wrong: fields.wrong[filter], placeholder: number == 1 ? "price > 50 and category = \"Shoes\"" : nil, more: " data-filter-of"))
                </div>

                """
        }
    }

    private var splits: HTML {
        let typed = fields.all("per").filter { !$0.isEmpty }
        let count = min(typed.count + 1, FunnelQuestion.mostSegments)
        let isOpen: HTML? = typed.isEmpty && fields["by"].isEmpty && fields.wrong["by"] == nil ? nil : " open"
        let lines = (0..<max(count, typed.count)).map { index -> HTML in
            let isLast = index + 1 == max(count, typed.count)
            return """
                <div data-line>\(ReportForm.segment(
                    "per", "Segment \(index + 1)", segments, index < typed.count ? typed[index] : "", nobody: "–",
                    id: "per\(index + 1)", wrong: isLast ? fields.wrong["per"] : nil))</div>

                """
        }
        return """
            <details class="split"\(isOpen)><summary>Tell groups apart</summary>
            \(ReportForm.row(ReportForm.input("by", "By a property of the first step", fields["by"], hint: "category, or context.campaign.source", wrong: fields.wrong["by"])))
            <fieldset class="lines" data-lines="One more segment" data-most="\(String(FunnelQuestion.mostSegments))"><legend>Or by segment</legend>
            \(lines)</fieldset></details>
            """
    }
}
