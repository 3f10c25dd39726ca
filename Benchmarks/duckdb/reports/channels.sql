-- The channels of `shoal board`.
with
named as (
    select visit.*, coalesce(
        nullif(lower(campaign_medium), ''), nullif(lower(campaign_source), ''),
        nullif(regexp_extract(lower(referrer), '://(?:www\.)?([^/?#:]*)', 1), ''), 'direct') as channel
    from visit join event on event.rowid = visit.first),
begun as (select channel, count(*) as visits from named where start >= :from and start < :to group by channel),
ordered as (
    select coalesce(channel, '') as channel, count(*) as orders, sum(placed.revenue) as revenue
    from placed left join named on named.first = placed.visit
    where placed.ts >= :from and placed.ts < :to group by all)
select 'channel ' || channel, coalesce(visits, 0) || ' ' || coalesce(orders, 0) || ' ' || coalesce(revenue, 0)
from begun full join ordered using (channel);
