-- Orders as definitions see them, what became of each, and what every buyer comes to.

-- Of several `Order Completed` of a profile with one order_id the first in history counts.
create or replace temp table orders as
select
    profile, order_id, seq, ts, coalesce(revenue, 0) as revenue,
    coupon is not null or coalesce(discount, 0) > 0 or seq in (select seq from item where coupon is not null)
        as is_reduced
from order_event
where event = 'Order Completed' and ts <= :now
qualify row_number() over (partition by profile, order_id order by seq) = 1;

create or replace temp table follow_up as
select
    profile, order_id, seq, ts, event = 'Order Cancelled' as is_cancelled,
    case when event = 'Order Updated' then revenue end as updated,
    case when event = 'Order Refunded' then total end as refund
from order_event
where event in ('Order Updated', 'Order Refunded', 'Order Cancelled') and ts <= :now;

-- Every moment at which an order may begin or cease to stand: it stands once completed, unless it is cancelled, or
-- refunded to its revenue, that of its latest update counting. `amount` is its net revenue from then on.
create or replace temp table order_state as
select profile, seq, ts, true as is_order, greatest(revenue, 0) as amount, 1 as stands, 1 as change, true as is_last
from orders
anti join follow_up using (profile, order_id)
union all
select
    profile, seq, ts, is_order, case when stands then greatest(revenue - refunded, 0) else 0 end, stands::integer,
    stands::integer - coalesce(lag(stands::integer) over same_order, 0), lead(seq) over same_order is null
from (
    select
        profile, order_id, seq, ts, is_order, coalesce(sum(refund) over so_far, 0) as refunded,
        coalesce(last_value(updated ignore nulls) over so_far, max(revenue) over so_far) as revenue,
        bool_or(is_order) over so_far
            and not bool_or(is_cancelled) over so_far
            and not (
                count(refund) over so_far > 0
                and sum(refund) over so_far
                    >= coalesce(last_value(updated ignore nulls) over so_far, max(revenue) over so_far)) as stands
    from (
        select profile, order_id, seq, ts, true as is_order, false as is_cancelled, revenue, null as updated, null as refund
        from orders
        semi join follow_up using (profile, order_id)
        union all
        select profile, order_id, seq, ts, false, is_cancelled, null, updated, refund
        from follow_up)
    window so_far as (partition by profile, order_id order by seq rows unbounded preceding))
window same_order as (partition by profile, order_id order by seq);

-- One row for everybody who ever ordered. Net figures leave out what was cancelled or refunded, the others do not.
create or replace temp table buyer as
select
    *, last_order - first_order + :typical_gap as span, span / order_days::double as rhythm, net_orders >= 1 as buys,
    buys and (:now - last_order) * order_days > 2 * span as is_overdue,
    buys and (:now - last_order) * order_days > 3 * span and :now - last_order >= :typical_gap as is_lapsed
from (
    select
        profile, count(*) as orders, count(distinct ts // :day) as order_days, min(ts) as first_order,
        max(ts) as last_order, max(seq) as last_order_seq, count(*) filter (is_reduced) as reduced_orders,
        count(*) filter ((ts // :day + 3) % 7 >= 5) as weekend_orders,
        count(*) filter (ts // 3600000 % 24 >= 18) as evening_orders,
        bit_or(1 << month(make_timestamp_ms(ts))::integer) as months
    from orders
    group by profile)
join (
    select profile, sum(stands)::bigint as net_orders, sum(amount)::decimal(18, 2) as net_revenue
    from order_state
    where is_last
    group by profile) using (profile);

-- Buyers who have not lapsed, but left the lapsed in the last 90 days. Only an order, or an order that ceases to
-- stand, ends a lapse; at each such moment: were they lapsed a millisecond before, and are they not now?
create or replace temp table returned as
select distinct profile
from (
    select
        profile, ts,
        net > 0 and (ts - last_order) * order_days > 3 * span and ts - last_order >= :typical_gap as is_lapsed,
        lag(net) over history > 0
            and (ts - 1 - lag(last_order) over history) * lag(order_days) over history > 3 * lag(span) over history
            and ts - 1 - lag(last_order) over history >= :typical_gap as was_lapsed
    from (
        select profile, ts, net, last_order, order_days, last_order - first_order + :typical_gap as span
        from (
            select
                profile, ts, seq, sum(change) over so_far as net,
                max(case when is_order then ts end) over so_far as last_order,
                min(case when is_order then ts end) over so_far as first_order,
                sum(is_new_day::integer) over so_far as order_days
            from (
                select
                    *,
                    is_order and row_number() over (partition by profile, is_order, ts // :day order by seq) = 1
                        as is_new_day
                from order_state
                where profile in (
                    select profile from buyer where buys and not is_lapsed and last_order - first_order > :typical_gap))
            window so_far as (partition by profile order by seq rows unbounded preceding))
        -- What happens in one millisecond takes effect together.
        qualify lead(ts) over (partition by profile order by seq) is distinct from ts)
    window history as (partition by profile order by ts))
where was_lapsed and not is_lapsed and ts > :now - 90 * :day;
