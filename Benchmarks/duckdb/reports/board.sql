-- `shoal board`: figures of the period [:from, :to) beside those that stand on the period before, [:before, :from).
with
own as (select * from placed where ts >= :from and ts < :to),
buyer as (select profile, count(*) as n from own group by profile),
earlier as (select distinct profile from orders where ts >= :before and ts < :from),
first_order as (select profile, min(ts) as ts from orders group by profile),
begun as (select * from visit where start >= :from and start < :to),
added as (
    select profile, max(rowid) as seq from event
    where event::varchar = 'Product Added' and ts >= :from and ts < :to group by profile),
last_order as (select profile, max(seq) as seq from own group by profile)
select 'revenue', coalesce(sum(revenue), 0)::varchar from own
union all select 'orders', count(*)::varchar from own
union all select 'discount', coalesce(sum(discount), 0)::varchar from own
union all select 'medianOrderValue', median(revenue::double)::varchar from own
union all select 'items', count(*)::varchar from item where item.seq in (select seq from own)
union all select 'buyers', count(*)::varchar from buyer
union all select 'repeatBuyers', count(*)::varchar from buyer where n > 1
union all select 'retainedBuyers', count(*)::varchar from buyer where profile in (select profile from earlier)
union all select 'newBuyers', count(*)::varchar from first_order where ts >= :from and ts < :to
union all
select 'retentionRate',
    (count(*) filter (where profile in (select profile from buyer)) / nullif(count(*), 0))::varchar from earlier
union all
select 'activeProfiles', count(distinct profile)::varchar from event
where ts >= :from and ts < :to and ts <= :now and event::varchar <> '$identify'
union all
select 'newProfiles', count(*)::varchar
from (select min(ts) as ts from event where ts <= :now group by profile) where ts >= :from and ts < :to
union all select 'visits', count(*)::varchar from begun
union all select 'visitsWithOrder', count(*)::varchar from begun where first in (select visit from placed where visit is not null)
union all select 'cartProfiles', count(*)::varchar from added
union all
select 'abandonedCarts', count(*)::varchar
from added left join last_order using (profile) where last_order.seq is null or last_order.seq < added.seq
union all
select 'day ' || strftime(make_timestamp_ms(ts), '%Y-%m-%d'), count(*) || ' ' || sum(revenue) || ' ' || count(distinct profile)
from own group by all;
