-- What several reports look at: orders once, visits, and which order was completed during which visit.

create or replace temp table orders as
select profile, seq, ts, revenue, discount
from order_event
where event = 'Order Completed' and ts <= :now
qualify order_id is null or row_number() over (partition by profile, order_id order by seq) = 1;

create or replace temp table browsing as
select profile, rowid as seq, ts
from event
where event::varchar in (
    'Page Viewed', 'Screen Viewed', 'Products Searched', 'Product List Viewed', 'Product List Filtered',
    'Promotion Viewed', 'Promotion Clicked', 'Product Clicked', 'Product Viewed', 'Product Added', 'Product Removed',
    'Cart Viewed', 'Checkout Started', 'Checkout Step Viewed', 'Checkout Step Completed', 'Payment Info Entered')
    and ts <= :now;

create or replace temp table visit as
select profile, number, min(ts) as start, max(ts) as finish, min(seq) as first
from (
    select *, sum(begins::integer) over (partition by profile order by seq) as number
    from (
        select *, coalesce(ts - lag(ts) over (partition by profile order by seq) > 1800000, true) as begins
        from browsing))
group by profile, number;

create or replace temp table placed as
select orders.*, visit.first as visit
from orders asof left join visit on orders.profile = visit.profile and orders.ts >= visit.start
where visit.finish + 1800000 >= orders.ts
union all
select orders.*, null
from orders asof left join visit on orders.profile = visit.profile and orders.ts >= visit.start
where visit.finish is null or visit.finish + 1800000 < orders.ts;
