"""The real program on a graph: revision files, a SQLite file, runs of `strait migrate`, and what they leave behind.

Each script writes in a journal that it ran, and makes or removes a mark of its revision, so that the database itself
tells what ran and in which order. A mark that is made twice, or removed without being there, is seen.
"""

import json
import os
import sqlite3
import subprocess
from pathlib import Path

OUTSIDE = ("DATABASE_URL", "RUST_LOG")
REFUSED = 2
# How it is with Alembic's own table: not there, kept because of the flag, or because Alembic made it before.
NOT_KEPT, BY_FLAG, BY_ALEMBIC = KEPT = ("not kept", "kept by flag", "made by Alembic")
TABLES = """
    create table journal (place integer primary key, step text not null);
    create table mark (revision text primary key);
"""


class Broken(Exception):
    """The program did something else than it says."""


class Program:
    """A folder of revisions and a database, moved by the program alone."""

    def __init__(self, path, folder, graph, kept):
        self.path, self.kept = path, kept
        self.revisions, self.file = Path(folder, "revisions"), Path(folder, "app.db")
        self.revisions.mkdir()
        for place, node in enumerate(graph, 1):
            self.write(f"V{place:04}__step", *node)
        self.database = sqlite3.connect(self.file, isolation_level=None)
        self.database.executescript(TABLES)
        if kept == BY_ALEMBIC:
            self.alembic(lambda context: context._ensure_version_table())

    def write(self, name, revision, down, needs, branches):
        headers = [f"-- revision: {revision}", f"-- down_revision: {', '.join(down) or 'base'}"]
        headers += [f"-- depends_on: {', '.join(needs)}"] if needs else []
        headers += [f"-- branch: {', '.join(branches)}"] if branches else []
        journal = "insert into journal (step) values ('{}{}');"
        up = [journal.format("+", revision), f"insert into mark (revision) values ('{revision}');"]
        down = [journal.format("-", revision), f"delete from mark where revision = '{revision}';"]
        self.revisions.joinpath(f"{name}.sql").write_text("\n".join(headers + up) + "\n")
        self.revisions.joinpath(f"{name}.down.sql").write_text("\n".join(down) + "\n")

    def run(self, verb, *words):
        """What the program reports, or the words with which it refuses."""
        flags = ["--dir", self.revisions, "--database-url", f"sqlite:{self.file}", "--format", "json"]
        if self.kept == BY_FLAG and verb in ("up", "down", "stamp"):
            flags += ["--bookkeeping", "alembic"]
        environment = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
        command = [self.path, "--quiet", "migrate", verb, *words, *flags]
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=self.revisions)
        if ended.returncode == REFUSED and not ended.stdout and "Usage: " not in ended.stderr:
            return None, ended.stderr
        if ended.returncode != 0:
            raise Broken(f"`migrate {verb} {' '.join(words)}` ended with {ended.returncode}: {ended.stderr}")
        return json.loads(ended.stdout), ""

    def begin_at(self, rows, applied):
        """Brings the database to some rows, by the program, and the marks to what they include."""
        if self.versions() != rows:
            report, refusal = self.run("stamp", "--purge", *(rows or ["base"]))
            if report is None or self.versions() != rows:
                raise Broken(f"`stamp --purge` does not come to {rows}: {refusal or self.versions()}")
        self.database.execute("delete from mark")
        self.database.executemany("insert into mark values (?)", [(one,) for one in sorted(applied)])
        self.database.execute("delete from journal")

    def operate(self, rows, applied, command, targets):
        """Steps and rows, or a refusal; and what the database says of them."""
        self.begin_at(rows, applied)
        before = self.left()
        words = ["stamp", "--purge", *targets] if command == "purge" else [command, *targets]
        report, refusal = self.run(*words)
        left = self.left()
        if report is None:
            if left != before:
                raise Broken(f"it refuses and leaves {left} of {before}")
            return {"refused": refusal.strip(), "steps": [], **left}
        if (report["before"], report["after"]) != (rows, left["rows"]):
            raise Broken(f"it reports {report['before']} -> {report['after']}, and the rows are {rows} -> {left['rows']}")
        taken = [("+" if step["way"] == "up" else "-") + step["revision"] for step in report.get("steps", [])]
        if taken != left["journal"]:
            raise Broken(f"it reports the steps {taken}, and the journal says {left['journal']}")
        return {"steps": taken, **left}

    def left(self):
        journal = [step for (step,) in self.database.execute("select step from journal order by place")]
        return {"rows": self.versions(), "journal": journal, "marks": self.column("select revision from mark")}

    def versions(self):
        there = self.column("select name from sqlite_master where name = 'strait_version'")
        return self.column("select revision from strait_version") if there else []

    def column(self, question):
        return sorted(answer for (answer,) in self.database.execute(question))

    def problems(self):
        """What the program finds wrong with its own records."""
        report, refusal = self.run("status")
        return [refusal] if report is None else report["problems"]

    def alembic_rows(self):
        """The rows that Alembic itself finds, none where its table is not kept."""
        if self.kept == NOT_KEPT:
            return None
        return sorted(self.alembic(lambda context: context.get_current_heads()))

    def alembic(self, use):
        import sqlalchemy
        from alembic.runtime.migration import MigrationContext

        engine = sqlalchemy.create_engine(f"sqlite:///{self.file}")
        with engine.begin() as connection:
            answer = use(MigrationContext.configure(connection))
        engine.dispose()
        return answer

    def close(self):
        self.database.close()
