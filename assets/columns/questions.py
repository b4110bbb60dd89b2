"""Columns of the views that answer what analysts ask."""

from assets.columns.column import MONEY, RATIO, Column

QUESTIONS = (
    Column("paid_amount_month_before", MONEY, "paid amount of the month before, where it is whole", "money"),
    Column("paid_amount_year_before", MONEY, "paid amount of the same month of last year, where it is whole", "money"),
    Column("growth_month", RATIO, "growth over the month before, both whole 环比"),
    Column("growth_year", RATIO, "growth over the same month of last year, both whole 同比"),
    Column("compared_with", "VARCHAR", "`month before` or `year before`: the month it is set against"),
    Column("same_products", "BIGINT", "products sold in both months 两期均有销售的商品数", "products"),
    Column("same_product_sales", MONEY, "discounted sales of products sold in both months 同品销售额", "money"),
    Column("same_product_sales_before", MONEY, "their sales in the earlier month 同品前期销售额", "money"),
    Column("same_product_growth", RATIO, "sales of products sold in both months / theirs in the earlier one - 1 同品增长率"),
    Column("new_product_sales", MONEY, "sales of products not sold in the earlier month 新增商品销售额", "money"),
    Column("gone_product_sales", MONEY, "earlier sales of products sold no more 流失商品前期销售额", "money"),
    Column("visits_before", "BIGINT", "visits of the 28 days before", "visits"),
    Column("conversion_before", RATIO, "conversion of the 28 days before"),
    Column("conversion_change", RATIO, "conversion / that of the 28 days before - 1"),
    Column("is_clear", "BOOLEAN", "a change so large would come by chance less than once in twenty"),
    Column("share_so_far", RATIO, "share of sales of this product and all that sell more"),
    Column("about", "VARCHAR", "what kind of doubt: `days`, `partial days`, `files`, `estimated` or `unknown`"),
    Column("what", "VARCHAR", "the source, file or metric it is about"),
)
