-- The ready segments, a column each: the same names and the same meaning as in the definition files.

-- Ranks from the lowest, ties by the higher profile first: the reverse of the language's order of `top`.
with standing as (
select
    shopper.*, not is_repeat_buyer or is_lapsed or rhythm_rank >= (regulars * 40 + 99) // 100 as is_no_frequent_buyer,
    buyers - 1 - orders_rank < (buyers * 40 + 99) // 100 as orders_top_40,
    buyers - 1 - revenue_rank < (buyers * 10 + 99) // 100 as revenue_top_10,
    5 * recency_rank // buyers + 1 as recency, 5 * orders_rank // buyers + 1 as frequency,
    5 * revenue_rank // buyers + 1 as monetary, 5 * cart_rank // carts + 1 as cart_quintile
from shopper
left join (
    select
        profile, count(*) over () as buyers, row_number() over (order by last_order, profile desc) - 1 as recency_rank,
        row_number() over (order by net_orders, profile desc) - 1 as orders_rank,
        row_number() over (order by net_revenue, profile desc) - 1 as revenue_rank
    from shopper
    where buys) buyer_rank on buyer_rank.profile = shopper.profile
left join (
    select profile, count(*) over () as regulars, row_number() over (order by rhythm, profile desc) - 1 as rhythm_rank
    from shopper
    where is_repeat_buyer and not is_lapsed) regular_rank on regular_rank.profile = shopper.profile
left join (
    select profile, count(*) over () as carts, row_number() over (order by value, profile desc) - 1 as cart_rank
    from shopper
    where has_open_cart) cart_rank on cart_rank.profile = shopper.profile),

membership as (
select
    profile, net_orders, net_revenue,

    -- base.shoal
    buys as buyers,
    not buys as visitors,
    is_lapsed as lapsed_customers,
    buys and not is_lapsed and :now <= first_order + 2 * :typical_gap as new_customers,
    buys and not is_lapsed and not new_customers and net_orders >= 3 and orders_top_40 as loyal_customers,
    buys and not is_lapsed and not new_customers and not loyal_customers as active_customers,

    -- buyers.shoal
    net_orders = 1 and not is_overdue as first_time_buyers,
    net_orders = 1 and is_overdue as one_off_buyers,
    is_repeat_buyer as repeat_buyers,
    is_repeat_buyer and not is_lapsed as current_repeat_buyers,
    not is_no_frequent_buyer as frequent_buyers,
    current_repeat_buyers and not frequent_buyers as occasional_buyers,
    is_repeat_buyer and most_orders >= 3 and most_orders * 5 >= orders * 4 as product_line_buyers,
    is_repeat_buyer and categories = 1 as single_category_buyers,
    buys and views_60d >= 3 as cross_sell_candidates,

    -- carts.shoal
    has_open_cart as open_carts,
    has_open_cart and updated > :now - :day and updated <= :now - 3600000 as cart_abandoners_hours,
    has_open_cart and updated > :now - 7 * :day and updated <= :now - :day as cart_abandoners_week,
    cart_abandoners_hours or cart_abandoners_week as cart_abandoners,
    last_checkout > :now - 7 * :day and last_checkout <= :now - 3600000
        and coalesce(last_order_seq < last_checkout_seq, true) as checkout_abandoners,
    cart_quintile = 5 as large_carts,
    cart_quintile = 4 as nearly_large_carts,
    has_open_cart and buys and value * net_orders < net_revenue and value * net_orders * 10 >= net_revenue * 7
        as carts_below_usual,

    -- coupons.shoal
    is_repeat_buyer and reduced_orders = orders as couponers,
    is_repeat_buyer and reduced_orders = 0 as full_price_buyers,

    -- engagement.shoal
    responses_90d >= 3 and coalesce(last_order <= :now - 90 * :day, true) as engaged_not_buying,

    -- lifecycle.shoal
    is_repeat_buyer and not is_lapsed and is_overdue as at_risk,
    is_lapsed and (:now - last_order) * order_days > 5 * span
        and coalesce(last_visit <= :now - 60 * :day, true) as lost,
    buys and not is_lapsed and has_returned as won_back,

    -- rfm_scores.shoal
    recency = 1 as rfm_recency_1, recency = 2 as rfm_recency_2, recency = 3 as rfm_recency_3,
    recency = 4 as rfm_recency_4, recency = 5 as rfm_recency_5,
    frequency = 1 as rfm_frequency_1, frequency = 2 as rfm_frequency_2, frequency = 3 as rfm_frequency_3,
    frequency = 4 as rfm_frequency_4, frequency = 5 as rfm_frequency_5,
    monetary = 1 as rfm_monetary_1, monetary = 2 as rfm_monetary_2, monetary = 3 as rfm_monetary_3,
    monetary = 4 as rfm_monetary_4, monetary = 5 as rfm_monetary_5,
    recency >= 4 as rfm_recent, recency <= 2 as rfm_long_ago, frequency >= 4 as rfm_often,
    frequency <= 2 as rfm_seldom, monetary >= 4 as rfm_much,

    -- rfm.shoal
    rfm_recent and rfm_often and rfm_much as rfm_champions,
    recency >= 3 and rfm_often and not rfm_champions as rfm_loyal,
    rfm_recent and frequency in (2, 3) as rfm_potential_loyalists,
    recency = 5 and frequency = 1 as rfm_new,
    recency = 4 and frequency = 1 as rfm_promising,
    recency = 3 and frequency = 3 as rfm_need_attention,
    recency = 3 and rfm_seldom as rfm_about_to_sleep,
    rfm_long_ago and rfm_often and monetary = 5 as rfm_cannot_lose,
    rfm_long_ago and frequency >= 3 and not rfm_cannot_lose as rfm_at_risk,
    recency = 2 and rfm_seldom as rfm_hibernating,
    recency = 1 and rfm_seldom as rfm_lost,

    -- satisfaction.shoal
    nps >= 9 as promoters,
    nps >= 7 and nps < 9 as passives,
    nps < 7 as detractors,
    coalesce(ces <= 3, false) or coalesce(troubles_60d >= 2, false) as high_effort_customers,

    -- timing.shoal; bit m of `months` stands for orders in month m, so November and December are 2048 + 4096
    is_repeat_buyer and order_days >= 2 and created <= :now - 270 * :day and last_order > :now - 400 * :day
        and (
            months & ~6144 = 0
            or months & ~4102 = 0
            or months & ~56 = 0
            or months & ~448 = 0
            or months & ~3584 = 0) as seasonal_buyers,
    net_orders >= 3 and weekend_orders * 4 >= orders * 3 as weekend_buyers,
    net_orders >= 3 and evening_orders * 4 >= orders * 3 as evening_buyers,
    has_birthday_soon as birthday_soon,

    -- value.shoal
    monetary = 5 as high_spenders,
    monetary = 1 as low_spenders,
    coalesce(revenue_top_10, false) as vips,
    vips and is_lapsed as lapsed_vips,

    -- visitors.shoal
    visits = 1 and last_visit > :now - 30 * :day as new_visitors,
    visits >= 2 and last_visit > :now - 30 * :day as returning_visitors,
    returning_visitors and not buys as returning_without_order,
    returning_visitors and buys as returning_with_order,
    viewing_visits >= 3 as window_shoppers,
    views_30d >= 5 as category_enthusiasts
from standing)

-- The board: how many members, and what they ordered, cancellations and refunds left out.
select
    countif(columns(* exclude (profile, net_orders, net_revenue))) as '\0 size',
    sum(net_orders * columns(* exclude (profile, net_orders, net_revenue))::int) as '\0 orders',
    sum(net_revenue * columns(* exclude (profile, net_orders, net_revenue))::int) as '\0 revenue'
from membership;
