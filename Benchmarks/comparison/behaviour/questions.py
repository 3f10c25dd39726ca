"""The twenty-five segments of Benchmarks/segments/behaviour.shoal and the four reports, in SQL.

They mean what the segment language means: windows are open at their start, visits are made of browsing events, quintiles
and shares of a population are those of the language. `alone` has a statement for each segment, `together` statements
that answer several from one scan of the rows they share; a database is measured in the form that suits it better.
"""

from .words import BROWSING, DAY, NOW, ago

VIEWED, ADDED, CHECKOUT, ORDERED, CLICKED, SURVEYED = (
    f"event = '{name}'"
    for name in ("Product Viewed", "Product Added", "Checkout Started", "Order Completed", "Email Link Clicked",
                 "Survey Answered"))
BROWSED = ", ".join(f"'{name}'" for name in BROWSING)
LINE = "category in ('Shoes Basics', 'Kitchen Premium', 'Electronics Outlet')"
GERMAN = "country in ('DE', 'AT', 'CH')"
SEQUENCE = ["Product Viewed", "Product Added", "Checkout Started"]
FUNNEL = [*SEQUENCE, "Order Completed"]


def any_of(*conditions):
    return "event in (" + ", ".join(condition.split(" = ")[1] for condition in conditions) + ")"


def since(days):
    return f"ts > {ago(days)}"


class Questions:
    def __init__(self, dialect):
        self.dialect = dialect
        self.alone = self.made_alone()
        self.together = self.made_together()
        self.reports = self.made_reports()

    def having(self, rows, condition):
        return f"select profile from e where {rows} group by profile having {condition}"

    def evening(self):
        return f"{self.dialect.hour} >= 18 and {self.dialect.weekday} < 5"

    def paid_views(self):
        return (f"{VIEWED} and {GERMAN} and device = 'mobile' and channel in ('paid_search', 'paid_social') "
                f"and price > 5000 and {since(180)}")

    def made_alone(self):
        d, having = self.dialect, self.having
        every = "count(*)"
        return {
            "s01": having(f"{VIEWED} and {since(30)}", f"{every} >= 5"),
            "s02": having(any_of(VIEWED, ORDERED), f"{d.count(VIEWED)} >= 1 and {d.count(ORDERED)} = 0"),
            "s03": having(any_of(ADDED, ORDERED), f"{d.latest(ADDED)} > {ago(14)} and {d.latest(ORDERED)} < {d.latest(ADDED)}"),
            "s04": having(f"{ORDERED} and {since(90)}", "sum(revenue) >= 20000"),
            "s05": having(ORDERED, f"{every} >= 2 and sum(revenue) >= 12000 * {every}"),
            "s06": having(f"{VIEWED} and {since(180)}", f"{d.categories(VIEWED)} >= 8"),
            "s07": f"select profile from e group by profile having min(ts) > {ago(60)} and max(ts) > {ago(7)}",
            "s08": f"select profile from ({d.reaches(SEQUENCE, DAY)}) q where reached = 3",
            "s09": having(ORDERED, f"{every} >= 2 and {every} = {d.count(d.is_coupon)}"),
            "s10": having(ORDERED, f"{every} = 1 and max(ts) <= {ago(90)}"),
            "s11": having(f"{ORDERED} and {since(365)}", f"{every} >= 3 and {d.months(since(365))} >= 3"),
            "s12": having(ORDERED, f"{every} = {d.count(f'{d.month} in (11, 12)')}"),
            "s13": d.cart,
            "s14": f"select profile from (select profile, {self.fifths()} from (select profile, max(ts) lo, count(*) o, "
                   f"sum(revenue) rev from e where {ORDERED} group by profile) q) r where rq >= 4 and fq >= 4 and mq >= 4",
            "s15": having(SURVEYED, f"{d.score_at_last(SURVEYED)} <= 6"),
            "s16": having(f"{any_of(CLICKED, ORDERED)} and {since(60)}", f"{d.count(CLICKED)} >= 2 and {d.count(ORDERED)} = 0"),
            "s17": f"select distinct profile from (select profile, category from e where ({VIEWED} and {since(90)}) or {ORDERED} "
                   f"group by profile, category having {d.count(VIEWED)} >= 3 and {d.count(ORDERED)} = 0) q",
            "s18": f"select profile from ({d.returning(BROWSED)}) q where profile not in (select profile from e where {ORDERED})",
            "s19": having(ORDERED, f"{every} >= 3 and ({NOW} - max(ts)) * ({every} - 1) > 2 * (max(ts) - min(ts))"),
            "s20": f"select profile from (select profile, {self.place()} rn, count(*) over () n from (select profile, "
                   f"sum(revenue) rev from e where {ORDERED} group by profile) q) r where rn * 10 < n + 10",
            "s21": having(f"{ORDERED} and {LINE}", f"{every} >= 2"),
            "s22": having(ORDERED, f"{every} >= 2 and 2 * {d.count(self.evening())} > {every}"),
            "s23": having(any_of(VIEWED, ADDED),
                          f"{d.count(ADDED)} >= 3 and {d.sum('price', ADDED)} * {d.count(VIEWED)} * 10 "
                          f"<= {d.sum('price', VIEWED)} * {d.count(ADDED)} * 6"),
            "s24": having(ORDERED, f"sum(revenue) >= 50000 and max(ts) <= {ago(120)}"),
            "s25": having(f"{any_of(VIEWED, ADDED)} and {GERMAN}",
                          f"{d.count(self.paid_views())} >= 2 and {d.count(f'{ADDED} and quantity >= 2')} >= 1"),
        }

    def fifths(self):
        d = self.dialect
        return f"{d.fifth('lo')} rq, {d.fifth('o')} fq, {d.fifth('rev')} mq"

    def place(self):
        """From the top; ties go by profile."""
        return f"row_number() over (order by rev desc, {self.dialect.text})"

    def made_together(self):
        """[(segments, statement)]; a statement answers count and sum of ids of each of its segments."""
        d = self.dialect
        orders = f"""select profile, count(*) o, sum(revenue) rev, max(ts) lo, min(ts) fo, {d.sum('revenue', since(90))} r90,
            {d.count(since(365))} o365, {d.months(since(365))} mo, {d.count(d.is_coupon)} oc,
            {d.count(f'{d.month} in (11, 12)')} onov, {d.count(self.evening())} oeve, {d.count(LINE)} oline
            from e where {ORDERED} group by profile"""
        ranked = f"select *, {self.fifths()}, {self.place()} rn, count(*) over () n from ({orders}) q"
        products = f"""select profile, {d.count(f'{VIEWED} and {since(30)}')} v30, {d.count(VIEWED)} v, {d.sum('price', VIEWED)} pv,
            {d.count(ADDED)} a, {d.sum('price', ADDED)} pa, {d.latest(ADDED)} la, {d.count(ORDERED)} o, {d.latest(ORDERED)} lo,
            {d.categories(f'{VIEWED} and {since(180)}')} dc, {d.count(self.paid_views())} fv,
            {d.count(f'{ADDED} and {GERMAN} and quantity >= 2')} fa
            from e where {any_of(VIEWED, ADDED, ORDERED)} group by profile"""
        mails = f"""select profile, {d.score_at_last(SURVEYED)} sc, {d.count(f'{CLICKED} and {since(60)}')} ec,
            {d.count(f'{ORDERED} and {since(60)}')} o60 from e where {any_of(SURVEYED, CLICKED, ORDERED)} group by profile"""
        return [
            self.several(ranked, {
                "s04": "r90 >= 20000", "s05": "o >= 2 and rev >= 12000 * o", "s09": "o >= 2 and o = oc",
                "s10": f"o = 1 and lo <= {ago(90)}", "s11": "o365 >= 3 and mo >= 3", "s12": "o = onov",
                "s14": "rq >= 4 and fq >= 4 and mq >= 4", "s19": f"o >= 3 and ({NOW} - lo) * (o - 1) > 2 * (lo - fo)",
                "s20": "rn * 10 < n + 10", "s21": "oline >= 2", "s22": "o >= 2 and 2 * oeve > o",
                "s24": f"rev >= 50000 and lo <= {ago(120)}"}),
            self.several(products, {
                "s01": "v30 >= 5", "s02": "v >= 1 and o = 0", "s03": f"la > {ago(14)} and lo < la", "s06": "dc >= 8",
                "s23": "a >= 3 and pa * v * 10 <= pv * a * 6", "s25": "fv >= 2 and fa >= 1"}),
            self.several(mails, {"s15": "sc <= 6", "s16": "ec >= 2 and o60 = 0"}),
            *(([name], f"select count(*), sum(profile) from ({self.alone[name]}) q") for name in ("s07", "s08", "s13", "s17", "s18")),
        ]

    def several(self, rows, conditions):
        d = self.dialect
        figures = ", ".join(f"{d.count(condition)} {name}, {d.sum('profile', condition)} {name}h" for name, condition in conditions.items())
        return list(conditions), f"select {figures} from ({rows}) p"

    def made_reports(self):
        d = self.dialect
        levels = ", ".join(d.count(f"reached >= {level}") for level in (1, 2, 3, 4))
        return {
            "funnel": f"select {levels} from ({d.reaches(FUNNEL, 7 * DAY)}) q",
            "retention": d.retention(), "daily": d.daily(), "top": d.top(),
        }
