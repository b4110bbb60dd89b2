"""Shopify files: the orders export, the products export in both dialects, sessions over time and by landing page."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from assets.sample import headers
from assets.sample.catalogue import Listing, Sku
from assets.sample.cells import ZERO, File, laid_out, packed, packed_by_month, table
from assets.sample.orders import Line, Order
from assets.sample.world import EXPORTS, StoreWorld

_QUERIES = ("", "?variant={number}", "?utm_source=newsletter&utm_medium=email")
_QUERY_SHARES = (0.7, 0.2, 0.1)
_MEASURES = headers.SHOPIFY_SESSIONS[1:]
_TAGS = {"tag": "vip, test", "decoy": "contest, latest"}


def files(of: StoreWorld) -> list[File]:
    """Every export of a store; earlier order exports are zipped, landing pages are a file a day in a zip a month."""
    store, windows = of.store.name, of.windows(EXPORTS)
    exports = []
    for n, window in enumerate(windows, 1):
        rows = [row for order in window.of(of.orders) for row in _rows(order, window.exported)]
        content = table(headers.SHOPIFY_ORDERS, laid_out(headers.SHOPIFY_ORDERS, rows)).encode()
        exports.append(File(store, f"orders_export_{n}.csv", content))
    loose = [] if of.store.is_packed else exports[-1:]
    orders = [packed(store, f"orders_export_{n}.zip", [f]) for n, f in enumerate(exports, 1) if f not in loose] + loose
    landing = packed_by_month([(day, _landing(of, day)) for day in of.days], "Sessions by landing page")
    return [*orders, _products(of), *_sessions(of), *landing]


# ---- Orders ---------------------------------------------------------------------------------------


def _time(order: Order, moment: datetime | None, at: datetime) -> str:
    return f"{order.store.local(moment):%Y-%m-%d %H:%M:%S %z}" if moment is not None and moment <= at else ""


def _status(order: Order, total: Decimal, at: datetime) -> str:
    if not order.has_come(order.paid_at, at):
        return "voided" if order.has_come(order.closed_at, at) else "pending"
    refunded = order.refunded(at)
    return "paid" if not refunded else "refunded" if refunded == total else "partially_refunded"


# fmt: off
def _head(order: Order, at: datetime) -> dict[str, str]:
    """What belongs to the order; a gift card's price is in its totals."""
    cards = sum((line.gross for line in order.lines if line.sku is None), ZERO)
    total, person, serial = order.paid_amount + cards, order.person, int(order.number[1:])
    is_paid, is_us = order.has_come(order.paid_at, at), order.store.currency == "USD"
    address = {
        "Name": person.english, "Street": f"{person.number} Sample Street", "Address1": f"{person.number} Sample Street",
        "City": "Sampleton", "Zip": f"'{person.number:05d}" if is_us else "SW1A 0ZZ", "Country": "US" if is_us else "GB",
        "Province": "NY" if is_us else "", "Province Name": "New York" if is_us else "England", "Phone": person.phone,
    }
    return {f"{side} {cell}": text for side in ("Billing", "Shipping") for cell, text in address.items()} | {
        "Email": person.email, "Financial Status": _status(order, total, at), "Paid at": _time(order, order.paid_at, at),
        "Fulfillment Status": "fulfilled" if order.has_come(order.shipped_at, at) else "unfulfilled",
        "Fulfilled at": _time(order, order.shipped_at, at), "Cancelled at": _time(order, order.closed_at, at),
        "Accepts Marketing": "yes" if person.number % 3 == 0 else "no", "Currency": order.store.currency,
        "Subtotal": f"{order.payable + cards:.2f}", "Shipping": f"{order.shipping:.2f}", "Taxes": f"{order.tax:.2f}",
        "Total": f"{total:.2f}", "Outstanding Balance": f"{ZERO if is_paid else total:.2f}",
        "Discount Code": "SAMPLE10" if order.order_discount else "", "Discount Amount": f"{order.order_discount:.2f}",
        "Refunded Amount": f"{order.refunded(at):.2f}", "Shipping Method": "Standard",
        "Notes": f"Leave at the door,\nor call {person.phone}" if serial % 23 == 0 else "",
        "Payment Method": ("Bogus Gateway" if order.mark == "gateway" else "Shopify Payments") if is_paid else "",
        "Payment Reference": f"c{order.number[1:]}.1" if is_paid else "",
        "Id": str(5_900_000_000_000 + serial * 131), "Tags": _TAGS.get(order.mark, "vip" if person.number % 11 == 0 else ""),
        "Risk Level": "Low", "Source": "web", "Tax 1 Name": "NY State Tax 8.875%" if is_us else "GB VAT 20%",
        "Tax 1 Value": f"{order.tax:.2f}", "Phone": person.phone,
    }


def _rows(order: Order, at: datetime) -> list[dict[str, str]]:
    """One row per line; what belongs to the order stands on the first row only."""
    shipped = "fulfilled" if order.has_come(order.shipped_at, at) else "pending"
    rows = [{
        "Name": order.number, "Created at": _time(order, order.placed_at, at), "Lineitem quantity": str(line.quantity),
        "Lineitem name": _line_name(line), "Lineitem sku": line.code, "Lineitem price": f"{line.price:.2f}",
        "Lineitem discount": f"{line.discount:.2f}", "Lineitem requires shipping": "true" if line.sku else "false",
        "Lineitem taxable": "true" if line.sku else "false", "Lineitem fulfillment status": shipped, "Vendor": "Sample Goods",
    } for line in order.lines]
    return [rows[0] | _head(order, at), *rows[1:]]
# fmt: on


def _line_name(line: Line) -> str:
    if line.sku is None or line.listing is None or len(line.listing.skus) == 1:
        return line.title
    return f"{line.title} - {line.sku.english}"


# ---- Products -------------------------------------------------------------------------------------


def _products(of: StoreWorld) -> File:
    """One row per variant and per further image; what belongs to the product stands on its first row only."""
    is_legacy = of.store.vintage == 1
    header = headers.SHOPIFY_PRODUCTS_LEGACY if is_legacy else headers.SHOPIFY_PRODUCTS
    write = _legacy if is_legacy else _product
    rows = [row for n, listing in enumerate(of.listings) for row in write(listing, n)]
    return File(of.store.name, "products_export.csv", table(header, laid_out(header, rows)).encode())


def _stock(n: int, place: int) -> str:
    return str((n * 37 + place * 11) % 90)


def _legacy(listing: Listing, n: int) -> list[dict[str, str]]:
    item, image = listing.item, f"https://cdn.example.com/{listing.handle}"
    rows: list[dict[str, str]] = []
    for place, sku in enumerate(listing.skus):
        row = {
            "Handle": listing.handle,
            "Option1 Value": sku.english if len(listing.skus) > 1 else "Default Title",
            "Variant SKU": sku.code,
            "Variant Grams": "500.0",
            "Variant Inventory Tracker": "shopify",
            "Variant Inventory Qty": _stock(n, place),
            "Variant Inventory Policy": "deny",
            "Variant Fulfillment Service": "manual",
            "Variant Price": f"{sku.price:.2f}",
            "Variant Compare At Price": f"{sku.price + 10:.2f}" if n % 3 == 0 else "",
            "Variant Requires Shipping": "true",
            "Variant Taxable": "true",
            "Variant Weight Unit": "g",
        }
        if place == 0:
            row |= {
                "Title": listing.english,
                "Body (HTML)": f"<p>{item.english}: made up,\n<b>not for sale</b>.</p>",
                "Vendor": "Sample Goods",
                "Type": item.category,
                "Tags": f"{item.category.lower()}, sample",
                "Published": "true",
                "Option1 Name": "Color" if len(listing.skus) > 1 else "Title",
                "Image Src": f"{image}-1.jpg",
                "Image Position": "1",
                "Gift Card": "false",
                "Status": "active",
            }
        rows.append(row)
    return [*rows, {"Handle": listing.handle, "Image Src": f"{image}-2.jpg", "Image Position": "2"}]


def _product(listing: Listing, n: int) -> list[dict[str, str]]:
    item, image = listing.item, f"https://cdn.example.com/{listing.handle}"
    rows: list[dict[str, str]] = []
    for place, sku in enumerate(listing.skus):
        row = {
            "URL handle": listing.handle,
            "SKU": sku.code,
            "Option1 value": sku.english if len(listing.skus) > 1 else "Default Title",
            "Price": f"{sku.price:.2f}",
            "Compare-at price": f"{sku.price + 10:.2f}" if n % 4 == 0 else "",
            "Charge tax": "TRUE",
            "Inventory tracker": "shopify",
            "Inventory quantity": _stock(n, place),
            "Continue selling when out of stock": "DENY",
            "Weight value (grams)": "500",
            "Weight unit for display": "g",
            "Requires shipping": "TRUE",
            "Fulfillment service": "manual",
        }
        if place == 0:
            row |= {
                "Title": listing.english,
                "Description": f"<p>{item.english}: made up,\n<b>not for sale</b>.</p>",
                "Vendor": "Sample Goods",
                "Type": item.category,
                "Tags": f"{item.category.lower()}, sample",
                "Published on online store": "TRUE",
                "Status": "Active",
                "Option1 name": "Color" if len(listing.skus) > 1 else "Title",
                "Product image URL": f"{image}-1.jpg",
                "Image position": "1",
                "Gift card": "FALSE",
            }
        rows.append(row)
    return [*rows, {"URL handle": listing.handle, "Product image URL": f"{image}-2.jpg", "Image position": "2"}]


# ---- Sessions -------------------------------------------------------------------------------------


def landings(of: StoreWorld, listing: Listing, day: date) -> int:
    """Sessions that began on a product's page on a day."""
    return of.visitors_of(listing, day)


def store_sessions(of: StoreWorld, day: date) -> int:
    """All sessions of a day: a quarter begin elsewhere than on a product."""
    return sum(landings(of, listing, day) for listing in of.listings) * 4 // 3


def store_visitors(sessions: int) -> int:
    """Visitors behind so many sessions."""
    return sessions - sessions // 8


def _measured(sessions: int, completed: int) -> list[str]:
    carts, checkouts = min(sessions, completed * 3 + sessions // 50), min(sessions, completed * 2)
    rate = f"{completed / sessions:.16g}" if sessions else "0"
    return [str(store_visitors(sessions)), str(sessions), str(carts), str(checkouts), str(completed), rate]


def _landing(of: StoreWorld, day: date) -> File:
    bought: dict[str, int] = {}
    for order in of.placed.get(day, []):
        if listing := order.goods[0].listing:
            bought[listing.product_id] = bought.get(listing.product_id, 0) + 1
    rows: list[list[str]] = []
    for listing in of.listings:
        left, done = landings(of, listing, day), bought.get(listing.product_id, 0)
        for query, share in list(zip(_QUERIES, _QUERY_SHARES, strict=True))[1:]:
            part = int(landings(of, listing, day) * share)
            if part:
                rows.append(_landed("Product", _path(listing.handle, query, listing.skus[0]), part, 0))
                left -= part
        if left:
            rows.append(_landed("Product", _path(listing.handle, "", listing.skus[0]), left, min(done, left)))
    elsewhere = store_sessions(of, day) - sum(landings(of, listing, day) for listing in of.listings)
    rows.append(_landed("Homepage", "/", elsewhere - elsewhere // 3, 0))
    rows.append(_landed("Collection", "/collections/all", elsewhere // 3, 0))
    rows.sort(key=lambda row: (-int(row[3]), row[1]))
    name = f"Sessions by landing page - {day} - {day}.csv"
    return File(of.store.name, name, table(headers.SHOPIFY_LANDING, rows, quoted=True).encode())


def _path(handle: str, query: str, sku: Sku) -> str:
    return f"/products/{handle}{query.format(number=sku.number)}"


def _landed(kind: str, path: str, sessions: int, completed: int) -> list[str]:
    return [kind, path, *_measured(sessions, completed)]


def _sessions(of: StoreWorld) -> list[File]:
    """Two reports that overlap by a week; the later one compares with the days before, in twin columns."""
    half = of.days[len(of.days) // 2]
    by_day = {day: _measured(store_sessions(of, day), len(of.placed.get(day, []))) for day in of.days}
    late = [day for day in of.days if day > half - timedelta(days=7)]
    found = [_over_time(of, [day for day in of.days if day <= half], by_day, is_compared=False)]
    return [*found, _over_time(of, late, by_day, is_compared=True)]


def _over_time(of: StoreWorld, days: Sequence[date], by_day: Mapping[date, list[str]], *, is_compared: bool) -> File:
    header, rows = list(headers.SHOPIFY_SESSIONS), []
    if is_compared:
        header += ["Day (previous_period)", *(f"{name} (previous_period){blank}" for name in _MEASURES for blank in ("", " "))]
    nothing = _measured(0, 0)
    for day in days:
        row = [str(day), *by_day[day]]
        if is_compared:
            before = day - timedelta(days=len(days))
            twins = [(old, _change(old, new)) for old, new in zip(by_day.get(before, nothing), by_day[day], strict=True)]
            row += [str(before), *(cell for twin in twins for cell in twin)]
        rows.append(row)
    name = f"Sessions over time - {days[0]} - {days[-1]}.csv"
    return File(of.store.name, name, table(header, rows, quoted=True).encode())


def _change(before: str, after: str) -> str:
    return f"{float(after) / float(before) - 1:.4f}" if float(before) else ""
