"""A year of a made-up store as an event log: who comes, how often, what they look at, leave in the cart and buy.

Everything follows from a seed. Rows are in the order of their times, as an export has them; within a profile all times
differ, so no answer hangs on the order of ties. Amounts are whole cents, so that all engines can be exact.
"""

import numpy as np

from .words import CATEGORIES, CHANNELS, COUNTRIES, COUPONS, DAY, EVENTS, NOW, START

CODE = {name: code for code, name in enumerate(EVENTS)}
PRODUCTS = 20_000
DAYS = (NOW - START) // DAY
# A session is over before another of the same profile begins.
SESSION_ROOM = 2 * 3_600_000
CHUNK_SESSIONS = 400_000
# Kinds of shoppers: share, log of the mean number of sessions, chance to buy in one, share of sessions from e-mail.
KINDS = np.array([
    [.42, 0.8, .00, .05],  # browse only
    [.31, 1.2, .10, .10],
    [.07, 2.5, .24, .15],  # loyal
    [.06, 1.6, .15, .10],  # with coupons only
    [.05, 1.4, .02, .05],  # in November and December
    [.04, 2.2, .25, .10],  # gone since spring
    [.05, 1.5, .01, .60],  # read the mails
])
COUPONER, SEASONAL, LAPSED = 3, 4, 5


class Store:
    """Shoppers, products and sessions of a log with a given number of rows."""

    def __init__(self, rows, seed):
        self.random = np.random.default_rng(seed)
        self.rows = rows
        self.make_products()
        self.make_shoppers()
        self.make_sessions()

    def make_products(self):
        random = self.random
        self.category = np.sort(random.choice(len(CATEGORIES), PRODUCTS, p=zipf(len(CATEGORIES), .5)))
        self.category_start = np.searchsorted(self.category, np.arange(len(CATEGORIES)))
        self.category_count = np.bincount(self.category, minlength=len(CATEGORIES))
        self.price = (np.exp(random.normal(3.5, .8, PRODUCTS)).clip(2, 900) * 100).astype(np.int32) // 10 * 10 + 9
        self.by_popularity = random.permutation(PRODUCTS)
        self.popularity = np.cumsum(zipf(PRODUCTS, 1.0))

    def make_shoppers(self):
        random = self.random
        count = self.count = max(50, self.rows // 30)
        self.kind = random.choice(len(KINDS), count, p=KINDS[:, 0] / KINDS[:, 0].sum())
        self.ids = random.permutation(count).astype(np.uint32) + 1
        self.country = random.choice(len(COUNTRIES), count, p=zipf(len(COUNTRIES), .8)).astype(np.int8)
        self.device = random.choice(4, count, p=[.5, .3, .08, .12]).astype(np.int8)
        self.favourites = random.choice(len(CATEGORIES), (count, 3), p=zipf(len(CATEGORIES), .5)).astype(np.int8)
        self.evening = random.random(count) < .4

    def make_sessions(self):
        """Sessions with how many events of each kind they have, as many as fill the rows exactly."""
        random = self.random
        visits = 1 + np.floor(np.exp(random.normal(KINDS[self.kind, 1], 1.0))).clip(0, 400).astype(np.int64)
        shopper = np.repeat(np.arange(self.count, dtype=np.int32), visits)
        kind = self.kind[shopper]
        start = self.session_starts(shopper, kind)
        kept = start < NOW - SESSION_ROOM
        shopper, kind, start = shopper[kept], kind[kept], start[kept]
        month = (START // DAY + (start - START) // DAY).astype("datetime64[D]").astype("datetime64[M]").astype(int) % 12 + 1
        count = len(shopper)
        mail = random.random(count) < KINDS[kind, 3]
        click = mail & (random.random(count) < .5)
        only_mail = mail & ~click
        views = np.floor(random.exponential(3.0, count)).clip(0, 30).astype(np.int8)
        chance = np.where((kind == SEASONAL) & (month >= 11), .5, KINDS[kind, 2])
        buys = (random.random(count) < chance) & ~only_mail
        views[only_mail] = 0
        views[buys & (views == 0)] = 1
        adds = random.binomial(views, .12).astype(np.int8)
        adds[buys & (adds == 0)] = 1
        # Some buy what they left in the cart another time.
        adds[buys & (random.random(count) < .2)] = 0
        checkout = buys | ((adds > 0) & (random.random(count) < .25))
        coupon = buys & (random.random(count) < np.where(kind == COUPONER, 1.0, .15))
        self.counts = {
            "Email Opened": mail, "Email Link Clicked": click,
            "Page Viewed": np.where(only_mail, 0, 1 + random.poisson(.8, count)).clip(0, 8),
            "Products Searched": ~only_mail & (random.random(count) < .1),
            "Product List Viewed": np.where(only_mail, 0, random.poisson(.7, count)).clip(0, 8),
            "Product Viewed": views, "Product Added": adds,
            "Cart Viewed": (adds > 0) & (random.random(count) < .4), "Coupon Applied": coupon,
            "Checkout Started": checkout, "Order Completed": buys,
            "Survey Answered": buys & (random.random(count) < .1),
        }
        self.counts = {name: numbers.astype(np.int8) for name, numbers in self.counts.items()}
        totals = np.sum(list(self.counts.values()), axis=0, dtype=np.int64)
        ends = np.cumsum(totals)
        if ends[-1] < self.rows:
            raise SystemExit(f"the generator made only {ends[-1]:,} rows of {self.rows:,}")
        last = int(np.searchsorted(ends, self.rows))
        # Of the last session only as many page views remain as there is room for.
        room = self.rows - (int(ends[last - 1]) if last else 0)
        for name in self.counts:
            self.counts[name][last] = 0
        self.counts["Page Viewed"][last] = room
        order = np.argsort(start[:last + 1], kind="stable")
        self.counts = {name: numbers[order] for name, numbers in self.counts.items()}
        self.shopper, self.start = shopper[order], start[order]

    def session_starts(self, shopper, kind):
        """Days by season and the shopper's own time with the store, hours by habit; apart from each other."""
        random = self.random
        first = random.random(self.count) ** 1.1 * .97
        last = np.minimum(first + random.exponential(.55, self.count), 1.0)
        gone = self.kind == LAPSED
        first[gone] *= .4
        last[gone] = .45 + .2 * random.random(gone.sum())
        days = np.arange(DAYS)
        month = (np.datetime64(START, "ms").astype("datetime64[D]") + days).astype("datetime64[M]").astype(int) % 12 + 1
        weight = np.where(month == 11, 1.6, np.where(month == 12, 1.9, 1.0))
        share = np.concatenate([[0], np.cumsum(weight)]) / weight.sum()
        place = first[shopper] + (last - first)[shopper] * random.random(len(shopper))
        day = np.interp(place, share, np.arange(DAYS + 1)).astype(np.int64).clip(0, DAYS - 1)
        hour = np.where(
            self.evening[shopper], random.triangular(12, 20, 24, len(shopper)), random.triangular(0, 15, 24, len(shopper)))
        start = START + day * DAY + (hour * 3_600_000).astype(np.int64)
        start = start[np.lexsort((start, shopper))]
        # Each at least so much after the one before, profile by profile; 2^36 ms are two years, more than any profile has.
        number = np.arange(len(start)) * SESSION_ROOM
        apart = (shopper.astype(np.int64) << 36) + start - START - number
        return np.maximum.accumulate(apart) + number + START - (shopper.astype(np.int64) << 36)

    def chunks(self):
        """The rows as columns, a few hundred thousand sessions at a time, in the order of time as far as a chunk goes."""
        for begin in range(0, len(self.shopper), CHUNK_SESSIONS):
            yield self.rows_of(slice(begin, begin + CHUNK_SESSIONS))

    def rows_of(self, part):
        random = self.random
        shopper, start = self.shopper[part], self.start[part]
        sessions, events, places = [], [], []
        for name in EVENTS:
            count = self.counts[name][part]
            session = np.repeat(np.arange(len(count)), count)
            within = np.arange(len(session)) - np.repeat(np.cumsum(count) - count, count)
            # Views and adds take turns: the first items looked at are those put into the cart.
            place = {"Product Viewed": 20 + within * 2, "Product Added": 21 + within * 2}.get(
                name, CODE[name] + within + (0 if CODE[name] < 5 else 200))
            sessions.append(session)
            events.append(np.full(len(session), CODE[name], np.int8))
            places.append(place)
        session, event = np.concatenate(sessions), np.concatenate(events)
        order = np.argsort(session * 1_024 + np.concatenate(places), kind="stable")
        session, event = session[order], event[order]
        gap = random.integers(1_000, 60_000, len(session))
        first = np.searchsorted(session, np.arange(len(shopper)))
        walked = np.cumsum(gap)
        time = start[session] + walked - walked[first.clip(0, len(walked) - 1)][session]
        who = shopper[session]
        columns = {
            "user_id": self.ids[who], "time": time, "event": event, "country": self.country[who],
            "channel": self.session_values(len(shopper), part)[session],
            "device": np.where(random.random(len(shopper)) < .85, self.device[shopper], random.integers(0, 4, len(shopper)))
            .astype(np.int8)[session],
        }
        self.add_products(columns, event, session, who)
        order = np.argsort(time, kind="stable")
        return {name: values[order] for name, values in columns.items()}

    def session_values(self, count, part):
        channel = self.random.choice(len(CHANNELS), count, p=[.26, .26, .15, .14, .03, .08, .08]).astype(np.int8)
        channel[self.counts["Email Link Clicked"][part] > 0] = CHANNELS.index("email")
        return channel

    def add_products(self, columns, event, session, who):
        """Products, prices, quantities, orders and answers; -1 is nothing."""
        random = self.random
        rows = len(event)
        viewed, added = event == CODE["Product Viewed"], event == CODE["Product Added"]
        favourite = self.favourites[who, random.integers(0, 3, rows)]
        from_favourite = self.category_start[favourite] + (
            self.category_count[favourite] * random.random(rows) ** 2.2).astype(np.int64)
        popular = self.by_popularity[np.searchsorted(self.popularity, random.random(rows)).clip(0, PRODUCTS - 1)]
        product = np.where(random.random(rows) < .55, from_favourite, popular).clip(0, PRODUCTS - 1)
        # What is added was looked at right before.
        product[1:][added[1:]] = product[:-1][added[1:]]
        quantity = np.where(added, 1 + (random.random(rows) < .15) + (random.random(rows) < .05), -1)
        price = self.price[product]
        worth = np.where(added, price.astype(np.int64) * quantity, 0)
        total = np.bincount(session, weights=worth, minlength=session[-1] + 1 if rows else 0).astype(np.int64)
        ordered = event == CODE["Order Completed"]
        first_add = np.full(len(total), -1)
        first_add[session[added][::-1]] = product[added][::-1]
        own = ordered & (first_add[session] >= 0)
        product[own] = first_add[session[own]]
        total[session[ordered & ~own]] = price[ordered & ~own]
        listed = event == CODE["Product List Viewed"]
        named = viewed | added | ordered
        coupon_of = np.full(len(total), -1, np.int8)
        applied = event == CODE["Coupon Applied"]
        coupon_of[session[applied]] = random.integers(0, len(COUPONS), applied.sum())
        reduced = np.where(coupon_of >= 0, total // 10, np.where(random.random(len(total)) < .05, total // 20, 0))
        answered = event == CODE["Survey Answered"]
        columns["product_id"] = np.where(named, product + 1, -1).astype(np.int32)
        columns["category"] = np.where(named | listed, self.category[product], -1).astype(np.int8)
        columns["price"] = np.where(viewed | added, price, -1).astype(np.int32)
        columns["quantity"] = quantity.astype(np.int16)
        columns["revenue"] = np.where(ordered, (total - reduced)[session], -1).astype(np.int32)
        columns["discount"] = np.where(ordered, reduced[session], -1).astype(np.int32)
        columns["coupon"] = np.where(ordered | applied, coupon_of[session], -1).astype(np.int8)
        columns["score"] = np.where(answered, random.binomial(10, .72, rows), -1).astype(np.int8)


def zipf(count, exponent):
    weights = 1 / np.arange(1, count + 1) ** exponent
    return weights / weights.sum()
