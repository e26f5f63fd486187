"""The bare handler: the same server, the same index query, one SQL query, JSON.

No GraphQL, no facets, no permissions, no re-check.

Run by the bench: `python -m benchmarks.search.bare PORT INDEX_FOLDER DATABASE_URL`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import uvicorn
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from tantivy import Index

from catalog.search.matches import look
from catalog.search.query import Filters, Reader

HITS = """
SELECT w.id, w.kind, w.original_language, w.publication_year, w.owner_id, title.words AS title, shown.words AS shown,
       body.words AS body, told.words AS told,
       (SELECT json_agg(json_build_object('name', c.name, 'original', c.name_original) ORDER BY c.position)
          FROM contributors c WHERE c.work_id = w.id) AS contributors
  FROM works w JOIN texts title ON title.id = w.title_id LEFT JOIN texts body ON body.id = w.description_id
  LEFT JOIN renderings shown ON shown.text_id = w.title_id AND shown.language = $2
  LEFT JOIN renderings told ON told.text_id = w.description_id AND told.language = $2
 WHERE w.id = ANY($1::uuid[])
"""


def main(port: int, folder: str, database: str) -> None:
    index = Index.open(folder)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with asyncpg.create_pool(database, min_size=2, max_size=4) as pool:
            app.state.pool = pool
            yield

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)

    @app.post("/search")
    async def search(request: Request) -> Response:
        asked = await request.json()
        reader = Reader(asked["language"], "TH")
        filters = Filters(rights=("PRINT",), territories=("TH",)) if asked["available"] else Filters()
        found = look(index.searcher(), asked["text"], reader, filters, 20)
        ids = found.ids(0, 20)
        async with app.state.pool.acquire() as connection:
            rows = {str(row["id"]): dict(row) for row in await connection.fetch(HITS, ids, asked["language"])}
        hits = [
            {name: str(value) if name in ("id", "owner_id") else value for name, value in rows[one].items()}
            for one in ids
        ]
        body = json.dumps({"count": found.total, "hits": hits}, ensure_ascii=False).encode()
        return Response(body, media_type="application/json")

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", proxy_headers=False, server_header=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3])
