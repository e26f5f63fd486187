"""`./run story`: the six steps of the design's story, played on a hub of its own as outside clients would play them.

Nothing here imports a domain or asks the database: GraphQL, uploads, SFTP and S3 only.
"""

from __future__ import annotations

from banmao.story.play import main

__all__ = ["main"]
