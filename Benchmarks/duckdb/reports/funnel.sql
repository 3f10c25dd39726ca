-- `shoal funnel` of views, additions and orders within a week, and the same by the category of the view.
with
first as (select profile, rowid as seq, ts, null::varchar as category from event where event::varchar = 'Product Viewed' and ts <= :now),
valued as (
    select profile, seq, ts, category::varchar as category from product_event
    where event = 'Product Viewed' and ts <= :now and category is not null),
began as (select '' as name, profile, seq, ts from first union all select category, profile, seq, ts from valued),
added as (select profile, rowid as seq, ts from event where event::varchar = 'Product Added' and ts <= :now),
names as (select distinct name from began),
-- The latest first step before an event is the one to go on from.
second as (
    select name, profile, a.seq, start
    from (
        select names.name, a.profile, a.seq, a.ts, b.ts as start
        from (select * from added cross join names) a
        join names using (name)
        asof join began b on a.name = b.name and a.profile = b.profile and a.seq > b.seq) a
    where a.ts - start <= 7 * 86400000),
third as (
    select name, profile
    from (
        select a.name, a.profile, a.ts, b.start
        from (select * from orders cross join names) a
        asof join second b on a.name = b.name and a.profile = b.profile and a.seq > b.seq)
    where ts - start <= 7 * 86400000)
select 'reached ' || names.name,
    (select count(distinct profile) from began where began.name = names.name) || ' '
    || (select count(distinct profile) from second where second.name = names.name) || ' '
    || (select count(distinct profile) from third where third.name = names.name)
from names;
