"""The words and the times of the generated event log, which the generator and the databases share."""

from pathlib import Path

# Where the definitions are that this is about.
SEGMENTS = Path(__file__).resolve().parent.parent.parent / "segments"

DAY = 86_400_000
# The log is a year long; questions are asked as of its end, which no event reaches.
START = 1_751_328_000_000  # 2025-07-01T00:00:00Z
NOW = 1_782_864_000_000  # 2026-07-01T00:00:00Z
AS_OF = "2026-07-01"

EVENTS = [
    "Email Opened", "Email Link Clicked", "Page Viewed", "Products Searched", "Product List Viewed", "Product Viewed",
    "Product Added", "Cart Viewed", "Coupon Applied", "Checkout Started", "Order Completed", "Survey Answered",
]
# Those that form visits.
BROWSING = [
    "Page Viewed", "Products Searched", "Product List Viewed", "Product Viewed", "Product Added", "Cart Viewed",
    "Checkout Started",
]
CATEGORIES = [
    f"{group} {kind}"
    for group in ("Apparel", "Shoes", "Home", "Kitchen", "Beauty", "Sports", "Toys", "Garden", "Electronics", "Books")
    for kind in ("Basics", "Premium", "Outlet", "Kids", "Gifts")
]
COUPONS = ["WELCOME10", "SPRING15", "SUMMER10", "WINTER15", "VIP10", "COMEBACK15", "APP10", "FRIEND15", "NEWS10"]
CHANNELS = ["direct", "organic_search", "paid_search", "paid_social", "email", "affiliate", "referral"]
COUNTRIES = [
    "US", "DE", "GB", "FR", "NL", "AT", "CH", "ES", "IT", "SE", "PL", "BE", "DK", "NO", "FI", "CZ", "PT", "IE", "CA", "AU",
]
DEVICES = ["mobile", "desktop", "tablet", "app"]

# Columns of the file, in order, and what the databases keep them as: a type of DuckDB's, or the list of words.
COLUMNS = {
    "user_id": "uinteger", "timestamp": "timestamp", "event": EVENTS, "product_id": "integer", "category": CATEGORIES,
    "price": "integer", "quantity": "smallint", "revenue": "integer", "discount": "integer", "coupon": COUPONS,
    "channel": CHANNELS, "country": COUNTRIES, "device": DEVICES, "score": "tinyint",
}


def ago(days):
    return NOW - days * DAY
