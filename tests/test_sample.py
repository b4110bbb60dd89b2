"""The bundled sample is what the generator makes, and a first run on it has nothing to complain of."""

import sample

from assets.home import Home
from assets.published import open_published
from pipelines.refresh import refresh
from pipelines.settings import settings_of


def test_the_bundled_sample_is_fresh() -> None:
    tracked = {
        path.relative_to(sample.SAMPLE).as_posix(): path.read_bytes() for path in sample.SAMPLE.rglob("*") if path.is_file()
    }
    assert tracked == sample.files(), "run: .venv/bin/python tests/sample.py"


def test_a_first_run_on_the_sample_has_nothing_to_complain_of(home: Home) -> None:
    for name, content in sample.files().items():
        (home.root / name).parent.mkdir(parents=True, exist_ok=True)
        (home.root / name).write_bytes(content)
    refresh(settings_of(home.root))
    with open_published(home) as database:
        assert database.execute('select "check" from checks where not passed').fetchall() == []
        assert database.execute("select count(distinct store) from store_metrics").fetchall() == [(6,)]
        assert database.execute("select count(*) from group_metrics where stores_known < stores").fetchall() == [(0,)]
