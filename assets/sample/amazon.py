"""Amazon files: All Orders in pieces of less than 30 days, business reports by child item and by date, all listings."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from assets.sample import headers
from assets.sample.catalogue import Listing
from assets.sample.cells import ZERO, File, commas, laid_out, packed, packed_by_month, percent, tabbed, table
from assets.sample.orders import Order
from assets.sample.world import StoreWorld

EXPORTS, BACK = (0.3, 0.55, 0.8, 1.0), timedelta(days=7)
_LOOSE_DAYS = 14
_TOWNS = (("SAMPLETON", "WA", "98101"), ("EXAMPLE FALLS", "CA", "90001"), ("TESTVILLE", "NY", "10001-0001"))


def files(of: StoreWorld) -> list[File]:
    """Every report of a store; older ones are zipped."""
    store, windows = of.store.name, of.windows(EXPORTS, BACK)
    reports = []
    for n, window in enumerate(windows, 1):
        rows = [row for order in window.of(of.orders) for row in _rows(order, window.exported)]
        reports.append(File(store, f"{1020450 + n}020{n:03d}.txt", tabbed(headers.AMAZON_ORDERS, rows).encode()))
    orders = [packed(store, f"AllOrders_{n}.zip", [file]) for n, file in enumerate(reports[:-1], 1)] + reports[-1:]
    loose_from = of.days[-1] - timedelta(days=_LOOSE_DAYS - 1)
    children = packed_by_month([(day, _children(of, day)) for day in of.days], "BusinessReports", loose_from=loose_from)
    return [*orders, *children, _by_date(of), _listings(of)]


# ---- Orders ---------------------------------------------------------------------------------------


def _status(order: Order, at: datetime) -> str:
    if not order.has_come(order.paid_at, at):
        return "Cancelled" if order.has_come(order.closed_at, at) else "Pending"
    return "Shipped" if order.has_come(order.shipped_at, at) else "Unshipped"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S+00:00}"


# fmt: off
def _rows(order: Order, at: datetime) -> list[dict[str, str]]:
    """One row per line; prices are the line's and stand empty while the order is pending or when it was cancelled."""
    state = _status(order, at)
    has_prices, town = state not in ("Pending", "Cancelled"), _TOWNS[order.person.number % len(_TOWNS)]
    steps = [order.placed_at, *(m for m in (order.paid_at, order.shipped_at, order.closed_at) if m is not None and m <= at)]
    rows = []
    for n, line in enumerate(order.lines):
        prices = {
            "item-price": f"{line.gross:.2f}", "item-tax": f"{line.tax:.2f}",
            "item-promotion-discount": f"{line.discount:.2f}" if line.discount else "",
            "promotion-ids": "PAWS-V2-SAMPLE-1,Sample Promotion 2" if line.discount else "",
        } if has_prices else {}
        if has_prices and n == 0 and (order.shipping or order.shipping_waived):
            prices["shipping-price"] = f"{order.shipping + order.shipping_waived:.2f}"
            prices["shipping-tax"] = "0.00"
            prices["ship-promotion-discount"] = f"{order.shipping_waived:.2f}" if order.shipping_waived else ""
        rows.append(prices | {
            "amazon-order-id": order.number, "merchant-order-id": "", "purchase-date": _utc(order.placed_at),
            "last-updated-date": _utc(max(steps)), "order-status": state, "item-status": state,
            "fulfillment-channel": "Amazon" if _is_fba(line.listing) else "Merchant", "sales-channel": "Amazon.com",
            "ship-service-level": "Standard", "product-name": line.title, "sku": line.code,
            "asin": line.listing.product_id if line.listing else "", "currency": order.store.currency if has_prices else "",
            "quantity": "0" if state == "Cancelled" else str(line.quantity), "ship-city": town[0], "ship-state": town[1],
            "ship-postal-code": town[2], "ship-country": "US",
            "is-business-order": "true" if _is_business(order) else "false",
        })
    return rows
# fmt: on


def _is_business(order: Order) -> bool:
    return order.person.number % 20 == 0


def _is_fba(listing: Listing | None) -> bool:
    return listing is not None and listing.item.code[-1] in "13"


# ---- Business reports -----------------------------------------------------------------------------


def pages(sessions: int) -> int:
    """Page views of so many sessions."""
    return sessions + sessions * 2 // 5


def sessions(of: StoreWorld, listing: Listing, day: date) -> int:
    """Sessions of a child item on a day."""
    return of.visitors_of(listing, day)


def store_sessions(of: StoreWorld, day: date) -> int:
    """Sessions of the store on a day: one that sees two items counts once."""
    return round(sum(sessions(of, listing, day) for listing in of.listings) * 0.93)


def _sold(of: StoreWorld, day: date) -> dict[str, list[tuple[Order, int, Decimal]]]:
    """By child ASIN, the lines ordered on a day: order, units, item price."""
    found: dict[str, list[tuple[Order, int, Decimal]]] = {}
    for order in of.placed.get(day, []):
        for line in order.lines:
            if line.listing is not None:
                found.setdefault(line.listing.product_id, []).append((order, line.quantity, line.gross))
    return found


def _children(of: StoreWorld, day: date) -> File:
    """One row per child item; one child stands under two parents, its sessions divided."""
    sold, rows = _sold(of, day), []
    total = sum(sessions(of, listing, day) for listing in of.listings)
    for n, listing in enumerate(of.listings):
        came, lines = sessions(of, listing, day), sold.get(listing.product_id, [])
        if n == 1 and came > 1:
            rows.append(_child(listing, "B0SAMPLEXX", came // 3, [], total))
            came -= came // 3
        rows.append(_child(listing, listing.parent, came, lines, total))
    content = table(headers.AMAZON_CHILD, laid_out(headers.AMAZON_CHILD, rows))
    return File(of.store.name, f"BusinessReport_{day}.csv", content.encode("utf-8-sig"))


def _dollars(amount: Decimal) -> str:
    return f"${commas(amount)}"


def _child(listing: Listing, parent: str, came: int, lines: list[tuple[Order, int, Decimal]], total: int) -> dict[str, str]:
    b2b = [line for line in lines if _is_business(line[0])]
    units, b2b_units = (sum(quantity for _, quantity, _ in some) for some in (lines, b2b))
    amount, b2b_amount = (sum((price for _, _, price in some), ZERO) for some in (lines, b2b))
    b2b_came = min(came, came // 40 + len(b2b))
    return {
        "(Parent) ASIN": parent,
        "(Child) ASIN": listing.product_id,
        "Title": listing.english,
        "SKU": listing.skus[0].code,
        "Sessions - Total": commas(came),
        "Sessions - Total - B2B": commas(b2b_came),
        "Session Percentage - Total": percent(came, total),
        "Session Percentage - Total - B2B": percent(b2b_came, max(1, total // 40)),
        "Page Views - Total": commas(pages(came)),
        "Page Views - Total - B2B": commas(pages(b2b_came)),
        "Page Views Percentage - Total": percent(came, total),
        "Page Views Percentage - Total - B2B": percent(b2b_came, max(1, total // 40)),
        "Featured Offer (Buy Box) Percentage": "98.50%",
        "Featured Offer (Buy Box) Percentage - B2B": "98.50%",
        "Units Ordered": commas(units),
        "Units Ordered - B2B": commas(b2b_units),
        "Unit Session Percentage": percent(units, max(1, came)),
        "Unit Session Percentage - B2B": percent(b2b_units, max(1, b2b_came)),
        "Ordered Product Sales": _dollars(amount),
        "Ordered Product Sales - B2B": _dollars(b2b_amount),
        "Total Order Items": commas(len(lines)),
        "Total Order Items - B2B": commas(len(b2b)),
    }


def _by_date(of: StoreWorld) -> File:
    rows = []
    for day in of.days:
        lines = [line for some in _sold(of, day).values() for line in some]
        b2b = [line for line in lines if _is_business(line[0])]
        came = store_sessions(of, day)
        rows.append(
            {
                "Date": f"{day.month}/{day.day}/{day:%y}",
                "Ordered Product Sales": _dollars(sum((price for _, _, price in lines), ZERO)),
                "Ordered Product Sales - B2B": _dollars(sum((price for _, _, price in b2b), ZERO)),
                "Units Ordered": commas(sum(quantity for _, quantity, _ in lines)),
                "Units Ordered - B2B": commas(sum(quantity for _, quantity, _ in b2b)),
                "Sessions - Total": commas(came),
                "Sessions - Total - B2B": commas(came // 40),
                "Page Views - Total": commas(pages(came)),
                "Featured Offer (Buy Box) Percentage": "98.50%",
                "Order Item Session Percentage": percent(len(lines), max(1, came)),
            }
        )
    exported = of.days[-1] + timedelta(days=1)
    content = table(headers.AMAZON_BY_DATE, laid_out(headers.AMAZON_BY_DATE, rows))
    return File(of.store.name, f"BusinessReport-{exported:%m-%d-%y}.csv", content.encode("utf-8-sig"))


def _listings(of: StoreWorld) -> File:
    """One row per SKU; what Amazon keeps in its own warehouses has no quantity here."""
    rows = []
    for n, listing in enumerate(of.listings):
        sku, is_fba = listing.skus[0], _is_fba(listing)
        rows.append(
            {
                "item-name": f"{listing.english} ({sku.english})",
                "listing-id": f"0901S{n:06d}",
                "seller-sku": sku.code,
                "price": f"{sku.price:.2f}",
                "quantity": "" if is_fba else str(12 + 7 * n % 60),
                "open-date": f"2025-0{n % 9 + 1}-17 07:35:42 PST",
                "item-is-marketplace": "y",
                "product-id-type": "1",
                "item-condition": "11",
                "asin1": listing.product_id if n % 5 else "",
                "product-id": listing.product_id,
                "pending-quantity": "" if is_fba else "0",
                "fulfillment-channel": "AMAZON_NA" if is_fba else "DEFAULT",
                "merchant-shipping-group": "Sample Template",
                "status": "Inactive" if n % 13 == 12 else "Active",  # noqa: PLR2004
            }
        )
    return File(of.store.name, "All+Listings+Report.txt", tabbed(headers.AMAZON_LISTINGS, rows).encode())
