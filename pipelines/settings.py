"""Settings: a home's `edgewise.toml` and the environment. The only reader of the environment."""

import hashlib
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from assets.home import Home, UsageError
from assets.workers import Limits


class Settings(BaseSettings):
    """What an owner may set, in `edgewise.toml` or as `EDGEWISE_…` in the environment, which wins."""

    model_config = SettingsConfigDict(env_prefix="EDGEWISE_", extra="forbid")

    home: Path = Field(Path("data"), description="the folder the stores live in", exclude=True)
    margin: float = Field(0.30, gt=0, le=1, description="share of sales that is earned, for what an edge is worth a year")
    reporting_currency: str = Field("CNY", pattern="^[A-Z]{3}$", description="currency of the `_base` columns")
    nightly_at: str = Field("02:30", pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", description="when the nightly refresh starts")
    timezone: str = Field("Asia/Shanghai", description="time zone of `nightly_at`")
    engine: Literal["duckdb"] = Field("duckdb", description="what computes the measures")
    workers: int = Field(2, ge=0, le=64, description="processes that read files; 0 reads in the refresh itself", exclude=True)
    worker_memory_mb: int = Field(3072, ge=256, description="memory a file may take to read", exclude=True)
    expectations: bool = Field(default=True, description="whether Great Expectations judges what changed", exclude=True)
    reports: bool = Field(default=True, description="whether a refresh writes the page of its generation", exclude=True)
    owners: str = Field(
        "team:analytics",
        pattern=r"^((team:[A-Za-z0-9_-]+|[^@\s,]+@[^@\s,]+)(,|$))+$",
        description="who answers for the tables: team:name or mail addresses, with commas between",
        exclude=True,
    )
    memory: str = Field("", description="DuckDB's memory limit, like 8GB; blank is 3 GiB at most", exclude=True)

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{value} is no time zone like Asia/Shanghai") from error
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the framework's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The call's own values, then the environment, then the home's file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def all_owners(self) -> list[str]:
        """Who answers for the tables, one by one."""
        return [owner for owner in self.owners.split(",") if owner]

    @property
    def limits(self) -> Limits:
        """How files are read."""
        return Limits(self.workers, self.worker_memory_mb << 20)

    @property
    def digest(self) -> str:
        """Digest of the settings that change what is computed."""
        return hashlib.sha256(self.model_dump_json(include={"reporting_currency", "margin", "engine"}).encode()).hexdigest()[:32]


class _HomeOnly(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="EDGEWISE_", extra="ignore")
    home: Path = Path("data")


def settings_of(home: Path | None = None) -> Settings:
    """Settings of a home: the one given, else `EDGEWISE_HOME`, else `./data`.

    Raises:
        UsageError: a setting is unknown or wrong; says which.
    """
    root = (home or _HomeOnly().home).resolve()

    class OfHome(Settings):
        model_config = SettingsConfigDict(toml_file=Home(root).toml)

    try:
        return OfHome(home=root)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(key) for key in first["loc"])
        raise UsageError(f"{Home(root).toml} or the environment: {name}: {first['msg']}") from error
    except (ValueError, KeyError) as error:
        raise UsageError(f"{Home(root).toml} cannot be read: {error}") from error
