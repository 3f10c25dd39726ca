-- Everything known of every profile, a row each.

create or replace temp table shopper as
select
    seen.profile, created, visits, last_visit, viewing_visits, buyer.* exclude (profile, net_orders, net_revenue, buys, is_lapsed, is_overdue),
    coalesce(net_orders, 0) as net_orders, coalesce(net_revenue, 0) as net_revenue, coalesce(buys, false) as buys,
    coalesce(is_lapsed, false) as is_lapsed, coalesce(is_overdue, false) as is_overdue,
    coalesce(net_orders >= 2, false) as is_repeat_buyer, categories, most_orders, views_60d, views_30d, updated, value,
    cart.profile is not null as has_open_cart, last_checkout, last_checkout_seq, responses_90d, nps, ces, troubles_60d,
    returned.profile is not null as has_returned, birthday_soon.profile is not null as has_birthday_soon
from seen
left join visitor using (profile)
left join looker using (profile)
left join buyer using (profile)
left join bought_from using (profile)
left join unmet using (profile)
left join cart using (profile)
left join checkout_start using (profile)
left join reader using (profile)
left join respondent using (profile)
left join trouble using (profile)
left join returned using (profile)
left join birthday_soon using (profile);
