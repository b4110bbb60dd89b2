"""How Shopify and Amazon write down what happened, by a moment."""

import random
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from happenings import (
    DAY,
    HOUR,
    ZERO,
    Item,
    Return,
    Row,
    Sale,
    Shop,
    cents,
    changed,
    days_of,
    exported,
    history,
    part_of,
    sales,
    windows,
)
from worlds import SHOPIFY_ORDERS, ExportFile

# ---- Shopify ------------------------------------------------------------------------------------------

CARD = Item("", "", "Gift Card - $25.00", Decimal("25.00"), 1, is_gift_card=True)


def _shopify_sale(rng: random.Random, shop: Shop, sale: Sale) -> Sale:
    goods = sum((item.owed for item in sale.items), ZERO)
    sale = changed(sale, discount=part_of(rng, goods, 20) if goods > 1 and rng.random() < 0.35 else ZERO)
    luck = rng.random()
    if luck < 0.06:
        sale = changed(sale, items=(CARD,), discount=ZERO, shipping=ZERO)
    elif luck < 0.15 and not sale.discount:
        sale = changed(sale, items=rng.choice(((CARD, *sale.items), (*sale.items, CARD))))
    elif luck < 0.22:
        sale = changed(sale, is_test=True)
    if shop.tax:
        taxed = sum((item.owed for item in sale.items if not item.is_gift_card), ZERO) - sale.discount
        rate = Decimal("0.0825") if shop.tax == "on top" else Decimal("0.2") / Decimal("1.2")
        sale = changed(sale, tax=(taxed * rate).quantize(ZERO, ROUND_HALF_UP))
    if sale.paid is None or rng.random() > 0.35:
        return sale
    first = sale.paid + rng.randint(1, 200) * HOUR
    if rng.random() < 0.4 or sale.total < 1:
        return changed(sale, returns=(Return(first, first, sale.total, is_whole=True),))
    some = Return(first, first, part_of(rng, sale.total, 50))
    rest = Return(first + DAY, first + DAY, sale.total - some.cash)
    return changed(sale, returns=rng.choice(((some,), (some, rest))))


def shopify(rng: random.Random, shop: Shop) -> list[ExportFile]:
    """Orders, of which no file says when it was made; sessions; products."""
    start, days = history(rng, shop)
    many = [_shopify_sale(rng, shop, sale) for sale in sales(rng, shop, lambda n, _: f"#{1000 + n}", start, days)]
    files = []
    for n, (since, made) in enumerate(windows(rng, start, days)):
        seen = [sale for sale in many if since <= sale.placed <= made]
        rows = [row for sale in seen for row in _shopify_rows(shop, sale, made)]
        files.append(exported(shop, f"orders_export_{n}.csv", SHOPIFY_ORDERS, rows))
    if rng.random() < 0.7:
        header = ("Day", "Sessions", "Sessions with cart additions", "Sessions that completed checkout")
        came = [(day, rng.choice((0, rng.randint(5, 60)))) for day in days_of(rng, start, days, shop)]
        told = [{"Day": str(day), "Sessions": str(n), header[2]: str(n // 6), header[3]: str(n // 15)} for day, n in came]
        files.append(exported(shop, "Sessions over time.csv", header, told))
    return files


def _shopify_rows(shop: Shop, sale: Sale, at: datetime) -> list[Row]:
    is_paid, back = sale.paid is not None and sale.paid <= at, sale.refunded(at)
    unpaid = "voided" if sale.closed and sale.closed <= at else "pending"
    status = unpaid if not is_paid else "paid" if not back else "refunded" if back == sale.total else "partially_refunded"
    goods = sale.owed

    def clock(moment: datetime | None) -> str:
        return f"{shop.local(moment):%Y-%m-%d %H:%M:%S %z}" if moment and moment <= at else ""

    head = {
        "Email": f"{sale.buyer}@example.com" if sale.buyer else "", "Financial Status": status, "Paid at": clock(sale.paid),
        "Currency": shop.currency, "Subtotal": str(goods), "Shipping": str(sale.shipping), "Taxes": str(sale.tax),
        "Total": str(sale.total), "Discount Amount": str(sale.discount), "Refunded Amount": str(back),
        "Outstanding Balance": str(ZERO if is_paid else sale.total),
        "Payment Method": "Bogus Gateway" if sale.is_test else "Card",
        "Payment References": "c1.1 + c1.2", "Cancelled at": clock(sale.closed), "Tags": "vip",
    }  # fmt: skip
    rows = [
        {
            "Name": sale.number, "Created at": clock(sale.placed), "Lineitem quantity": str(item.quantity),
            "Lineitem name": item.title,
            "Lineitem sku": item.sku, "Lineitem price": str(item.price), "Lineitem discount": str(item.discount),
            "Lineitem requires shipping": "false" if item.is_gift_card else "true",
        }
        for item in sale.items
    ]  # fmt: skip
    return [rows[0] | head, *rows[1:]]


# ---- Amazon -------------------------------------------------------------------------------------------

_AMAZON = (
    "amazon-order-id", "purchase-date", "order-status", "product-name", "sku", "asin", "item-status", "quantity", "currency",
    "item-price", "item-tax", "shipping-price", "shipping-tax", "item-promotion-discount", "ship-promotion-discount",
    "ship-state",
)  # fmt: skip


def amazon(rng: random.Random, shop: Shop) -> list[ExportFile]:
    """Orders by item, with tabs; business reports by date or by child item."""
    start, days = history(rng, shop)
    many = sales(rng, shop, lambda n, _: f"11{n % 10}-{int(shop.name[1:4]):07d}-{ord(shop.name[4])}{n:05d}", start, days)
    files = []
    for n, (since, made) in enumerate(windows(rng, start, days)):
        rows = [row for sale in many if since <= sale.placed <= made for row in _amazon_rows(shop, sale, made)]
        files.append(exported(shop, f"{20240 + n}.txt", _AMAZON, rows, sep="\t"))
    told, way = days_of(rng, start, min(days, 15), shop), rng.choice(("", "shop", "items"))
    if way == "shop":
        header = ("Date", "Sessions - Total", "Page Views - Total", "Units Ordered", "Ordered Product Sales")
        rows = [
            dict(zip(header, (str(day), str(rng.randint(0, 70)), "90", "2", f"${rng.randint(1, 900)}.50"), strict=True))
            for day in told
        ]
        files.append(exported(shop, "BusinessReport.csv", header, rows))
    if way == "items":
        header = (
            "(Child) ASIN",
            "Title",
            "Sessions - Total",
            "Page Views - Total",
            "Units Ordered",
            "Total Order Items",
            "Ordered Product Sales",
        )
        products = sorted({item.product for sale in many for item in sale.items})
        for day in told:
            rows = [
                dict(zip(header, (code, "T", str(rng.randint(0, 30)), "40", "1", "1", "$12.00"), strict=True))
                for code in products
            ]
            files.append(exported(shop, f"BusinessReport {day}.csv", header, rows))
    return files


def _amazon_rows(shop: Shop, sale: Sale, at: datetime) -> list[Row]:
    is_paid = sale.paid is not None and sale.paid <= at
    unpaid = "Cancelled" if sale.closed and sale.closed <= at else "Pending"
    status = unpaid if not is_paid else "Shipped" if sale.shipped <= at else "Unshipped"
    rows = []
    for n, item in enumerate(sale.items):
        freight = sale.shipping if n == 0 else ZERO
        rows.append({
            "amazon-order-id": sale.number, "purchase-date": f"{sale.placed:%Y-%m-%dT%H:%M:%S+00:00}", "order-status": status,
            "product-name": item.title, "sku": item.sku, "asin": item.product, "item-status": status,
            "quantity": str(item.quantity),
            "currency": shop.currency, "item-price": str(item.gross), "item-tax": str(cents(int(item.gross * 8))),
            "shipping-price": str(freight) if freight else "", "shipping-tax": "0.25" if freight else "",
            "item-promotion-discount": str(item.discount) if item.discount else "",
            "ship-promotion-discount": "1.00" if freight > 10 else "", "ship-state": "CA",
        })  # fmt: skip
    return rows
