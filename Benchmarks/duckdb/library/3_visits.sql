-- Visits: runs of browsing events with gaps of at most 30 minutes, formed from the whole history.

-- `over ()` takes the rows as they are stored, in the order of history; partitioned windows come to the same and took
-- three times as long.
create or replace temp table visit as
select
    profile, ts,
    coalesce(profile <> lag(profile) over () or ts - lag(ts) over () > 1800000, true) as is_start
from event
where event in (
    'Page Viewed', 'Screen Viewed', 'Products Searched', 'Product List Viewed', 'Product List Filtered',
    'Promotion Viewed', 'Promotion Clicked', 'Product Clicked', 'Product Viewed', 'Product Added', 'Product Removed',
    'Cart Viewed', 'Checkout Started', 'Checkout Step Viewed', 'Checkout Step Completed', 'Payment Info Entered')
    and ts <= :now
qualify is_start;

create or replace temp table visitor as
select profile, count(*) as visits, max(ts) as last_visit
from visit
group by profile;

-- In how many visits people looked at products lately, asked only of those who put nothing into a cart and ordered nothing.
create or replace temp table looker as
select view.profile, count(distinct visit.ts) as viewing_visits
from (
    select profile, ts
    from product_event
    where event = 'Product Viewed' and ts > :now - 90 * :day and ts <= :now
        and profile not in (
            select profile
            from product_event
            where event = 'Product Added' and ts > :now - 90 * :day and ts <= :now)
        and profile not in (select profile from buyer where buys)) view
asof join visit on visit.profile = view.profile and visit.ts <= view.ts
group by view.profile;
