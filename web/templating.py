"""Jinja2 as the pages use it: escaped, strict about what is undefined, speaking the reader's language."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from hub.i18n import Message, current_language
from hub.money import EXPONENTS
from web import facts
from web.assets import asset
from web.labels import RIGHT_FAMILIES, label, state

FACET_LENGTH = 8
"""Values of a facet that are shown before one asks for more."""
TEMPLATES = Path(__file__).parent / "templates"
FILTERS = (
    facts.by_territory,
    facts.byline,
    facts.credited,
    facts.currency,
    facts.day,
    facts.device,
    facts.dotted,
    facts.duration,
    facts.here,
    facts.identifier,
    facts.initials,
    facts.is_foreign,
    facts.isrc,
    facts.joined,
    facts.labels,
    facts.language,
    facts.language_pairs,
    facts.languages,
    facts.marked,
    facts.merged,
    facts.moment,
    facts.number,
    facts.own_name,
    facts.pairs,
    facts.part,
    facts.paragraphs,
    facts.percent,
    facts.period,
    facts.reported,
    facts.seed,
    facts.short_territory,
    facts.size,
    facts.some_labels,
    facts.sums,
    facts.tally,
    facts.term,
    facts.territories,
    facts.territory,
    facts.territory_pairs,
    facts.until,
    facts.year,
)


def say(msgid: str, /, **params: Any) -> Markup:
    """`_()` of the templates: the translation with its parameters escaped into it."""
    return _escaped(Message(msgid), params)


def say_in_context(context: str, msgid: str, /, **params: Any) -> Markup:
    """`pgettext()` of the templates, for English words that mean two things."""
    return _escaped(Message(msgid, context=context), params)


def say_number(singular: str, plural: str, number: int, /, **params: Any) -> Markup:
    """`ngettext()` of the templates; `number` chooses the form, `count` is shown."""
    return _escaped(Message(singular, plural, number), params)


def _escaped(message: Message, params: Mapping[str, Any]) -> Markup:
    words = escape(message.render(current_language()))
    return words % {key: escape(value) for key, value in params.items()} if params else words


def environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update({function.__name__: function for function in FILTERS})
    env.globals.update(
        _=say,
        gettext=say,
        ngettext=say_number,
        pgettext=say_in_context,
        asset=asset,
        label=label,
        states=state,
        motif=facts.motif,
        today=facts.today,
        facet_label=lambda name: label("facet", name),
        facet_length=FACET_LENGTH,
        fresh_key=lambda: secrets.token_urlsafe(18),
        right_families=RIGHT_FAMILIES,
        strip_territories=facts.STRIP,
        map_territories=facts.MAP,
        currencies=tuple(EXPONENTS),
    )
    return env
