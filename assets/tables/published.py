"""Tables a generation says of itself."""

from assets.tables.table import Stage, Table, columns_of

PUBLISHED = (
    Table(
        "checks",
        Stage.PUBLISHED,
        "one row per check of the refresh",
        ("check", "about"),
        columns_of("check about kind of_columns passed outcome severity seen worst"),
        whole=True,
    ),
    Table(
        "restatements",
        Stage.PUBLISHED,
        "one row per store, currency, metric and past period whose number is not what the last generation said",
        ("store", "currency", "metric", "grain", "period_start"),
        columns_of("store currency metric grain period_start before after generation cause file"),
        whole=True,
    ),
    Table(
        "generation",
        Stage.PUBLISHED,
        "one row: this published state",
        ("generation",),
        columns_of("generation built_at inputs_digest contract_version code_version engine"),
        whole=True,
    ),
)
