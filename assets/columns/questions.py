"""Columns of the views that answer what analysts ask."""

from assets.columns.column import MONEY_SUM, RATIO, Column

QUESTIONS = (
    Column("paid_amount_month_before", MONEY_SUM, "paid amount of the month before, where it is whole", "money"),
    Column("paid_amount_year_before", MONEY_SUM, "paid amount of the same month of last year, where it is whole", "money"),
    Column("growth_month", RATIO, "growth over the month before, both whole 环比"),
    Column("growth_year", RATIO, "growth over the same month of last year, both whole 同比"),
    Column("visits_before", "BIGINT", "visits of the 28 days before", "visits"),
    Column("conversion_before", RATIO, "conversion of the 28 days before"),
    Column("conversion_change", RATIO, "conversion / that of the 28 days before - 1"),
    Column("is_clear", "BOOLEAN", "a change so large would come by chance less than once in twenty"),
    Column("share_so_far", RATIO, "share of sales of this product and all that sell more"),
    Column("about", "VARCHAR", "what kind of doubt: `days`, `files`, `estimated` or `unknown`"),
    Column("what", "VARCHAR", "the source, file or metric it is about"),
)
