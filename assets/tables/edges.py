"""Edges: where each store is strong, what to do about it, and whether it held."""

from assets.tables.table import Stage, Table, columns_of

EDGES = (
    Table(
        "back_test",
        Stage.EDGES,
        "one row per metric and way of comparing, and one for all: how well what was told on earlier days held later",
        ("segment_type", "metric", "compared"),
        columns_of(
            """segment_type metric compared folds cells claims rmse_edge rmse_raw rmse_mean score_edge score_raw score_mean
            order_edge order_raw signs_held signs_expected persistence persistence_error persistence_raw promised_over_realised
            placebo_labels placebo_weeks verdict reason"""
        ),
        whole=True,
    ),
    Table(
        "edges",
        Stage.EDGES,
        "one row per store, segment, metric and way of comparing: how it stands against its typical peer, and how sure that is",
        ("store", "segment_type", "segment", "metric", "compared"),
        columns_of(
            """store segment_type segment parent metric layer compared dialect peers weeks weeks_ahead exposure value peer_value
            effect sd error sd_shared lower upper lfsr p_ahead s_value yearly_value_base value_lower value_upper at_peer_base
            information overdispersion claimed rank
            reason_if_not_shown"""
        ),
        whole=True,
    ),
    Table(
        "edge_gaps",
        Stage.EDGES,
        "one row per store, segment type and metric that its exports cannot tell, and what would",
        ("store", "segment_type", "metric"),
        columns_of("store segment_type metric layer reason_if_not_shown reason_zh"),
        whole=True,
    ),
    Table(
        "recommendations",
        Stage.EDGES,
        "one row per store and segment there is something to do about, the most worth first",
        ("id",),
        columns_of(
            """id rank store move layer segment_type segment metric effect lower upper lfsr yearly_value_base value_lower
            value_upper persistence evidence to_do_en to_do_zh text_en text_zh"""
        ),
        whole=True,
    ),
    Table(
        "lineup",
        Stage.EDGES,
        "one row per contested segment and store: who should lead it, who gives way, and what that is worth",
        ("segment_type", "segment", "store"),
        columns_of(
            """segment_type segment metric store move claimed leader runner_up win_probability effect expected_value_base
            conceded_base reason"""
        ),
        whole=True,
    ),
    Table(
        "store_layers",
        Stage.EDGES,
        "one row per store and layer of the business: how it stands against the other stores",
        ("store", "layer"),
        columns_of(
            """store layer grade probability effect sd peers compared strongest_segment is_strongest is_next climb_value_base
            reason reason_zh"""
        ),
        whole=True,
    ),
    Table(
        "track_record",
        Stage.EDGES,
        "one row per promise as first made, with what was decided and what came; and one per move, and for all, of their sums",
        ("record", "id"),
        columns_of(
            """record id generation built_at store segment_type segment metric move effect lower upper yearly_value_base
            value_lower value_upper promised_from promised_until decision decided_on later_effect later_error
            realised_value_base verdict promises judged kept_promises kept_expected"""
        ),
        whole=True,
    ),
)
