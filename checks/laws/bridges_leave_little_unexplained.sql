-- Months in which more than 1 % of the platform's own figure is not explained by ours.
select bridges.store, bridges.month, bridges.against, bridges.amount as unexplained, bridges.unexplained_share
from bridges
where bridges.step_name = 'unexplained' and abs(bridges.unexplained_share) > 0.01
