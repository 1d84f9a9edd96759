"""Every sealed column there is, in one register: what a rotation of keys goes through (clauses 15.5, 12.25).

tests/memory compares it with the database, so that a new column cannot be forgotten.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SealedColumn:
    """`keys`: the columns a row is known by, with their types; `bound`: the SQL of the id a value is sealed for.

    `kept`: why the column stays under its old keys.
    """

    table: str
    column: str
    bound: str = "id"
    keys: tuple[tuple[str, str], ...] = field(default=(("id", "bigint"),))
    kept: str = ""

    @property
    def name(self) -> str:
        return f"{self.table}.{self.column}"


_UUID = (("id", "uuid"),)

COLUMNS = (
    SealedColumn("message", "text", keys=_UUID),
    SealedColumn("message_version", "text", "message_id", (("message_id", "uuid"), ("version", "int"))),
    SealedColumn("file", "name", keys=_UUID),
    SealedColumn("file", "ref", keys=_UUID),
    SealedColumn("outbox", "content", keys=_UUID),
    SealedColumn("inbox", "raw", keys=_UUID),
    SealedColumn("draft", "text", "chat_id || ':' || person_id", (("chat_id", "bigint"), ("person_id", "bigint"))),
    SealedColumn("episode", "comment"),
    SealedColumn("customer", "name"),
    SealedColumn("customer_change", "old"),
    SealedColumn("customer_merge", "before"),
    SealedColumn("customer_note", "text"),
    SealedColumn("customer_phone", "phone"),
    SealedColumn("identity", "name"),
    SealedColumn("identity", "username"),
    SealedColumn("identity", "address"),
    SealedColumn("rating", "comment"),
    SealedColumn("rating", "excluded_why"),
    SealedColumn("notice", "words", keys=_UUID),
    SealedColumn("person", "phone"),
    SealedColumn("person", "email"),
    SealedColumn("factor", "secret", "person_id", (("person_id", "bigint"),)),
    SealedColumn("hrm_source", "token"),
    SealedColumn("channel", "token"),
    SealedColumn("channel", "secret"),
    SealedColumn("webchat", "proof_key"),
    SealedColumn("widget_token", "about", "encode(token_hash, 'hex')", (("token_hash", "bytea"),)),
    SealedColumn("template_file", "name", keys=_UUID),
    SealedColumn(
        "journal", "details", keys=_UUID, kept="the journal is never rewritten: its rows are in signed blocks"
    ),
)

# Bytes that are no sealed values: hashes, signatures, the bank's logo that everybody may see.
OPEN = frozenset({
    "session.token_hash", "session.old_token_hash", "known_device.token_hash", "half_sign_in.token_hash",
    "attempt_counter.key", "recovery_code.code_hash", "widget_token.token_hash", "widget_token.proof_hash",
    "customer_phone.whole", "customer_phone.last4", "customer_phone.last7", "passage.token_hash", "identity.subject",
    "journal_block.prints", "journal_block.previous", "journal_block.hash", "journal_block.signature",
    "picture.content",
})  # fmt: skip

# Columns that hold ids of files in the storage; each file is sealed by itself.
FILES = (("file", "stored_id"), ("template_file", "stored_id"), ("news_file", "stored_id"))
