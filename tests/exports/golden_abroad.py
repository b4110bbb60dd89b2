"""Golden files of Shopify's products and visits, and of Amazon's orders, visits and listings."""

# ruff: noqa: E501
from goldens import AMAZON_ACTIVE, Golden

from assets.sample import headers

TEE = {
    "Handle": "crew-tee", "Title": "Crew Tee", "Body (HTML)": '<table class="sizes"><tr><td>S, M</td></tr>\n</table>', "Vendor": "Acme", "Product Category": "Apparel > Tops",
    "Type": "Shirts", "Published": "true", "Option1 Name": "Size", "Option1 Value": "S", "Variant SKU": "TEE-S", "Variant Inventory Qty": "12", "Variant Price": "9.99",
    "Variant Compare At Price": "12.00", "Image Src": "https://cdn.example.com/1.jpg", "Status": "active",
}  # fmt: skip
SHOPIFY_PRODUCTS = Golden(
    "shopify.products",
    "products_export.csv",
    headers.SHOPIFY_PRODUCTS_LEGACY,
    (
        TEE,
        {
            "Handle": "crew-tee",
            "Option1 Value": "M",
            "Variant SKU": "'0042",
            "Variant Inventory Qty": "-3",
            "Variant Price": "9.99",
        },
        {"Handle": "crew-tee", "Image Src": "https://cdn.example.com/2.jpg", "Image Position": "2"},
        {
            "Handle": "crew-tee",
            "Option1 Value": "L",
            "Variant SKU": "TEE-L",
            "Variant Inventory Qty": "",
            "Variant Price": "10.5",
        },
        {
            "Handle": "mug",
            "Title": "Mug, white; ask ann@example.com",
            "Product Category": "Home",
            "Variant SKU": "",
            "Variant Inventory Qty": "0",
            "Variant Price": "1,200.00",
            "Status": "draft",
        },
        {"Handle": "vase", "Title": "Vase", "Variant SKU": "VASE", "Variant Price": "ten"},
    ),
    encoding="utf-8",
)
SHOPIFY_PRODUCTS_2025 = Golden(
    "shopify.products_2025",
    "products_export_1.csv",
    headers.SHOPIFY_PRODUCTS,
    (
        {
            "Title": "Crew Tee",
            "URL handle": "crew-tee",
            "Description": '<p>Soft,\n"warm"</p>',
            "Type": "Shirts",
            "Status": "Active",
            "SKU": "TEE-S",
            "Price": "9.99",
            "Compare-at price": "12.00",
            "Inventory quantity": "12",
        },
        {"URL handle": "crew-tee", "SKU": "TEE-M", "Price": "9.99", "Inventory quantity": "0"},
        {"URL handle": "crew-tee", "Product image URL": "https://cdn.example.com/2.jpg", "Image position": "2"},
        {
            "Title": "Gift wrap",
            "URL handle": "gift-wrap",
            "Product category": "Services",
            "Status": "Archived",
            "SKU": "",
            "Price": "0.00",
        },
    ),
)
TWINS = ("Sessions (previous_period)", "Sessions (previous_period) ")
SHOPIFY_SESSIONS = Golden(
    "shopify.sessions",
    "Sessions over time - 2026-04-01 - 2026-04-30.csv",
    (*headers.SHOPIFY_SESSIONS[:3], *TWINS, *headers.SHOPIFY_SESSIONS[3:]),
    (
        {
            "Day": "2026-04-18",
            "Online store visitors": "310",
            "Sessions": "1,402",
            TWINS[0]: "999",
            TWINS[1]: "0.40",
            "Sessions with cart additions": "44",
            "Sessions that reached checkout": "20",
            "Sessions that completed checkout": "11",
            "Conversion rate": "0.0078",
        },
        {
            "Day": "2026-04-19",
            "Online store visitors": "",
            "Sessions": "0",
            "Sessions with cart additions": "0",
            "Sessions that completed checkout": "",
        },
        {"Day": "2026-04-20", "Online store visitors": "1", "Sessions": "1.5", "Sessions with cart additions": "0"},
        {"Day": "", "Online store visitors": "311", "Sessions": "1,402"},
    ),
)
SHOPIFY_LANDING = Golden(
    "shopify.landing_pages",
    "Sessions by landing page - 2026-04-19 - 2026-04-19.csv",
    headers.SHOPIFY_LANDING,
    (
        {"Landing page type": "Product", "Landing page path": "/products/crew-tee", "Online store visitors": "90", "Sessions": "100", "Sessions with cart additions": "9", "Sessions that completed checkout": "3", "Conversion rate": "0.03"},
        {"Landing page type": "Product", "Landing page path": "/products/crew-tee?variant=1&utm_source=x", "Online store visitors": "15", "Sessions": "20", "Sessions with cart additions": "1", "Sessions that completed checkout": "1"},
        {"Landing page type": "Product", "Landing page path": "/en-gb/collections/all/products/mug#reviews", "Online store visitors": "7", "Sessions": "8", "Sessions with cart additions": "0", "Sessions that completed checkout": "0"},
        {"Landing page type": "Homepage", "Landing page path": "/", "Online store visitors": "400", "Sessions": "500", "Sessions with cart additions": "3"},
        {"Landing page type": "", "Landing page path": "", "Online store visitors": "9", "Sessions": "9"},
    ),
)  # fmt: skip
ORDER = {
    "amazon-order-id": "111-0000001-0000001", "purchase-date": "2026-04-19T03:04:21+00:00", "last-updated-date": "2026-04-20T22:07:59+00:00", "order-status": "Shipped",
    "fulfillment-channel": "Amazon", "sales-channel": "Amazon.com", "ship-service-level": "SecondDay", "product-name": 'Screen 24" wide, "new"', "sku": "SKU-1", "asin": "B000000001",
    "item-status": "Shipped", "quantity": "2", "currency": "USD", "item-price": "89.95", "item-tax": "7.20", "shipping-price": "5.00", "shipping-tax": "0.40",
    "item-promotion-discount": "10.00", "ship-promotion-discount": "5.00", "ship-city": "TOWN", "ship-state": "GA", "ship-postal-code": "30041-8435", "ship-country": "US",
    "promotion-ids": "PAWS-V2,Free Shipping", "is-business-order": "false",
}  # fmt: skip
BLANK_PRICES = dict.fromkeys(
    (
        "item-price",
        "item-tax",
        "shipping-price",
        "shipping-tax",
        "item-promotion-discount",
        "ship-promotion-discount",
        "currency",
    ),
    "",
)
LAST = dict.fromkeys(("ship-country", "promotion-ids", "is-business-order"), "")
AMAZON_ORDERS = Golden(
    "amazon.orders",
    "123456789.txt",
    headers.AMAZON_ORDERS,
    (
        ORDER,
        ORDER
        | {
            "product-name": '"Mug',
            "sku": "SKU-2",
            "asin": "B000000002",
            "quantity": "1",
            "item-price": "12.00",
            "item-tax": "",
            "shipping-price": "",
            "shipping-tax": "",
            "item-promotion-discount": "",
            "ship-promotion-discount": "",
        },
        ORDER | BLANK_PRICES | {"amazon-order-id": "111-0000002-0000002", "order-status": "Pending", "item-status": "Unshipped"},
        ORDER
        | BLANK_PRICES
        | {"amazon-order-id": "111-0000003-0000003", "order-status": "Cancelled", "item-status": "Cancelled", "quantity": "0"},
        ORDER
        | LAST
        | {
            "amazon-order-id": "111-0000004-0000004",
            "purchase-date": "2026-04-19T12:00:00+00:00",
            "ship-state": "Georgia",
            "order-status": "Shipped - Delivered to Buyer",
            "quantity": "1",
        },
        ORDER | {"amazon-order-id": "111-0000005-0000005", "item-price": ""},
        ORDER | {"amazon-order-id": "111-0000006-0000006", "order-status": "Teleported"},
        ORDER | {"amazon-order-id": "111-0000007-0000007", "currency": "13800001234"},
        ORDER | {"amazon-order-id": "111-0000008-0000008", "quantity": "1"},
        ORDER
        | BLANK_PRICES
        | {"amazon-order-id": "111-0000008-0000008", "sku": "SKU-3", "item-status": "Cancelled", "quantity": "0"},
    ),
    wrap="tsv",
    cut=True,
)
CHILD = {
    "(Parent) ASIN": "B0C0000000", "(Child) ASIN": "B096000000", "Title": "Cast Net, 3ft", "SKU": "SKU-9", "Sessions - Total": "12,131", "Sessions - Total - B2B": "261",
    "Session Percentage - Total": "12.02%", "Page Views - Total": "17,004", "Page Views - Total - B2B": "336", "Featured Offer (Buy Box) Percentage": "99.80%",
    "Units Ordered": "683", "Units Ordered - B2B": "5", "Unit Session Percentage": "5.63%", "Ordered Product Sales": "$12,905.25", "Ordered Product Sales - B2B": "$94.50",
    "Total Order Items": "668", "Total Order Items - B2B": "5",
}  # fmt: skip
AMAZON_ITEMS = Golden(
    "amazon.items",
    "2026-04-19/BusinessReport-04-25-26.csv",
    headers.AMAZON_CHILD,
    (
        CHILD,
        CHILD
        | {
            "(Parent) ASIN": "B0C0000009",
            "Sessions - Total": "9",
            "Page Views - Total": "10",
            "Units Ordered": "1",
            "Ordered Product Sales": "$18.75",
            "Total Order Items": "1",
        },
        CHILD
        | {
            "(Child) ASIN": "B096000001",
            "Sessions - Total": "0",
            "Page Views - Total": "0",
            "Units Ordered": "0",
            "Ordered Product Sales": "MX$2,000.00",
            "Total Order Items": "0",
        },
        CHILD | {"(Child) ASIN": "B096000002", "Ordered Product Sales": "12.905,25 €"},
    ),
    encoding="utf-8-sig",
)
BY_DATE = {
    "Ordered Product Sales - B2B": "$10.00",
    "Units Ordered - B2B": "1",
    "Sessions - Total - B2B": "5",
    "Featured Offer (Buy Box) Percentage": "98.00%",
}
AMAZON_SHOP = Golden(
    "amazon.shop",
    "BusinessReport-10-05-26.csv",
    tuple(name.replace(" - ", " – ") for name in headers.AMAZON_BY_DATE),
    tuple(
        {name.replace(" - ", " – "): cell for name, cell in (BY_DATE | row).items()}
        for row in (
            {
                "Date": "4/9/26",
                "Ordered Product Sales": "$1,290.25",
                "Units Ordered": "68",
                "Sessions - Total": "1,213",
                "Page Views - Total": "1,700",
            },
            {
                "Date": "04/19/2026",
                "Ordered Product Sales": "$0.00",
                "Units Ordered": "0",
                "Sessions - Total": "0",
                "Page Views - Total": "0",
            },
            {
                "Date": "2026. 4. 20",
                "Ordered Product Sales": "-$5.00",
                "Units Ordered": "0",
                "Sessions - Total": "1",
                "Page Views - Total": "1",
            },
            {
                "Date": "2026. 4. 21",
                "Ordered Product Sales": "$5.00",
                "Units Ordered": "1",
                "Sessions - Total": "1",
                "Page Views - Total": "",
            },
            {
                "Date": "19.04.2026",
                "Ordered Product Sales": "$5.00",
                "Units Ordered": "1",
                "Sessions - Total": "1",
                "Page Views - Total": "1",
            },
        )
    ),
    encoding="utf-8-sig",
)
VEST = {
    "item-name": 'Vest 12" "slim"', "listing-id": "0708QHIDPCS", "seller-sku": "0042", "price": "20", "quantity": "1", "open-date": "08/07/2016 10:12:40 BST", "item-is-marketplace": "y",
    "product-id-type": "1", "asin1": "B000000001", "product-id": "B000000001", "fulfillment-channel": "DEFAULT", "merchant-shipping-group": "Free", "status": "Active",
}  # fmt: skip
LISTED = (
    VEST,
    VEST
    | {
        "seller-sku": "FBA-1",
        "quantity": "",
        "asin1": "",
        "product-id": "B000000002",
        "fulfillment-channel": "AMAZON_NA",
        "status": "Inactive",
    },
    VEST | {"seller-sku": "FBA-2", "price": "", "asin1": "B000000003", "merchant-shipping-group": "", "status": ""},
    VEST | {"seller-sku": "X", "asin1": "", "product-id": ""},
)
AMAZON_LISTINGS = Golden("amazon.listings", "All Listings 2026-04-20.txt", headers.AMAZON_LISTINGS, LISTED, wrap="tsv", cut=True)
AMAZON_ACTIVE_LISTINGS = Golden(
    "amazon.listings",
    "Active Listings.txt",
    AMAZON_ACTIVE,
    tuple({name: cell for name, cell in row.items() if name != "status"} for row in LISTED),
    wrap="tsv",
)
ABROAD = {
    "shopify.products": SHOPIFY_PRODUCTS,
    "shopify.products_2025": SHOPIFY_PRODUCTS_2025,
    "shopify.sessions": SHOPIFY_SESSIONS,
    "shopify.landing_pages": SHOPIFY_LANDING,
    "amazon.orders": AMAZON_ORDERS,
    "amazon.items": AMAZON_ITEMS,
    "amazon.shop": AMAZON_SHOP,
    "amazon.listings": AMAZON_LISTINGS,
    "amazon.listings active": AMAZON_ACTIVE_LISTINGS,
}
