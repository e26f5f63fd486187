"""All tables of all domains, for migrations."""

from __future__ import annotations

import accounts.models
import catalog.assets.models
import catalog.exports.models
import catalog.imports.models
import catalog.merging.models
import catalog.models
import catalog.saved.models
import distribution.models
import distribution.revenue.models
import hub.audit
import hub.idempotency
import hub.uploads.models
import marketplace.models
import translation.batches.models
import translation.desk.models
import translation.exchange.models
import translation.glossary.models
import translation.memory.models
import translation.models
import translation.overrides.models
import translation.quality.models
from hub.database import Base

metadata = Base.metadata

__all__ = ["accounts", "catalog", "distribution", "hub", "marketplace", "metadata", "translation"]
