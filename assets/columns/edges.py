"""Edges, the race, the layers, and what was promised."""

from assets.columns.column import MONEY_SUM, RATIO, Column

EDGES = (
    # edges
    Column(
        "segment_type",
        "VARCHAR",
        "what stores are compared in: category, item or channel; of alerts also `store`, the whole of it",
    ),
    Column("segment", "VARCHAR", "the category, the item or the group of channels"),
    Column("orders", "BIGINT", "order lines; a channel's orders, else buyers, as its platform counts them", "orders"),
    Column("refunded", "BIGINT", "order lines of which something was refunded", "lines"),
    Column("sales", MONEY_SUM, "gross sales; a channel's paid amount as its platform states it", "reporting currency"),
    Column("sales_w", RATIO, "a statistic, no amount: Σ of lines' gross sales, each cut at the segment's 99th percentile"),
    Column("sales_w_sq", RATIO, "a statistic: Σ of their squares"),
    Column("layer", "VARCHAR", "layer of the business: product 产品, store 店铺, content 内容, customer 客户 or brand 品牌"),
    Column("compared", "VARCHAR", "`own part`: less the store's own level; `level`: whole, with stores counted alike"),
    Column("peers", "BIGINT", "other stores it is compared with", "stores"),
    Column("weeks", "BIGINT", "weeks with exposure", "weeks"),
    Column("weeks_ahead", "BIGINT", "of these, weeks better than the typical peer", "weeks"),
    Column("exposure", RATIO, "what the metric is divided by: visits or orders"),
    Column("value", RATIO, "the metric as seen"),
    Column("peer_value", RATIO, "what the typical peer would have had on this exposure, these days"),
    Column("effect", RATIO, "log ratio of the two, shrunk: the posterior mean"),
    Column(
        "component", "BIGINT", "of items and stores that hang together by shared items: only within one may effects be compared"
    ),
    Column("items", "BIGINT", "items it shares with other stores", "items"),
    Column("sd", RATIO, "its posterior standard deviation"),
    Column("sd_shared", RATIO, "the part of it that all of the store's segments share"),
    Column("lower", RATIO, "lower end of its 95 % interval"),
    Column("upper", RATIO, "upper end of its 95 % interval"),
    Column("lfsr", RATIO, "local false sign rate: probability that the sign is wrong"),
    Column("s_value", RATIO, "share of wrong signs expected among all rows at least as sure"),
    Column("yearly_value_base", MONEY_SUM, "what the effect is worth a year at the margin set", "reporting currency"),
    Column("value_lower", MONEY_SUM, "lower end of its 90 % interval", "reporting currency"),
    Column("value_upper", MONEY_SUM, "upper end of its 90 % interval", "reporting currency"),
    Column("at_peer_base", MONEY_SUM, "what the typical peer would earn, or lose, a year in its place", "reporting currency"),
    Column("information", MONEY_SUM, "what knowing the sign would be worth a year", "reporting currency"),
    Column("overdispersion", RATIO, "ordinary noise over coin-flip noise here"),
    Column("claimed", "BOOLEAN", "sure enough to be listed under the error rate promised"),
    Column("reason_if_not_shown", "VARCHAR", "why it is not claimed"),
    Column("id", "VARCHAR", "hash of store, segment, metric and move: the same from one generation to the next"),
    Column(
        "move",
        "VARCHAR",
        "attack 进攻, hold 守住, fix 修补, concede 让出 or explore 试探; in a race also lead 主攻 (a claimed edge), lean 试攻 "
        "(expected to be ahead: try it first), lend 借出 (a part, for the trial) or even 难分; of sums `all`",
    ),
    Column("persistence", RATIO, "share of claimed past effects that lasted, from the back-test; null where too little is known"),
    Column("evidence", "VARCHAR", "what it rests on, as JSON"),
    Column("text_en", "VARCHAR", "what to do and why, in words"),
    Column("text_zh", "VARCHAR", "同上，中文"),
    # the race and the layers
    Column("leader", "VARCHAR", "the store that should lead the segment; null where nobody stands out"),
    Column("runner_up", "VARCHAR", "the best of the other stores"),
    Column(
        "win_probability", RATIO, "a leader's of being ahead of the runner-up, another's of the leader, an even one's of the best"
    ),
    Column(
        "expected_value_base",
        MONEY_SUM,
        "what the group gains a year by moving a tenth of the traffic there",
        "reporting currency",
    ),
    Column(
        "conceded_base", MONEY_SUM, "what is given up for it: a year's earnings on the tenth that moves", "reporting currency"
    ),
    Column("probability", RATIO, "of being above the median of the other stores counted alike"),
    Column("strongest_segment", "VARCHAR", "the segment in which the store is furthest ahead"),
    Column("is_strongest", "BOOLEAN", "the layer in which the store is most surely above the others"),
    Column("is_next", "BOOLEAN", "the layer to climb next; the reason says why"),
    Column("climb_value_base", MONEY_SUM, "what the step up to the best of the group is worth a year", "reporting currency"),
    # promises
    Column("record", "VARCHAR", "`promise`: one recommendation as first made; `summary`: the sums of a move or of all"),
    Column("promised_from", "DATE", "first day of the eight weeks a promise is held to"),
    Column("promised_until", "DATE", "last day of them"),
    Column("decision", "VARCHAR", "what the operator decided, from decisions.csv: done or dismissed"),
    Column("decided_on", "DATE", "the day of the decision"),
    Column("later_effect", RATIO, "log ratio to the typical peer in these weeks alone, unshrunk"),
    Column("later_error", RATIO, "its standard error"),
    Column("realised_value_base", MONEY_SUM, "what that is worth a year, on the traffic promised for", "reporting currency"),
    Column("promises", "BIGINT", "promises made", "promises"),
    Column("judged", "BIGINT", "of these, judged: their weeks are over and tell enough", "promises"),
    Column("kept_promises", "BIGINT", "of these, kept: what was said came", "promises"),
    Column("kept_expected", RATIO, "how many were to be expected kept, later weeks being noisy too", "promises"),
    # how edges fared
    Column("folds", "BIGINT", "splits of the history into earlier and later days"),
    Column("cells", "BIGINT", "cells with enough on both sides, over all folds"),
    Column("claims", "BIGINT", "of these, claimed on the earlier days"),
    Column("rmse_edge", RATIO, "root mean square error of the effect as a forecast of the later log ratio"),
    Column("rmse_raw", RATIO, "the same of the raw log ratio"),
    Column("rmse_mean", RATIO, "the same of no difference at all"),
    Column("score_edge", RATIO, "mean log likelihood of the later log ratio under the effect and its spread; more is better"),
    Column("score_raw", RATIO, "the same under the raw log ratio and its error"),
    Column("score_mean", RATIO, "the same under no difference and the usual spread"),
    Column("order_edge", RATIO, "rank correlation of effects with the later log ratios"),
    Column("order_raw", RATIO, "the same of raw log ratios"),
    Column("signs_held", RATIO, "share of claims whose later log ratio has the same sign"),
    Column("signs_expected", RATIO, "the share to be expected, later days being noisy too"),
    Column("persistence_error", RATIO, "standard error of the persistence"),
    Column("persistence_raw", RATIO, "what share of raw log ratios lasted, over all cells"),
    Column("promised_over_realised", RATIO, "of the 50 claims worth most: value promised over value that came"),
    Column("placebo_labels", RATIO, "claims in 1,000 cells with stores' names dealt at random"),
    Column("placebo_weeks", RATIO, "claims in 1,000 cells between odd and even weeks"),
    Column(
        "verdict",
        "VARCHAR",
        "of a back-test: passed, failed, placebo failed, nothing claimed, too short or no data; "
        "of a promise: kept, missed, open or no data",
    ),
)
