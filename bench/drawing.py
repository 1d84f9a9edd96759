"""The list and a talk as the desk gives them, beside the least that draws the same rows: one bare Jinja template."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from flask import Flask, template_rendered
from jinja2 import Environment, Template

from bench.figures import Figure, beside, percentile

_BARE = Environment(autoescape=True)
_LIST = _BARE.from_string("""{% for row in rows -%}
<a class="row" id="row-{{ row.chat_id }}" href="/chats/{{ row.chat_id }}" data-order="{{ row.order }}">
<b>{{ row.name }}</b><i>{{ row.channel_name }}</i><time>{{ row.waits_since }}</time>
<span>{{ row.said }}</span><b>{{ row.unread }}</b></a>
{%- endfor %}""")
_TALK = _BARE.from_string("""{% for line in flow -%}
{% if line.day %}<div class="day">{{ line.day }}</div>{% else %}
<article class="msg {{ line.item.kind }}" id="m-{{ line.item.id }}" data-order="{{ line.item.order }}">
<b>{{ line.item.who }}</b><div class="text">{{ line.item.text }}</div>
<footer>{{ line.item.at }} {{ line.item.state }}</footer></article>{% endif %}
{%- endfor %}""")
_TIMES = 15


def against_bare(app: Flask, get: Callable[[str], float], pages: dict[str, str]) -> Iterator[Figure]:
    """`get` gives the milliseconds of a page, with session, rights, database and drawing; `pages`: list and thread."""
    for bench, template, rows in (("list", _LIST, "rows"), ("thread", _TALK, "flow")):
        values = _shown(app, partial(get, pages[bench]), rows)
        ours, floor = beside(
            partial(_typical, partial(get, pages[bench])), partial(_typical, partial(_draw, template, values))
        )
        about = {"rows": len(values[rows]), "ours_ms": round(ours, 2), "floor_ms": round(floor, 3)}
        yield Figure(
            bench, "the whole page / a bare Jinja render of its rows", round(ours / floor, 1), "×", about=about
        )


def _shown(app: Flask, get: Callable[[], float], rows: str) -> dict[str, Any]:
    """The rows that the page has drawn."""
    told: list[dict[str, Any]] = []
    hear = lambda _app, template, context, **more: told.append(context)  # noqa: E731 - kept, because signals hold weakly
    with template_rendered.connected_to(hear, app):
        get()
    return {rows: next(list(context[rows]) for context in told if rows in context)}


def _draw(template: Template, values: dict[str, Any]) -> float:
    began = time.perf_counter()
    template.render(values)
    return (time.perf_counter() - began) * 1000


def _typical(measure: Callable[[], float]) -> float:
    return percentile([measure() for _ in range(_TIMES)], 0.5)
