"""The partner's HTTP side: what is live, what came, sales reports on demand. A bearer key opens all but the health check."""

import hmac
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Query

from sandbox import catalogue, database, verdicts
from sandbox.reports import Defect, NothingToBreak, Reporter
from sandbox.sales import NotAPeriod, period
from sandbox.settings import Platform, Settings


def create(
    settings: Settings, database_path: Path, reporters: Mapping[str, Reporter], key: str, today: Callable[[], date]
) -> FastAPI:
    """The application. Errors are ``{"detail": {"code": …, "message": …}}``."""

    def with_key(authorization: Annotated[str, Header()] = "") -> None:
        if not hmac.compare_digest(authorization.encode(), f"Bearer {key}".encode()):
            raise HTTPException(
                401, _problem("KEY", "Send the key of sandbox.json as a bearer token."), {"WWW-Authenticate": "Bearer"}
            )

    def named(platform_id: str) -> Platform:
        platform = settings.platform(platform_id)
        if platform is None:
            raise HTTPException(404, _problem("PLATFORM_UNKNOWN", f"There is no platform {platform_id!r}."))
        return platform

    router = APIRouter(prefix="/platforms", dependencies=[Depends(with_key)])

    @router.get("")
    def platforms() -> list[dict[str, Any]]:
        return [described(platform) for platform in settings.platforms]

    @router.get("/{platform_id}/releases")
    def releases(platform: Annotated[Platform, Depends(named)], on: date | None = None) -> dict[str, Any]:
        day = on or today()
        with database.connection(database_path) as connection:
            return {
                "platform": platform.id,
                "date": day.isoformat(),
                "releases": catalogue.shown(connection, platform.id, day),
            }

    @router.get("/{platform_id}/messages")
    def messages(platform: Annotated[Platform, Depends(named)], message_id: str | None = None) -> dict[str, Any]:
        with database.connection(database_path) as connection:
            return {"platform": platform.id, "messages": verdicts.shown(connection, platform.id, message_id)}

    @router.post("/{platform_id}/sales", status_code=201)
    def sales(
        platform: Annotated[Platform, Depends(named)],
        period_name: Annotated[str, Query(alias="period")],
        seed: int = 0,
        defect: Defect | None = None,
        recipient: str | None = None,
    ) -> dict[str, Any]:
        party = recipient or settings.senders[0]
        if party not in settings.senders:
            raise HTTPException(404, _problem("SENDER_UNKNOWN", f"{platform.name} has no contract with {party!r}."))
        try:
            report = reporters[platform.id].report(period(period_name), party, seed, defect)
        except NotAPeriod as error:
            raise HTTPException(422, _problem("PERIOD", str(error))) from None
        except NothingToBreak as error:
            raise HTTPException(409, _problem("NOTHING_TO_BREAK", str(error))) from None
        return {
            "name": report.name,
            "message_id": report.message_id,
            "lines": report.lines,
            "sales": report.sales,
            "total": f"{report.total:f}",
            "currency": report.currency,
            "defect": defect,
        }

    application = FastAPI(title="Sandbox platforms", docs_url=None, redoc_url=None, openapi_url=None)

    @application.get("/healthz")
    def healthz() -> dict[str, str]:
        with database.connection(database_path) as connection:
            connection.execute("SELECT 1")
        return {"status": "ok"}

    application.include_router(router)
    return application


def described(platform: Platform) -> dict[str, Any]:
    """A platform as a partner may know it."""
    return {
        "id": platform.id,
        "name": platform.name,
        "party_id": platform.party_id,
        "protocol": platform.protocol,
        "territories": sorted(platform.served),
        "currency": platform.currency,
        "minimum_cover_px": platform.minimum_cover_px,
        "deal_terms": [
            {"commercial_model": term.commercial_model, "use_type": term.use_type} for term in platform.deal_terms
        ],
    }


def _problem(code: str, message: str) -> dict[str, str]:
    return {"code": code, "message": message}
