"""What is asked: for each report how Shoal is asked, and its answer as texts by key, as the SQL script has them."""

from dataclasses import dataclass
from datetime import date, datetime, timezone

ORDER = "Order Completed"


@dataclass(frozen=True)
class Question:
    name: str
    script: str
    answers: object  # (ask, about) -> {key: text}



@dataclass(frozen=True)
class About:
    """What is asked of one data set."""

    month: str
    amount: str  # SQL of what a line of an order comes to
    questions: list

    @property
    def words(self):
        year, number = map(int, self.month.split("-"))
        months = [year * 12 + number - 2, year * 12 + number - 1, year * 12 + number]
        before, start, end = (milliseconds(date(month // 12, month % 12 + 1, 1)) for month in months)
        return {"from": str(start), "to": str(end), "before": str(before), "amount": self.amount}


def milliseconds(day):
    return int(datetime(day.year, day.month, day.day, tzinfo=timezone.utc).timestamp()) * 1_000


FIGURES = [
    "revenue", "orders", "discount", "medianOrderValue", "items", "buyers", "repeatBuyers", "retainedBuyers", "newBuyers",
    "retentionRate", "activeProfiles", "newProfiles", "visits", "visitsWithOrder", "cartProfiles", "abandonedCarts",
]


def board(ask, about):
    answer = ask("board", "--month", about.month)
    days = {
        f"day {point['from']}": f"{point['orders']} {point['revenue']} {point['buyers']}"
        for point in answer["series"] if point["orders"]}
    return {name: answer["period"][name] for name in FIGURES} | days


def goods(ask, about):
    answer = ask("board", "--month", about.month, "--limit", "1000000")
    kinds = (("product", answer["products"], "id"), ("category", answer["categories"], "name"))
    return {
        f"{kind} {one[key]}": f"{one['orders']} {one['quantity']} {one['revenue']}"
        for kind, all_of_them, key in kinds for one in all_of_them}


def channels(ask, about):
    answer = ask("board", "--month", about.month, "--limit", "1000000")
    return {
        f"channel {one['name'] or ''}": f"{one['visits']} {one['orders']} {one['revenue']}" for one in answer["channels"]}


def rfm(ask, about):
    return {f"cell {cell['cell']}": f"{cell['profiles']} {cell['revenue']}" for cell in ask("rfm", "--by-day")["cells"]}


def funnel(ask, about):
    answer = ask("funnel", "Product Viewed", "Product Added", ORDER, "--by", "category", "--limit", "1000")
    groups = [("", answer["steps"])] + [(group["name"], group["steps"]) for group in answer["groups"]]
    return {f"reached {name}": " ".join(str(step["profiles"]) for step in steps) for name, steps in groups}


def retention(ask, about):
    found = {}
    for kind, flags in (("exact", []), ("rolling", ["--rolling"])):
        for cohort in ask("retention", "--first", ORDER, "--by", "month", *flags)["cohorts"]:
            first = month_number(cohort["from"])
            found |= {f"{kind} {first}+{later}": str(n) for later, n in enumerate(cohort["active"]) if n}
    for point in ask("satisfaction")["retention"]:
        if point["active"]:
            found[f"rate {month_number(point['from'])}"] = f"{point['active']} {point['new']} {point['retained']}"
    return found


def month_number(day):
    year, month, _ = map(int, day.split("-"))
    return year * 12 + month


def satisfaction(ask, about):
    found = {}
    for survey in ask("satisfaction")["surveys"]:
        lowest = 0 if survey["survey"] == "NPS" else 1
        for point in survey["points"]:
            for score, count in enumerate(point["scores"]["counts"]):
                if count:
                    found[f"{survey['survey']} {point['from'][:7]} {score + lowest}"] = str(count)
    return found


def paths(ask, about):
    answer = ask("paths", "Product Added", "--depth", "2", "--branches", "1000")
    found = {"start": str(answer["paths"])}
    for one in answer["next"]:
        found[one["event"]] = str(one["paths"])
        found |= {f"{one['event']} > {two['event']}": str(two["paths"]) for two in one["next"]}
    return found


ORDERS = [
    Question("figures of a month", "board", board), Question("products and categories", "products", goods),
    Question("RFM cells", "rfm", rfm), Question("retention", "retention", retention),
]
DEMONSTRATION = About("2025-11", "item.price * item.quantity", ORDERS + [
    Question("channels", "channels", channels), Question("funnel by category", "funnel", funnel),
    Question("satisfaction", "satisfaction", satisfaction), Question("paths", "paths", paths),
])
COMPLETE_JOURNEY = About("2017-12", "item.amount", ORDERS)
