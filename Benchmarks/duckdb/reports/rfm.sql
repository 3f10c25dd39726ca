-- `shoal rfm --by-day`: quintiles by floor(5 i / n) + 1, smallest value first, of equal ones the largest id.
with
facts as (
    select profile, max(ts // 86400000) as last, count(distinct ts // 86400000) as days
    from orders where revenue > 0 group by profile),
amount as (select profile, sum(revenue) as amount from orders group by profile),
scored as (
    select profile, amount,
        5 * (row_number() over (order by last, profile desc) - 1) // count(*) over () + 1 as r,
        5 * (row_number() over (order by days, profile desc) - 1) // count(*) over () + 1 as f,
        5 * (row_number() over (order by amount, profile desc) - 1) // count(*) over () + 1 as m
    from facts join amount using (profile))
select 'cell ' || r || f || m, count(*) || ' ' || sum(amount) from scored group by r, f, m;
