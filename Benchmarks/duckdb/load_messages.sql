-- Segment-protocol messages, as `shoal demo` writes them, into DuckDB's own storage.
--
-- The same work as `shoal import`: parse, call events by their canonical names, drop messages that were sent twice,
-- resolve identities, and store every field in columns: what all messages have in `event`, in the order of
-- (profile, time, arrival), and what only some have in a table for each kind, as warehouses of events do. One table of
-- sixty columns took twice the time to sort and to ask.
-- :events and :products are the paths of the JSON Lines files.

create temp table raw as
select *
from read_json(:events, format = 'newline_delimited', columns = {
    type: 'VARCHAR', messageId: 'VARCHAR', "timestamp": 'TIMESTAMP', anonymousId: 'VARCHAR', userId: 'VARCHAR',
    event: 'VARCHAR', name: 'VARCHAR',
    context: 'STRUCT(
        device STRUCT("type" VARCHAR), location STRUCT(country VARCHAR), page STRUCT(referrer VARCHAR),
        campaign STRUCT(source VARCHAR, medium VARCHAR, "name" VARCHAR))',
    traits: 'STRUCT(email VARCHAR, country VARCHAR, birthday VARCHAR)',
    properties: 'STRUCT(
        path VARCHAR, product_id VARCHAR, sku VARCHAR, category VARCHAR, "name" VARCHAR, variant VARCHAR,
        price DECIMAL(12,2), quantity INTEGER, currency VARCHAR, query VARCHAR, results INTEGER, list_id VARCHAR,
        promotion_id VARCHAR, creative VARCHAR, "position" VARCHAR, cart_id VARCHAR, coupon_id VARCHAR, reason VARCHAR,
        checkout_id VARCHAR, step INTEGER, payment_method VARCHAR, "value" DECIMAL(12,2), order_id VARCHAR,
        revenue DECIMAL(12,2), subtotal DECIMAL(12,2), total DECIMAL(12,2), tax DECIMAL(12,2),
        shipping DECIMAL(12,2), discount DECIMAL(12,2), coupon VARCHAR, purpose VARCHAR, state VARCHAR,
        campaign VARCHAR, survey VARCHAR, score INTEGER, topic VARCHAR, review_id VARCHAR, rating INTEGER,
        channel VARCHAR,
        products STRUCT(
            product_id VARCHAR, sku VARCHAR, category VARCHAR, "name" VARCHAR, variant VARCHAR, coupon VARCHAR,
            price DECIMAL(12,2), quantity INTEGER, "position" INTEGER)[])'
});

-- Arrival is the place in the file. Of several messages with one id the first to arrive counts.
create temp table repeated as
select rowid as arrival
from raw
join (select messageId, min(rowid) as first from raw group by messageId having count(*) > 1) using (messageId)
where raw.rowid <> first;

-- A device belongs to the user it occurs with; when there are several, to the first.
create temp table device as
select anonymousId, arg_min(userId, (timestamp, userId)) as userId
from raw
where userId is not null and anonymousId is not null and rowid not in (select arrival from repeated)
group by anonymousId;

create temp table arrived as
select coalesce(raw.userId, device.userId, raw.anonymousId) as id, raw.rowid as arrival
from raw left join device on device.anonymousId = raw.anonymousId and raw.userId is null
where raw.rowid not in (select arrival from repeated);

-- Numbers in the order of the ids, so that ties by id are ties by number.
create table profile as
select (row_number() over (order by id) - 1)::integer as profile, id
from (select distinct id from arrived)
order by id;

-- The older names of the e-commerce vocabulary that the demonstration store's old app still sends.
create temp macro canonical_name(type, event) as
    case type
        when 'page' then 'Page Viewed'
        when 'screen' then 'Screen Viewed'
        when 'identify' then '$identify'
        else case event
            when 'Viewed Promotion' then 'Promotion Viewed'
            when 'Clicked Promotion' then 'Promotion Clicked'
            when 'Viewed Product Category' then 'Product List Viewed'
            when 'Viewed Product' then 'Product Viewed'
            when 'Added Product' then 'Product Added'
            when 'Removed Product' then 'Product Removed'
            when 'Started Order' then 'Checkout Started'
            when 'Completed Checkout Step' then 'Checkout Step Completed'
            when 'Completed Order' then 'Order Completed'
            else event
        end
    end;

create type event_name as enum (
    select name from (select distinct canonical_name(type, event) as name from raw) order by name);
create type category as enum (
    select category
    from (
        select properties.category from raw
        union
        select distinct unnest(properties.products).category from raw
        union
        select category from read_json(:products, format = 'newline_delimited', columns = {category: 'VARCHAR'}))
    where category is not null
    order by category);

create table product as
select product_id, sku, category::category as category, name, brand, price, cost, stock, url, image_url
from read_json(:products, format = 'newline_delimited', columns = {
    product_id: 'VARCHAR', sku: 'VARCHAR', category: 'VARCHAR', name: 'VARCHAR', brand: 'VARCHAR',
    price: 'DECIMAL(12,2)', cost: 'DECIMAL(12,2)', stock: 'INTEGER', url: 'VARCHAR', image_url: 'VARCHAR'})
order by product_id;

-- The place of a row is its place in history: `seq` in the other tables is `rowid` here.
create table event as
select
    profile.profile, epoch_ms(raw.timestamp) as ts, canonical_name(raw.type, raw.event)::event_name as event,
    raw.rowid::integer as arrival, raw.messageId as message_id, raw.anonymousId as anonymous_id,
    raw.userId as user_id, context.device.type as device_type, context.location.country as country,
    context.page.referrer as referrer, context.campaign.source as campaign_source,
    context.campaign.medium as campaign_medium, context.campaign.name as campaign_name
from raw
join arrived on arrived.arrival = raw.rowid
join profile on profile.id = arrived.id
order by profile.profile, raw.timestamp, raw.rowid;

create temp view body as
select event.event, event.profile, event.rowid::integer as seq, event.ts, raw.name as title, raw.traits, raw.properties as p
from raw join event on event.arrival = raw.rowid;

create table page_view as
select event, profile, seq, ts, title, p.path from body where event in ('Page Viewed', 'Screen Viewed')
order by event, profile, seq;

create table product_event as
select
    event, profile, seq, ts, p.product_id, p.sku, p.category::category as category, p.name, p.variant, p.price,
    p.quantity, p.currency, p.cart_id, p.review_id, p.rating
from body
where p.product_id is not null
order by event, profile, seq;

create table search as
select profile, seq, ts, p.query, p.results from body where event = 'Products Searched'
order by profile, seq;

create table list_view as
select profile, seq, ts, p.list_id, p.category::category as category from body where event = 'Product List Viewed'
order by profile, seq;

create table promotion as
select event, profile, seq, ts, p.promotion_id, p.creative, p.position from body where p.promotion_id is not null
order by event, profile, seq;

create table cart_event as
select event, profile, seq, ts, p.cart_id, p.coupon_id, p.reason, p.products is not null as has_products
from body
where event in ('Cart Viewed', 'Coupon Entered', 'Coupon Applied', 'Coupon Denied')
order by event, profile, seq;

create table checkout as
select event, profile, seq, ts, p.checkout_id, p.value, p.currency, p.step, p.name, p.payment_method
from body
where p.checkout_id is not null
order by event, profile, seq;

create table order_event as
select
    event, profile, seq, ts, p.order_id, p.revenue, p.subtotal, p.total, p.tax, p.shipping, p.discount, p.coupon,
    p.currency
from body
where event in ('Order Completed', 'Order Updated', 'Order Refunded', 'Order Cancelled')
order by event, profile, seq;

create table email as
select event, profile, seq, ts, p.campaign, p.channel from body
where event in ('Email Sent', 'Email Opened', 'Email Link Clicked', 'Unsubscribed')
order by event, profile, seq;

create table answer as
select event, profile, seq, ts, p.survey, p.score, p.topic, p.order_id from body
where event in ('Survey Answered', 'Support Ticket Opened')
order by event, profile, seq;

create table consent as
select profile, seq, ts, p.purpose, p.state from body where event = 'Consent Updated'
order by profile, seq;

create table identify as
select profile, seq, ts, traits.email, traits.country, traits.birthday from body where event = '$identify'
order by profile, seq;

-- The lines of `products`, of each kind of event together.
create table item as
select
    event, profile, seq, place, line.product_id, line.sku, line.category::category as category, line.name,
    line.variant, line.coupon, line.price, line.quantity, line.position
from (
    select event, profile, seq, unnest(range(len(p.products)))::utinyint as place, unnest(p.products) as line
    from body
    where len(p.products) > 0)
order by event, profile, seq, place;

checkpoint;
