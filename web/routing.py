"""Routes of an area: a path, its methods, and a handler that is given a `Page`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.responses import Response

from web.page import Page

Handler = Callable[[Page], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class PageRoute:
    path: str
    methods: tuple[str, ...]
    handler: Handler


@dataclass
class Area:
    """The routes of one module of `web/pages`. `get` and `post` want a signed-in reader unless told otherwise."""

    routes: list[PageRoute] = field(default_factory=list)

    def get(self, path: str, *, public: bool = False) -> Callable[[Handler], Handler]:
        return self._add(path, "GET", public)

    def post(self, path: str, *, public: bool = False) -> Callable[[Handler], Handler]:
        return self._add(path, "POST", public)

    def _add(self, path: str, method: str, public: bool) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            async def guarded(page: Page) -> Response:
                if not public:
                    await page.recognize()
                    if not page.is_fragment:
                        await page.count_waiting()
                if method == "POST":
                    await page.form()
                return await handler(page)

            self.routes.append(PageRoute(path, (method,), guarded))
            return handler

        return add
