"""How DuckDB and ClickHouse write what the questions need and standard SQL has not, or not as fast."""

from .words import CATEGORIES


class DuckDB:
    name = "DuckDB"

    def count(self, condition):
        return f"count(*) filter (where {condition})"

    def sum(self, value, condition=None):
        return f"sum({value})" + (f" filter (where {condition})" if condition else "")

    def latest(self, condition):
        """The last time; 0 where there is none."""
        return f"coalesce(max(ts) filter (where {condition}), 0)"

    def score_at_last(self, condition):
        return f"arg_max(score, ts) filter (where {condition})"

    def categories(self, condition):
        """Different categories, as bits; there are fewer than 64."""
        assert len(CATEGORIES) < 64
        return f"bit_count(bit_or(1::bigint << enum_code(category)::bigint) filter (where {condition}))"

    def months(self, condition):
        return f"bit_count(bit_or(1::bigint << {self.month}::bigint) filter (where {condition}))"

    month = "month(make_timestamp(ts * 1000))"
    hour = "(ts // 3600000 % 24)"
    # From Monday, 0.
    weekday = "((ts // 86400000 + 3) % 7)"
    week = "((ts // 86400000 + 3) // 7)"
    day = "(ts // 86400000)"

    def fifth(self, order):
        """The quintile of a row, 1 to 5; the highest is 5, ties go by profile, the smaller id being higher."""
        return f"(row_number() over (order by {order}, {self.text} desc) - 1) * 5 // count(*) over () + 1"

    # Ids compare as texts.
    text = "profile::varchar"

    def reaches(self, steps, within, events=None):
        """Profiles and how many of the steps they reached, keeping the latest start of a chain."""
        names = ", ".join(f"'{step}'" for step in steps)
        inner = f"select profile, ts, event from e where event in ({names})"
        kept = []
        for number, step in enumerate(steps[:-1], 1):
            start = "ts" if number == 1 else f"case when ts - c{number - 1} <= {within} then c{number - 1} end"
            value = f"max(case when event = '{step}' then {start} end) over chain c{number}"
            inner = f"select profile, ts, event{''.join(f', {name}' for name in kept)}, {value} from ({inner}) window chain as ({self.frame})"
            kept.append(f"c{number}")
        last = f"max(case when event = '{steps[-1]}' and ts - {kept[-1]} <= {within} then {len(steps)} else 0 end)"
        levels = [f"max(case when {name} is not null then {number} else 0 end)" for number, name in enumerate(kept, 1)]
        return f"select profile, greatest({', '.join(levels + [last])}) reached from ({inner}) group by profile"

    frame = "partition by profile order by ts rows between unbounded preceding and current row"

    def returning(self, names):
        """Profiles with two events of these names more than half an hour apart and none between."""
        return (f"select distinct profile from (select profile, ts - lag(ts) over (partition by profile order by ts) gap "
                f"from e where event in ({names})) where gap > 1800000")

    cart = ("select e.profile from e left join (select profile, max(ts) lo from e where event = 'Order Completed' group by profile) o "
            "on o.profile = e.profile where event = 'Product Added' and ts > coalesce(lo, 0) "
            "group by e.profile having sum(price * quantity) > 15000")
    is_coupon = "coupon is not null or discount > 0"
    settings = []

    def retention(self):
        return (f"with a as (select distinct profile, {self.week} w from e), "
                "b as (select profile, w, min(w) over (partition by profile) c from a) "
                "select c, w - c, count(*) from b group by all order by all")

    def top(self):
        return ("select category::varchar, product_id, n from (select category, product_id, count(*) n, row_number() over "
                "(partition by category order by count(*) desc, product_id) place from e where event = 'Product Viewed' "
                "group by category, product_id) where place <= 3 order by 1, n desc, product_id")

    def daily(self):
        return f"select {self.day} d, count(distinct profile), coalesce(sum(revenue), 0) from e group by d order by d"


class ClickHouse:
    name = "chDB"

    def count(self, condition):
        return f"countIf({condition})"

    def sum(self, value, condition=None):
        return f"sumIf({value}, {condition})" if condition else f"sum({value})"

    def latest(self, condition):
        return f"maxIf(ts, {condition})"

    def score_at_last(self, condition):
        # Of nothing: more than any score.
        return f"if(countIf({condition}) = 0, toInt8(100), argMaxIf(score, ts, {condition}))"

    def categories(self, condition):
        return f"uniqExactIf(category, {condition})"

    def months(self, condition):
        return f"bitCount(groupBitOrIf(bitShiftLeft(toUInt64(1), {self.month}), {condition}))"

    month = "toMonth(toDateTime(intDiv(ts, 1000), 'UTC'))"
    hour = "(intDiv(ts, 3600000) % 24)"
    weekday = "((intDiv(ts, 86400000) + 3) % 7)"
    week = "intDiv(intDiv(ts, 86400000) + 3, 7)"
    day = "intDiv(ts, 86400000)"

    def fifth(self, order):
        return f"intDiv((row_number() over (order by {order}, {self.text} desc) - 1) * 5, count() over ()) + 1"

    text = "toString(profile)"

    def reaches(self, steps, within):
        names = ", ".join(f"'{step}'" for step in steps)
        conditions = ", ".join(f"event = '{step}'" for step in steps)
        return (f"select profile, windowFunnel({within})(toUInt64(ts), {conditions}) reached from e "
                f"where event in ({names}) group by profile")

    def returning(self, names):
        return (f"select profile from e where event in ({names}) group by profile "
                "having arrayExists(x -> x > 1800000, arrayDifference(arraySort(groupArray(ts))))")

    cart = ("select profile from (select profile, maxIf(ts, event = 'Order Completed') lo, "
            "arraySum(x -> x.2, arrayFilter(x -> x.1 > lo, groupArrayIf((ts, toInt64(price) * quantity), event = 'Product Added'))) v "
            "from e where event in ('Product Added', 'Order Completed') group by profile) where v > 15000")
    is_coupon = "coupon != '' or discount > 0"
    settings = ["optimize_aggregation_in_order = 1"]

    def retention(self):
        return (f"select c, x, count() from (select arrayMin(ws) c, arrayJoin(ws) - c x from (select profile, "
                f"groupUniqArray(toInt32({self.week})) ws from e group by profile)) group by c, x order by c, x")

    def top(self):
        return ("select category, product_id, count() n from e where event = 'Product Viewed' group by category, product_id "
                "order by category, n desc, product_id limit 3 by category")

    def daily(self):
        return f"select {self.day} d, uniqExact(profile), sum(revenue) from e group by d order by d"
