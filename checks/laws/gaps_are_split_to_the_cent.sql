-- Targets whose gap is not actual less expected, or whose effects, where it is split, do not add up to it.
select kpi_pacing.store, kpi_pacing.metric, kpi_pacing.grain, kpi_pacing.period_start, kpi_pacing.gap
from kpi_pacing
where kpi_pacing.gap is distinct from kpi_pacing.actual - case when kpi_pacing.actual is not null then kpi_pacing.expected_so_far end
    or (
        coalesce(kpi_pacing.visitors_effect, kpi_pacing.orders_effect) is not null
        and kpi_pacing.gap <> coalesce(kpi_pacing.visitors_effect, 0) + coalesce(kpi_pacing.conversion_effect, 0)
            + coalesce(kpi_pacing.orders_effect, 0) + coalesce(kpi_pacing.basket_effect, 0)
            + coalesce(kpi_pacing.discount_effect, 0) + coalesce(kpi_pacing.refund_effect, 0) + coalesce(kpi_pacing.other_effect, 0)
    )
