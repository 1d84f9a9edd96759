"""Law 3: every route has a rule or stands on the short public list; a record by id only through queries/visible."""

import ast
from collections.abc import Iterator

from flask import Flask

from app.models.permission import PERMISSIONS, Permission
from app.pages.guard import needs, public, signed_in
from tests.house.source import Source, calls, dotted, imported, sources

# Everyone may ask these, signed in or not. Whoever adds one says here why.
PUBLIC = {
    "entry.sign_in",  # how one gets in
    "entry.signing_in",
    "entry.code",  # steps between the right password and the session
    "entry.proving",
    "entry.elsewhere",
    "entry.taking_over",
    "entry.choose_language",  # also before signing in
    "entry.brand_css",  # the bank's colour and logo, on the sign-in page too
    "entry.brand_picture",
    "doors.widget_script",  # the chat on the bank's site: the script and the page for everyone there
    "doors.widget_page",
    "doors.widget_session",  # and what the page asks, by the visitor's token
    "doors.widget_changes",
    "doors.widget_say",
    "doors.widget_mark",
    "doors.widget_finish",
    "doors.widget_rate",
    "doors.widget_resume",
    "doors.widget_leave",
    "doors.widget_move",
    "doors.widget_arrive",
    "doors.widget_file",  # a link that we have signed
    "doors.rate",  # a closed chat's client, by a link that we have signed
    "doors.rated",
    "doors.rated_resume",
    "entry.healthz",  # asked by the proxy and the supervisor
    "entry.readyz",
    "entry.metrics",  # answers only the trusted network
}
# What answers before the application and its rules: our own files, and the webhooks, each proved on its raw bytes.
BEFORE = {"Hooks", "WhiteNoise"}
# Only outside production: no record stands behind them.
DEVELOPMENT = {"styleguide.parts", "styleguide.window"}
FILES = {"static"}

# What only some may see. Rows of administrators' lists are seen by whoever holds the list's permission.
RECORDS = {"chat_id", "episode_id", "message_id", "customer_id", "identity_id", "file_id", "draft_id"}
ROUTES = {"get", "post", "put", "patch", "delete", "route"}


def test_every_route_has_a_rule(app: Flask) -> None:
    assert unruled(app) == []


def test_only_the_short_list_is_public(app: Flask) -> None:
    known = PUBLIC | DEVELOPMENT
    assert {name for name, rule in rules(app) if rule == "public"} <= known
    assert {name for name in known if name not in app.view_functions} == set(), (
        "a public route is gone: shorten the list"
    )


def test_a_route_without_a_rule_and_a_new_public_one_are_found() -> None:
    app = Flask("planted")
    unmarked = Permission("not.declared", "", "", "not")
    app.add_url_rule("/a", "bare", lambda: "")
    app.add_url_rule("/b", "strange", needs(unmarked)(lambda: ""))
    app.add_url_rule("/c", "open", public(lambda: ""))
    app.add_url_rule("/d", "inside", signed_in(lambda: ""))
    assert unruled(app) == ["bare", "strange"]
    assert {name for name, rule in rules(app) if rule == "public"} - PUBLIC == {"open"}


def test_only_the_webhooks_and_our_files_stand_before_the_rules() -> None:
    assert {name for name, _ in before_rules(sources("app", "wsgi.py"))} == BEFORE


def test_a_door_beside_the_rules_is_found() -> None:
    planted = Source("app/pages/bad.py", "app.wsgi_app = BackDoor(app.wsgi_app)\n")
    assert before_rules([planted]) == [("BackDoor", "app/pages/bad.py:1")]


def test_a_record_is_reached_only_through_visible() -> None:
    assert unguarded(sources("app/pages")) == []


def test_a_page_that_takes_a_record_by_its_id_alone_is_found() -> None:
    route = '@desk.get("/chats/<int:chat_id>")\ndef chat(chat_id):\n    '
    assert unguarded([Source("app/pages/desk/bad.py", route + "return thread.of(chat_id)\n")])
    assert unguarded([Source("app/pages/desk/bad.py", "chat = db.session.get(Chat, 1)\n")])
    assert unguarded([Source("app/pages/desk/bad.py", "from sqlalchemy import select\n")])
    good = route + "found = visible.chat(viewer(), chat_id)\n    return found\n"
    assert not unguarded([Source("app/pages/desk/good.py", good)])


def rules(app: Flask) -> Iterator[tuple[str, object]]:
    for name in {rule.endpoint for rule in app.url_map.iter_rules()} - FILES:
        yield name, getattr(app.view_functions[name], "rule", None)


def unruled(app: Flask) -> list[str]:
    """Routes without a rule, or with a permission nobody declared."""
    return sorted(
        name
        for name, rule in rules(app)
        if rule not in ("public", "signed in")
        and not (isinstance(rule, Permission) and PERMISSIONS.get(rule.code) is rule)
    )


def before_rules(files: list[Source]) -> list[tuple[str, str]]:
    """What takes requests before the application does, and where it is put there."""
    return [
        (dotted(node.value.func) if isinstance(node.value, ast.Call) else "?", f"{source.path}:{node.lineno}")
        for source in files
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Assign) and any(dotted(one).endswith(".wsgi_app") for one in node.targets)
    ]


def unguarded(files: list[Source]) -> list[str]:
    return [found for source in files for found in _unguarded(source)]


def _unguarded(source: Source) -> Iterator[str]:
    for module, _name, node in imported(source.tree):
        if module.startswith("sqlalchemy") and module != "sqlalchemy.exc":
            yield source.at(node, "asks the database itself")
    for name, call in calls(source.tree):
        if name.startswith("db.") and name != "db.session.remove":
            yield source.at(call, f"asks the database itself: {name}")
    for view in ast.walk(source.tree):
        if isinstance(view, ast.FunctionDef) and any(map(_is_route, view.decorator_list)):
            asked = {one.arg for one in view.args.args} & RECORDS
            proved = {
                argument.id
                for name, call in calls(view)
                if name.startswith("visible.")
                for argument in call.args
                if isinstance(argument, ast.Name)
            }
            if asked - proved - _compared(view):
                yield source.at(view, f"{view.name} takes {', '.join(asked - proved)} past queries/visible")


def _compared(view: ast.FunctionDef) -> set[str]:
    """Ids that are held against what queries/visible said: `visible.message(…).chat_id != chat_id`."""
    return {
        name.id
        for node in ast.walk(view)
        if isinstance(node, ast.Compare) and any(one.startswith("visible.") for one, _call in calls(node))
        for name in node.comparators
        if isinstance(name, ast.Name)
    }


def _is_route(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in ROUTES
