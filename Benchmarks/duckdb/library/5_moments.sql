-- What the rest of the library asks of single kinds of events.

create or replace temp table seen as
select profile, min(ts) as created from event where ts <= :now group by profile;

create or replace temp table checkout_start as
select profile, max(ts) as last_checkout, max(seq) as last_checkout_seq
from checkout
where event = 'Checkout Started' and ts <= :now
group by profile;

create or replace temp table reader as
select profile, count(*) as responses_90d
from email
where event in ('Email Opened', 'Email Link Clicked') and ts > :now - 90 * :day and ts <= :now
group by profile;

create or replace temp table respondent as
select
    profile,
    arg_max_null(score, seq) filter (lower(survey) = 'nps') as nps,
    arg_max_null(score, seq) filter (lower(survey) = 'ces' and ts > :now - 180 * :day) as ces
from answer
where event = 'Survey Answered' and ts > :now - 365 * :day and ts <= :now
group by profile;

create or replace temp table trouble as
select profile, count(*) as troubles_60d
from (
    select profile, ts from order_event where event = 'Order Refunded'
    union all
    select profile, ts from cart_event where event = 'Coupon Denied'
    union all
    select profile, ts from answer where event = 'Support Ticket Opened')
where ts > :now - 60 * :day and ts <= :now
group by profile;

-- The days that begin within the next 14 days; 29 February counts as the 28th in years that have none.
create or replace temp table birthday_soon as
select profile
from (select profile, arg_max(birthday, seq) as birthday from identify where ts <= :now group by profile) person
join (
    select day, strftime(day, '%m-%d') as written from range(14 + 1) days(n),
        lateral (select date_trunc('day', make_timestamp_ms(:now)) + to_days((n + 1)::integer) as day)
    union all
    select day, '02-29' from range(14 + 1) days(n),
        lateral (select date_trunc('day', make_timestamp_ms(:now)) + to_days((n + 1)::integer) as day)
    where strftime(day, '%m-%d') = '02-28' and month(day + interval 1 day) = 3) calendar
    on calendar.written = birthday[6:10]
    and epoch_ms(day) > :now and epoch_ms(day) <= :now + 14 * :day
    and year(day) > year(birthday::date);
