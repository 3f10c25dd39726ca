-- `shoal retention --first "Order Completed" --by month`, exact and rolling, and the retention rates of `shoal satisfaction`.
with
months as (
    select distinct profile, (year(t) * 12 + month(t))::integer as m
    from (select profile, make_timestamp_ms(ts) as t from orders)),
span as (select profile, min(m) as first, max(m) as last from months group by profile),
exact as (select first, m - first as later, count(*) as n from months join span using (profile) group by all),
rolling as (
    select first, later, count(*) as n
    from (select first, unnest(range(last - first + 1)) as later from span) group by all),
rate as (
    select a.m, count(*) as active, count(b.m) as retained, count(*) filter (where a.m = span.first) as new
    from months a join span using (profile) left join months b on b.profile = a.profile and b.m = a.m - 1
    group by a.m)
select 'exact ' || first || '+' || later, n::varchar from exact
union all select 'rolling ' || first || '+' || later, n::varchar from rolling
union all select 'rate ' || m, active || ' ' || new || ' ' || retained from rate;
