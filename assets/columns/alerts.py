"""What changed on the latest days."""

from assets.columns.column import MONEY, RATIO, Column

ALERTS = (
    Column(
        "alert_kind", "VARCHAR", "`change`: a metric changed; `stopped_export`: a source's days end before the others' 警报种类"
    ),
    Column("alert_state", "VARCHAR", "open 持续, over 已恢复, or settled: it lasted four weeks and is the new level 已成常态"),
    Column("scope", "VARCHAR", "likely cause: one store, one platform, or everywhere 范围"),
    Column("changed_on", "DATE", "first local day of the change, or first day an export lacks 起始日"),
    Column("found_on", "DATE", "day whose night raised it first 发现日"),
    Column("seen_until", "DATE", "last day looked at; of what is over, the last day of it 截至日"),
    Column("days_changed", "BIGINT", "days from the first to the last of it 持续天数", "days"),
    Column("usual", RATIO, "the metric as it was to be on these days; null for many stores together 应有水平"),
    Column("since_then", RATIO, "the metric as it was on these days 实际水平"),
    Column("change", RATIO, "relative change, drawn in by what changes usually are: -0.3 is 30 % less 变化"),
    Column("change_lower", RATIO, "lower end of its 95 % interval 变化下限"),
    Column("change_upper", RATIO, "upper end of its 95 % interval 变化上限"),
    Column("money_a_day_base", MONEY, "what it is worth a day in sales; negative where it costs 每日金额", "reporting currency"),
    Column("money_a_day_lower", MONEY, "lower end of its 90 % interval 每日金额下限", "reporting currency"),
    Column("money_a_day_upper", MONEY, "upper end of its 90 % interval 每日金额上限", "reporting currency"),
    Column("money_so_far_base", MONEY, "that, times the days of it 累计金额", "reporting currency"),
    Column("chance", RATIO, "probability that such an alarm of the series comes by chance on a night 偶然概率"),
    Column("where_seen", "VARCHAR", "the channels, categories or stores that were raised with it 主要所在"),
)
