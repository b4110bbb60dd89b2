"""Every column, described once: one name has one type, one unit and one meaning wherever it stands.

Add a column here before a table uses it. Which tables there are stands in `tables`.
"""

from dataclasses import dataclass

MONEY = "DECIMAL(18,2)"
MONEY_SUM = "DECIMAL(38,2)"
RATIO = "DOUBLE"


@dataclass(frozen=True)
class Column:
    """A column: one name has one type, one unit and one meaning wherever it stands."""

    name: str
    type: str
    meaning: str
    unit: str = ""


_COLUMNS = (
    # where and when
    Column("store", "VARCHAR", "the store: the name of its folder in the inbox, or the seller a file names"),
    Column("platform", "VARCHAR", "the platform the store sells on"),
    Column("month", "DATE", "first day of the month the row is filed under: of its order's placed day, or of its own day"),
    Column("basis", "VARCHAR", "`paid`: on the day an order was paid; `placed`: the same orders on the day they were placed"),
    Column("day", "DATE", "calendar day in the store's time zone"),
    Column("grain", "VARCHAR", "length of the period: day, week, month, quarter or year"),
    Column("period_start", "DATE", "first local day of the period"),
    Column("currency", "VARCHAR", "ISO 4217 code of the store's currency"),
    Column("store_group", "VARCHAR", "the owner's group of stores, or `all`"),
    # where a row came from
    Column("landing", "BIGINT", "number of the landing (see `files`) whose row won"),
    Column("row", "BIGINT", "record number in the file, the header's being its own; counted from 1"),
    Column("exported_at", "TIMESTAMP", "UTC instant of the export where its format states one"),
    Column("latest_at", "TIMESTAMP", "latest UTC instant in the row"),
    Column("rank", "INTEGER", "how far along its lifecycle the row's status is"),
    Column("authority", "INTEGER", "2: the export is about orders; 1: it implies them"),
    Column("content", "UBIGINT", "XXH3 hash of the row's content"),
    Column("set_refunded", MONEY, "refund the order's lines report together in this export"),
    Column("set_rank", "INTEGER", "highest rank of the order's lines in this export"),
    Column("set_latest_at", "TIMESTAMP", "latest instant of the order's lines in this export"),
    Column("set_content", "UBIGINT", "hash over the order's lines in this export"),
    Column("reason", "VARCHAR", "stable code of why it was refused; `edgewise explain` says it in words"),
    Column("column", "VARCHAR", "the file's column at fault"),
    # orders
    Column("order_id", "VARCHAR", "the platform's order number"),
    Column("placed_at", "TIMESTAMP", "UTC instant the order was placed"),
    Column("placed_day", "DATE", "store-local day the order was placed"),
    Column("paid_at", "TIMESTAMP", "UTC instant the order was paid; null while unpaid"),
    Column("paid_day", "DATE", "store-local day the order was paid"),
    Column("status", "VARCHAR", "pending, paid, partly_shipped, shipped, completed, closed, partially_refunded or refunded"),
    Column("goods_amount", MONEY, "goods after the seller's discounts, before shipping", "money"),
    Column("order_shipping", MONEY, "shipping charged on the order", "money"),
    Column("order_tax", MONEY, "tax of the order", "money"),
    Column("order_subsidy", MONEY, "what the platform paid towards the order", "money"),
    Column("order_paid", MONEY, "cash the buyer paid for the order", "money"),
    Column("refund_reported", MONEY, "cumulative refund the export states on the row itself", "money"),
    Column("item_count", "BIGINT", "units of the order as its header states them", "units"),
    Column("region", "VARCHAR", "province or state the order went to"),
    Column("is_test", "BOOLEAN", "a test order, which counts nowhere"),
    Column("only_gift_cards", "BOOLEAN", "the order holds gift cards alone, which count nowhere"),
    Column("counted", "BOOLEAN", "paid, not a test, not only gift cards: it enters sales figures"),
    Column("refunds_known", "BOOLEAN", "whether the exports can tell what was refunded of the order"),
    Column("buyer", "BIGINT", "keyed pseudonym of the buyer, one store's own; never published"),
    # lines
    Column("line_id", "VARCHAR", "the platform's line number, or `#` and the line's position where it has none"),
    Column("position", "BIGINT", "the line's position in its order, from 1"),
    Column("product_id", "VARCHAR", "the listing sold; `sku:` and the merchant SKU where the export names no listing"),
    Column("merchant_sku", "VARCHAR", "the seller's own article number"),
    Column("title", "VARCHAR", "the product's title at the time of sale"),
    Column("quantity", "BIGINT", "units on the line", "units"),
    Column("unit_price", MONEY, "price of one unit before any discount", "money"),
    Column("line_gross", MONEY, "unit price × quantity, or the line total the export states", "money"),
    Column("line_discount", MONEY, "the line's discount: its own and its share of the order's", "money"),
    Column("own_discount", MONEY, "discount the export states on the line itself", "money"),
    Column("is_goods", "BOOLEAN", "false for a gift card, which counts nowhere"),
    Column("set_complete", "BOOLEAN", "no line of the order was quarantined in this export"),
    Column("lines_known", "BOOLEAN", "all lines of the order are known"),
    Column("opens_order", "BOOLEAN", "the first line of its order: counts orders without a distinct"),
    Column("opens_product", "BOOLEAN", "the first line of its product in the order: counts a product's orders"),
    # refunds
    Column("refund_id", "VARCHAR", "the platform's refund number; `syn:` and the order where only a total is exported"),
    Column("applied_at", "TIMESTAMP", "UTC instant the refund was asked for"),
    Column("refunded_at", "TIMESTAMP", "UTC instant the refund was done"),
    Column("refund_day", "DATE", "store-local day the refund was done"),
    Column("succeeded", "BOOLEAN", "the refund was paid out"),
    Column("is_full", "BOOLEAN", "the whole of the line or order was refunded"),
    Column("is_shipping_only", "BOOLEAN", "only shipping was refunded"),
    Column("refund_cash", MONEY, "all cash returned", "money"),
    Column("refund_goods", MONEY, "the goods part of the refund, on the merchant's basis", "money"),
    Column("is_estimate", "BOOLEAN", "the export states no refund rows: derived from the order's total"),
    # additive sums
    Column("paid_orders", "BIGINT", "counted orders 支付订单数", "orders"),
    Column("order_lines", "BIGINT", "lines of counted orders 支付子订单数", "lines"),
    Column("units", "BIGINT", "units of counted orders 支付件数", "units"),
    Column("gross_sales", MONEY_SUM, "unit price × quantity of counted orders, before any discount 商品原价总额", "money"),
    Column("discounts", MONEY_SUM, "what the seller gave 商家优惠", "money"),
    Column("discounted_sales", MONEY_SUM, "gross sales − discounts 折后销售额", "money"),
    Column("platform_subsidy", MONEY_SUM, "what the platform gave 平台优惠", "money"),
    Column("shipping", MONEY_SUM, "shipping charged after its discount 运费", "money"),
    Column("tax", MONEY_SUM, "tax of counted orders 税费", "money"),
    Column("paid_amount", MONEY_SUM, "cash the buyers paid 支付金额", "money"),
    Column("refunds_goods_order_day", MONEY_SUM, "goods refunded, on the order's day 退款（商品，按订单日）", "money"),
    Column("refunds_cash_order_day", MONEY_SUM, "cash refunded, on the order's day 退款（现金，按订单日）", "money"),
    Column("refunds_goods_refund_day", MONEY_SUM, "goods refunded, on the refund's day 退款（商品，按退款日）", "money"),
    Column("refunds_cash_refund_day", MONEY_SUM, "cash refunded, on the refund's day 退款（现金，按退款日）", "money"),
    Column(
        "net_sales_order_day",
        MONEY_SUM,
        "gross sales − discounts − goods refunds on the order's day 净销售额（按订单日）",
        "money",
    ),
    Column(
        "net_sales_refund_day",
        MONEY_SUM,
        "gross sales − discounts − goods refunds on the refund's day 净销售额（按退款日）",
        "money",
    ),
    Column("net_paid_order_day", MONEY_SUM, "paid amount − cash refunds on the order's day 净支付金额（按订单日）", "money"),
    Column("net_paid_refund_day", MONEY_SUM, "paid amount − cash refunds on the refund's day 净支付金额（按退款日）", "money"),
    Column("orders_with_lines", "BIGINT", "counted orders whose lines are all known", "orders"),
    Column("orders_with_buyer", "BIGINT", "counted orders whose buyer the export names", "orders"),
    Column("buyers", "BIGINT", "distinct buyers, recounted at every grain 支付买家数", "buyers"),
    # ratios
    Column("aov", "DECIMAL(18,4)", "discounted sales per paid order 笔单价", "money"),
    Column("sales_per_buyer", "DECIMAL(18,4)", "paid amount per buyer 客单价", "money"),
    Column("average_price", "DECIMAL(18,4)", "discounted sales per unit 件单价", "money"),
    Column("units_per_order", RATIO, "units per paid order 连带率"),
    Column("discount_rate", RATIO, "discounts / gross sales 折扣率"),
    Column("refund_rate", RATIO, "cash refunds on the order's day / paid amount 退款率"),
    # dimensions
    Column("name", "VARCHAR", "display name"),
    Column("timezone", "VARCHAR", "IANA time zone of the store; blank where the file's own offset is used"),
    Column("listed", "BOOLEAN", "the store stands in reference/stores.csv"),
    Column("first_day", "DATE", "first local day with a counted order"),
    Column("last_day", "DATE", "last local day with a counted order"),
    Column("days_with_orders", "BIGINT", "local days with a counted order", "days"),
    Column("days_covered_share", RATIO, "days with a counted order / days from the first to the last"),
    Column("item", "VARCHAR", "the same thing across stores: from catalogue.csv by merchant SKU"),
    Column("category", "VARCHAR", "category from catalogue.csv by merchant SKU"),
    Column("first_seen", "DATE", "first local day the product was ordered"),
    Column("last_seen", "DATE", "last local day the product was ordered"),
    Column("rate", "DECIMAL(18,8)", "one unit of the currency in the reporting currency"),
    Column("stores", "BIGINT", "stores of the group with anything in the period", "stores"),
    Column("stores_known", "BIGINT", "stores whose value is known; the sums are over these", "stores"),
    # what a store's exports can tell
    Column("dates_refunds", "BOOLEAN", "a refund export is landed: only then is a day without refunds a zero"),
    Column("states_lines", "BOOLEAN", "an export of order lines is landed"),
    Column("states_goods", "BOOLEAN", "an export states goods after discounts"),
    Column("states_shipping", "BOOLEAN", "an export states shipping"),
    Column("states_tax", "BOOLEAN", "an export states tax"),
    Column("states_subsidy", "BOOLEAN", "an export states what the platform paid"),
    Column("states_paid", "BOOLEAN", "an export states what was paid, or lets it be told"),
    # what the tool says of itself
    Column("source", "VARCHAR", "the export format"),
    Column("metric", "VARCHAR", "name of the column it is about"),
    Column("grade", "VARCHAR", "exact, estimate or none"),
    Column("how", "VARCHAR", "where the number comes from, or why there is none"),
    Column("file", "VARCHAR", "path in the inbox, and the member of an archive"),
    Column("hash", "VARCHAR", "SHA-256 of the decoded member"),
    Column("format", "VARCHAR", "the export format it was recognised as"),
    Column("encoding", "VARCHAR", "text encoding"),
    Column("state", "VARCHAR", "landed, companion, parked, empty, refused, waiting, duplicate, retracted or replaced"),
    Column("rows_in", "BIGINT", "records below the header", "rows"),
    Column("kept", "BIGINT", "rows that stand in a fact", "rows"),
    Column("superseded", "BIGINT", "rows a newer or fuller export of the same order replaced", "rows"),
    Column("quarantined", "BIGINT", "rows refused, each with its reason in `quarantine`", "rows"),
    Column("skipped", "BIGINT", "rows that are no data: blank, repeated header, total", "rows"),
    Column("what_to_do", "VARCHAR", "how to mend it"),
    Column("check", "VARCHAR", "a sentence that is true when the check passes"),
    Column("about", "VARCHAR", "the table the check is about"),
    Column("passed", "BOOLEAN", "whether it passed"),
    Column("severity", "VARCHAR", "blocking or warning"),
    Column("seen", "VARCHAR", "what was seen"),
    Column("worst", "VARCHAR", "the worst keys, without personal data"),
    Column("generation", "BIGINT", "number of the published state"),
    Column("built_at", "TIMESTAMP", "UTC instant it was built"),
    Column("inputs_digest", "VARCHAR", "digest of everything it was computed from"),
    Column("contract_version", "VARCHAR", "version of what readers may rely on"),
    Column("code_version", "VARCHAR", "version of edgewise and digest of its definitions"),
    Column("engine", "VARCHAR", "engine that computed the measures"),
)
COLUMNS = {column.name: column for column in _COLUMNS}
