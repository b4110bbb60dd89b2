"""One refresh as a Dagster run, so that its history is in the UI whoever started it."""

import logging
from dataclasses import dataclass

from assets import published
from assets.definitions import in_order
from assets.home import Home
from assets.landed import Intake, Summary
from assets.published import Generation
from assets.warehouse import discard
from checks.reconciliation import Verdict
from pipelines.progress import bars
from pipelines.refresh import CheckFailedError, Refresh, broken_laws
from pipelines.settings import Settings


@dataclass(frozen=True)
class Outcome:
    """What a refresh did: what it read, what the laws said, and what it published."""

    landed: Summary
    verdicts: list[Verdict]
    generation: Generation

    @property
    def failed(self) -> list[Verdict]:
        """The laws that are not kept; none of them is a blocking one."""
        return [verdict for verdict in self.verdicts if not verdict.passed]


def land_only(settings: Settings, *, new_key_epoch: bool = False) -> Summary:
    """Read what is new and stop there. The caller holds the writer's lock."""
    with bars(0) as (read, _), Intake(Home(settings.home), settings.limits, new_key_epoch=new_key_epoch, watch=read) as intake:
        return intake.finish()


def run_refresh(settings: Settings, *, full: bool = False, new_key_epoch: bool = False) -> Outcome:
    """One whole refresh. The caller holds the writer's lock.

    Raises:
        CheckFailedError: a blocking law is broken, nothing was published.
        PublishError: there is no room, or the copy is bad.
        UsageError: a reference file or the key is wrong.
    """
    home = Home(settings.home)
    if full:
        discard(home)
    with bars(len(in_order()) + 1 + settings.reports) as (read, built):
        refresh = Refresh(settings, built)
        try:
            with Intake(home, settings.limits, new_key_epoch=new_key_epoch, look_again=full, watch=read) as intake:
                _through_dagster(refresh, intake)
        finally:
            refresh.close()
    generation = published.newest(home)
    if intake.summary is None or generation is None:
        raise RuntimeError("the run ended without a generation")
    return Outcome(intake.summary, refresh.verdicts, generation)


def _through_dagster(refresh: Refresh, intake: Intake) -> None:
    import dagster as dg

    from pipelines.definitions import UnderWay, definitions
    from pipelines.records import close_dead_runs, instance

    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    job = definitions(UnderWay(refresh, intake), refresh.settings).resolve_job_def("refresh")
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with instance(refresh.home.root) as records:
        close_dead_runs(records)
        try:
            job.execute_in_process(instance=records, run_config=quiet)
        except dg.DagsterExecutionInterruptedError as error:
            raise KeyboardInterrupt from error
        except dg.DagsterError as error:
            if broken := broken_laws(refresh.verdicts):
                raise CheckFailedError(broken) from error
            raise
