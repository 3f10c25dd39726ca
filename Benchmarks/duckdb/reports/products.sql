-- The products and categories of `shoal board`.
with
line as (
    select item.seq, item.product_id::varchar as product_id, item.category::varchar as category, item.quantity, :amount as amount
    from item join orders on orders.seq = item.seq
    where item.event = 'Order Completed' and orders.ts >= :from and orders.ts < :to),
known as (
    select line.*, coalesce(line.category, product.category::varchar) as kind
    from line left join product on product.product_id::varchar = line.product_id)
select 'product ' || product_id, count(distinct seq) || ' ' || sum(quantity) || ' ' || sum(amount)
from known where product_id is not null group by product_id
union all
select 'category ' || kind, count(distinct seq) || ' ' || sum(quantity) || ' ' || sum(amount)
from known where kind is not null group by kind;
