"""The pages, one module per area; each has its routes in `area`."""

from web.pages import (
    catalogue,
    contracts,
    deals,
    deliveries,
    doubles,
    entrance,
    home,
    imports,
    negotiations,
    offers,
    releases,
    sales,
    samples,
    search,
    settings,
    statements,
    texts,
    works,
)
from web.routing import Area

AREAS: tuple[Area, ...] = (
    entrance.area,
    home.area,
    search.area,
    catalogue.area,
    imports.area,
    doubles.area,
    works.area,
    samples.area,
    texts.area,
    offers.area,
    negotiations.area,
    contracts.area,
    releases.area,
    deliveries.area,
    sales.area,
    statements.area,
    deals.area,
    settings.area,
)
