-- The Complete Journey, one row per purchased item, into DuckDB's own storage.
--
-- The same work as `shoal import`: the rows of a basket become one order, whose revenue is the exact sum of its lines
-- and whose discount that of all its discounts. The tables are those of load_messages.sql; what a store of orders has
-- no events for stays empty. :transactions is a list of paths, :catalogue the path of the products.

create temp table line as
select *
from read_csv(:transactions, header = true, columns = {
    household_id: 'VARCHAR', basket_id: 'VARCHAR', transaction_timestamp: 'TIMESTAMP', store_id: 'INTEGER',
    product_id: 'INTEGER', quantity: 'INTEGER', sales_value: 'DECIMAL(12,2)', retail_disc: 'DECIMAL(12,2)',
    coupon_disc: 'DECIMAL(12,2)', coupon_match_disc: 'DECIMAL(12,2)'});

create table profile as
select (row_number() over (order by id) - 1)::integer as profile, id
from (select distinct household_id as id from line)
order by id;

create temp table goods as
select * from read_csv(:catalogue, header = true, all_varchar = true);

create type event_name as enum ('Order Completed', 'Order Refunded');
create type category as enum (
    select distinct product_category from goods where product_category is not null order by product_category);

create table product as
select
    product_id::integer as product_id, null::varchar as sku, product_category::category as category, null::varchar as name, brand,
    null::decimal(12, 2) as price, manufacturer_id, department, product_type, package_size
from goods
order by product_id;

create temp table basket as
select
    profile, basket_id, epoch_ms(min(transaction_timestamp)) as ts, any_value(store_id) as store_id,
    sum(sales_value)::decimal(12, 2) as revenue,
    sum(abs(retail_disc) + abs(coupon_disc) + abs(coupon_match_disc))::decimal(12, 2) as discount,
    sum(retail_disc)::decimal(12, 2) as retail_disc, sum(coupon_disc)::decimal(12, 2) as coupon_disc,
    sum(coupon_match_disc)::decimal(12, 2) as coupon_match_disc
from line join profile on profile.id = line.household_id
group by profile, basket_id;

-- The place of a row is its place in history: `seq` in the other tables is `rowid` here.
create table event as
select
    profile, ts, case when revenue < 0 then 'Order Refunded' else 'Order Completed' end::event_name as event,
    basket_id as message_id
from basket
order by profile, ts, basket_id;

create table order_event as
select
    event.event, event.profile, event.rowid::integer as seq, event.ts, basket_id as order_id,
    case when revenue >= 0 then revenue end as revenue, case when revenue < 0 then -revenue end as total,
    discount, null::varchar as coupon, store_id, retail_disc, coupon_disc, coupon_match_disc
from event join basket on basket.profile = event.profile and basket.basket_id = event.message_id
order by event, event.profile, seq;

create table item as
select
    event.event, event.profile, event.rowid::integer as seq, line.rowid as place, product_id, null::varchar as sku,
    null::category as category, null::varchar as variant, null::varchar as coupon, null::decimal(12, 2) as price,
    quantity, sales_value as amount, retail_disc, coupon_disc, coupon_match_disc
from line
join profile on profile.id = line.household_id
join event on event.profile = profile.profile and event.message_id = line.basket_id
order by event, event.profile, seq, place;

create table product_event (
    event event_name, profile integer, seq integer, ts bigint, product_id integer, sku varchar, category category,
    variant varchar, price decimal(12, 2), quantity integer);
create table cart_event (event event_name, profile integer, seq integer, ts bigint, has_products boolean);
create table checkout (event event_name, profile integer, seq integer, ts bigint);
create table email (event event_name, profile integer, seq integer, ts bigint);
create table answer (event event_name, profile integer, seq integer, ts bigint, survey varchar, score integer);
create table identify (profile integer, seq integer, ts bigint, birthday varchar);

checkpoint;
