-- What was bought from which category, and what was looked at and never bought. A property that an event or item
-- lacks is looked up in the catalogue.

create or replace temp table bought as
select profile, category, count(*) as orders
from (
    select distinct seq, category
    from (
        select seq, category from item where event = 'Order Completed' and category is not null
        union all
        select seq, product.category
        from item join product using (product_id)
        where event = 'Order Completed' and item.category is null and product.category is not null))
join orders using (seq)
group by profile, category;

create or replace temp table bought_from as
select profile, count(*) as categories, max(orders) as most_orders
from bought
group by profile;

-- The most views of one category of which nothing was ever bought.
create or replace temp table unmet as
select profile, max(views_60d) as views_60d, max(views_30d) as views_30d
from (
    select profile, category, count(*) as views_60d, count(*) filter (ts > :now - 30 * :day) as views_30d
    from (
        select profile, ts, category from product_event where event = 'Product Viewed' and category is not null
        union all
        select profile, ts, product.category
        from product_event join product using (product_id)
        where event = 'Product Viewed' and product_event.category is null and product.category is not null)
    where ts > :now - 60 * :day and ts <= :now
    group by profile, category
    having count(*) >= 3)
anti join bought using (profile, category)
group by profile;
