-- Carts that were touched within the last 30 days, replayed from the event that last emptied or replaced them.

create or replace temp table cart_touch as
select profile, seq, ts, event = 'Cart Viewed' as is_list, true as is_reset
from cart_event
where event = 'Cart Viewed' and has_products and ts <= :now
union all
select profile, seq, ts, false, true from orders
union all
select profile, seq, ts, false, false
from product_event
where event in ('Product Added', 'Wishlist Product Added to Cart', 'Product Removed') and ts <= :now;

create or replace temp table open_cart as
select profile, max(ts) as updated, coalesce(max(seq) filter (is_reset), -1) as reset
from cart_touch
group by profile
having updated > :now - 30 * :day;

-- Lines that are not named at all are one line. A removal without a quantity takes the whole line.
create or replace temp table cart_change as
select profile, seq, place, coalesce(product_id::varchar, sku, '') as product, coalesce(variant, '') as variant, product_id,
    price, coalesce(quantity, 1) as quantity, true as is_added
from item join open_cart using (profile)
where event = 'Cart Viewed' and seq = reset
union all
select profile, seq, 0, coalesce(product_id::varchar, sku, ''), coalesce(variant, ''), product_id, price,
    case when event <> 'Product Removed' then coalesce(quantity, 1) else -coalesce(quantity, 1000000000) end,
    event <> 'Product Removed'
from product_event join open_cart using (profile)
where event in ('Product Added', 'Wishlist Product Added to Cart', 'Product Removed') and seq > reset and ts <= :now;

-- A quantity never goes below nothing: the running sum less its lowest point so far. A line that disappears takes its
-- price along.
create or replace temp table cart as
select profile, updated, count(*) as lines, sum(coalesce(line.price, product.price, 0) * line.quantity) as value
from (
    select
        profile, product, variant, any_value(product_id) as product_id, arg_max(quantity, (seq, place)) as quantity,
        arg_max(price, (seq, place)) filter (is_added and price is not null and life = last_life) as price
    from (
        select *, max(life) over (partition by profile, product, variant) as last_life
        from (
            select *, count(*) filter (quantity <= 0) over so_far as life
            from (
                select * replace (total - least(0, min(total) over so_far) as quantity)
                from (
                    select *, sum(quantity) over so_far as total
                    from cart_change
                    window so_far as (partition by profile, product, variant order by seq, place rows unbounded preceding))
                window so_far as (partition by profile, product, variant order by seq, place rows unbounded preceding))
            window so_far as (partition by profile, product, variant order by seq, place rows unbounded preceding)))
    group by profile, product, variant) line
join open_cart using (profile)
left join product using (product_id)
where line.quantity > 0
group by profile, updated;
