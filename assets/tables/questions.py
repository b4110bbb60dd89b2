"""Questions: views over all that is published, each the longer half of what an analyst asks often."""

from assets.tables.table import Stage, Table, columns_of

QUESTIONS = (
    Table(
        "store_growth",
        Stage.QUESTIONS,
        "one row per store, currency and whole month: like for like against the month before and the year before",
        ("month", "store", "currency"),
        columns_of(
            """month store currency paid_orders paid_amount paid_amount_month_before paid_amount_year_before growth_month
            growth_year"""
        ),
        whole=True,
        view=True,
    ),
    Table(
        "same_products",
        Stage.QUESTIONS,
        "one row per store, currency, whole month and earlier one: how products sold in both grew, and what came and went",
        ("month", "store", "currency", "compared_with"),
        columns_of(
            """month store currency compared_with same_products same_product_sales same_product_sales_before
            same_product_growth new_product_sales gone_product_sales"""
        ),
        whole=True,
        view=True,
    ),
    Table(
        "conversion_change",
        Stage.QUESTIONS,
        "one row per store, and store and category: conversion of the last 28 days against the 28 before",
        ("store", "segment_type", "segment"),
        columns_of(
            "store segment_type segment last_day visits visits_before conversion conversion_before conversion_change is_clear"
        ),
        whole=True,
        view=True,
    ),
    Table(
        "products_now",
        Stage.QUESTIONS,
        "one row per store, currency and product, as of the store's last known day: what it carries of the sales",
        ("store", "currency", "product_id"),
        columns_of(
            """store currency product_id title category day units_30d sales_30d sales_share share_so_far sales_rank abc stock
            days_of_cover"""
        ),
        whole=True,
        view=True,
    ),
    Table(
        "doubts",
        Stage.QUESTIONS,
        "one row per store and reason not to take its figures as they stand",
        ("store", "about", "what"),
        columns_of("store about what how"),
        whole=True,
        view=True,
    ),
)
