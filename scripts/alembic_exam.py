"""Compares our plans with Alembic's on random graphs of revisions; `scripts/alembic-exam` runs it.

Every graph gets a chain of operations, each beginning at the rows that the one before left in a SQLite file. Alembic
runs it in three processes with three hash seeds, because where a revision has several dependencies its order follows
Python's set order. One process of ours gets the same rows and targets and must give the same steps and rows. For a share
of the graphs the program itself does the same with revision files and a database (`alembic_program.py`), and what the
database holds then is compared as well.
"""

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic_program import KEPT, Broken, Program

HASH_SEEDS = ("0", "1", "2")
MEMORY = "/dev/shm"
RUNS_AT_ONCE = 2
CASES = Path("tests/cases/alembic")
RECORD_SEED = 20
RECORD_GRAPHS = 55
OPERATIONS = 8
UNKNOWN = "nosuch"
LABELS = ("billing", "audit", "search", "ab", "abacus")
# What of a graph is likely, by kind: a new base, a fork, a merge, a dependency, a label; and nodes in any order.
KINDS = {
    "line": dict(base=0, fork=0, merge=0, needs=0, label=0.1, shuffled=0.3),
    "branches": dict(base=0.03, fork=0.35, merge=0, needs=0, label=0.25, shuffled=0.3),
    "merges": dict(base=0.05, fork=0.35, merge=0.35, needs=0, label=0.15, shuffled=0.3),
    "bases": dict(base=0.3, fork=0.1, merge=0.1, needs=0, label=0.4, shuffled=0.3),
    "needs": dict(base=0.25, fork=0.15, merge=0, needs=0.35, label=0.3, shuffled=0.3),
    "mixed": dict(base=0.15, fork=0.25, merge=0.2, needs=0.25, label=0.25, shuffled=0.5),
}


# Random graphs and operations


def random_id(dice, taken):
    while True:
        length = dice.choice((2, 3, 4, 4, 6, 8, 12))
        name = "".join(dice.choice("ab01") for _ in range(length))
        if name not in taken:
            return name


def random_graph(dice, kind):
    """Revisions as [id, down, depends_on, branches], parents first unless shuffled."""
    likely = KINDS[kind]
    nodes, heads, labels = [], [], list(LABELS)
    dice.shuffle(labels)
    for _ in range(dice.randint(3, 14)):
        ids = [node[0] for node in nodes]
        name = random_id(dice, ids + list(LABELS))
        down = []
        if nodes and dice.random() >= likely["base"]:
            if len(heads) > 1 and dice.random() < likely["merge"]:
                down = dice.sample(heads, dice.choice((2, 2, 3)) if len(heads) > 2 else 2)
            elif len(ids) > 2 and dice.random() < likely["merge"] * 0.1:
                down = dice.sample(ids, 2)
            else:
                down = [dice.choice(ids if dice.random() < likely["fork"] else heads)]
        needs = []
        if nodes and dice.random() < likely["needs"]:
            given = [label for node in nodes for label in node[3]]
            needs = dice.sample(ids + given, min(len(ids), dice.choice((1, 1, 1, 2, 3))))
        branches = [labels.pop()] if labels and dice.random() < likely["label"] * (1 if down else 2) else []
        if branches and labels and dice.random() < 0.1:
            branches.append(labels.pop())
        nodes.append([name, down, needs, branches])
        heads = [head for head in heads if head not in down] + [name]
    if dice.random() < likely["shuffled"]:
        dice.shuffle(nodes)
    return nodes


def random_name(dice, graph):
    ids = [node[0] for node in graph]
    labels = [label for node in graph for label in node[3]]
    name = dice.choice(ids + labels) if dice.random() < 0.3 else dice.choice(ids)
    if dice.random() < 0.2:
        name = name[: dice.randint(min(len(name), dice.choice((1, 3, 4))), len(name))]
    return UNKNOWN if dice.random() < 0.01 else name


def random_branch(dice, graph):
    labels = [label for node in graph for label in node[3]]
    if dice.random() < 0.02:
        return UNKNOWN
    return dice.choice(labels) if labels and dice.random() < 0.85 else random_name(dice, graph)


def random_target(dice, graph, command):
    name, steps = random_name(dice, graph), dice.choice((1, 1, 1, 1, 2, 2, 3))
    branched = f"{random_branch(dice, graph)}@" if dice.random() < 0.3 else ""
    if command == "up":
        choices = [(name, 5), ("heads", 3), (f"+{steps}", 6), ("head", 2), (f"{name}+{steps}", 1), (f"{name}-1", 1)]
        rare = ["base", "-1", "+0", "head-1", "base+1", "base+2", f"{name}-0"]
    elif command == "down":
        choices = [(name, 5), ("base", 2), (f"-{steps}", 6), (f"{name}-{steps}", 2), (f"{name}+1", 1), ("head-1", 1)]
        rare = ["head", "heads", "+1", "-0", "base+1", f"{name}+0", "head-2"]
    else:
        choices = [(name, 8), ("heads", 2), ("head", 1), ("base", 1)]
        rare = ["heads"]
    places = [*choices, (dice.choice(rare), 1)]
    place = dice.choices([place for place, _ in places], [weight for _, weight in places])[0]
    return place if place.startswith("base+") else branched + place


def random_operations(dice, graph):
    operations = []
    for _ in range(OPERATIONS):
        command = dice.choices(("up", "down", "stamp", "purge"), (45, 33, 17, 5))[0]
        targets = [random_target(dice, graph, command)]
        if command in ("stamp", "purge") and dice.random() < 0.3:
            ids = [node[0] for node in graph]
            several = dice.sample(ids, min(len(ids), dice.choice((2, 3))))
            targets = Reach(graph).tips(several) if dice.random() < 0.8 else several
        operations.append([command, targets])
    return operations


# Alembic, in a process of its own


class Alembic:
    """Alembic's own planner and row keeping on a throw-away SQLite file."""

    def __init__(self, folder):
        import sqlalchemy
        from alembic.runtime.migration import MigrationContext
        from alembic.script import Script, ScriptDirectory
        from alembic.script.revision import RevisionMap

        self.script_of, self.map_of, self.context = Script, RevisionMap, MigrationContext
        self.script = ScriptDirectory(folder)
        self.text = sqlalchemy.text
        self.connection = sqlalchemy.create_engine(f"sqlite:///{folder}/exam.db").connect()
        self.connection.execute(self.text("pragma synchronous = off"))
        self.connection.commit()
        MigrationContext.configure(self.connection)._ensure_version_table()
        self.journal = []

    def revision(self, node):
        name, down, needs, branches = node
        tell = lambda sign: lambda: self.journal.append(sign + name)  # noqa: E731
        module = argparse.Namespace(
            down_revision=tuple(down) or None,
            depends_on=tuple(needs) or None,
            branch_labels=tuple(branches) or None,
            upgrade=tell("+"),
            downgrade=tell("-"),
        )
        return self.script_of(module, name, f"{name}.py")

    def rows(self):
        found = self.connection.execute(self.text("select version_num from alembic_version"))
        return sorted(row[0] for row in found)

    def set_rows(self, rows):
        self.connection.execute(self.text("delete from alembic_version"))
        for row in rows:
            self.connection.execute(self.text("insert into alembic_version values (:row)"), {"row": row})
        self.connection.commit()

    def play(self, graph, operations):
        self.script.revision_map = self.map_of(lambda: [self.revision(node) for node in graph])
        self.set_rows([])
        reach, answers = Reach(graph), []
        for command, targets in operations:
            answers.append(self.operate(command, targets))
            # Alembic refuses to go up from rows that include each other, so a chain would end here.
            self.set_rows(reach.tips(self.rows()))
        revisions = self.script.revision_map
        return {
            "heads": list(revisions.heads),
            "rows_at_heads": list(revisions._real_heads),
            "labels": [sorted(revisions.get_revision(node[0]).branch_labels) for node in graph],
            "answers": answers,
        }

    def operate(self, command, targets):
        start = self.rows()
        planned = []

        def plan(rows, _context):
            if command == "up":
                steps = self.script._upgrade_revs(targets[0], rows)
            elif command == "down":
                steps = self.script._downgrade_revs(targets[0], rows)
            else:
                steps = self.script._stamp_revs(tuple(targets), rows)
                answer["named"] = [found.revision for found in self.script.get_revisions(tuple(targets)) if found]
            sign = "+" if command == "up" else "-"
            planned.append([sign + step.revision.revision for step in steps] if command in ("up", "down") else [])
            return steps

        answer = {"start": start}
        self.journal.clear()
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            try:
                options = {"fn": plan, "script": self.script, "purge": command == "purge"}
                context = self.context.configure(self.connection, opts=options)
                with context.begin_transaction():
                    context.run_migrations()
                self.connection.commit()
                answer.update(steps=list(self.journal), rows=self.rows())
            except Exception as error:  # noqa: BLE001: whatever stops Alembic is its answer
                self.connection.rollback()
                self.set_rows(start)
                answer["broke" if planned else "refused"] = f"{type(error).__name__}: {error}"
                answer["steps"] = planned[0] if planned else []
        answer["warned"] = any("ambiguous" in str(warning.message) for warning in warned)
        return answer


def work():
    with tempfile.TemporaryDirectory() as folder:
        alembic = Alembic(folder)
        for line in sys.stdin:
            print(json.dumps(alembic.play(*json.loads(line))), flush=True)


# The comparison


class Difference(Exception):
    """Two answers that should be equal."""


class Reach:
    """What lies below what, worked out here once more so that neither side is its own judge."""

    def __init__(self, graph):
        bearers = {label: node[0] for node in graph for label in node[3]}
        self.names = [*bearers, *(node[0] for node in graph)]
        self.down = {node[0]: node[1] for node in graph}
        self.needs = {node[0]: {bearers.get(need, need) for need in node[2]} for node in graph}
        self.parents = {name: [*self.down[name], *self.needs[name]] for name in self.down}

    def knows(self, name):
        fits = [known for known in self.names if len(known) > 3 and known.startswith(name)]
        return name in self.names or len(fits) == 1

    def below(self, ids):
        seen, todo = set(), list(ids)
        while todo:
            at = todo.pop()
            if at not in seen:
                seen.add(at)
                todo.extend(self.parents[at])
        return seen

    def free_order(self, steps):
        """Whether Alembic orders these by a Python set: a revision has several needs that are new on its branch."""
        return any(len(self.needs[step[1:]] - self.needs_beneath(step[1:])) > 1 for step in steps)

    def needs_beneath(self, name):
        seen, todo = set(), list(self.down[name])
        while todo:
            at = todo.pop()
            if at not in seen:
                seen.add(at)
                todo.extend(self.down[at])
        return set().union(*(self.needs[at] for at in seen))

    def tips(self, ids):
        return sorted(set(ids) - self.below(parent for one in ids for parent in self.parents[one]))

    def rows_after(self, rows, steps):
        applied = self.below(rows)
        for step in steps:
            parents = set(self.parents[step[1:]])
            if step[0] == "+":
                if step[1:] in applied or not parents <= applied:
                    raise Difference(f"{step} comes before its parents, or twice")
                applied.add(step[1:])
            else:
                applied.remove(step[1:])
                if any(step[1:] in self.parents[other] for other in applied):
                    raise Difference(f"{step} comes before what stands on it")
        return self.tips(applied)


def judge(reach, operation, theirs, ours):
    """The kind of agreement, and whether steps were compared one by one; raises Difference where there is none."""
    command, targets = operation
    first = theirs[0]
    named = set(first.get("named", []))
    if len({("refused" in one, "broke" in one) for one in theirs}) > 1:
        if any("refused" in one for one in theirs) or not reach.free_order(first["steps"]):
            raise Difference("Alembic itself answers differently from run to run")
        # It loses a row in some of its orders alone; a run that went through is the answer.
        theirs = [one for one in theirs if "broke" not in one]
        judge(reach, operation, theirs, ours)
        return "Alembic stops half way in some of its own orders", False
    if "refused" in first:
        if "refused" in ours:
            return "refused by both", False
        beginnings = [target.partition("@")[2] for target in targets if "@" in target]
        if command == "stamp" and any(f"identified by '{one}'" in first["refused"] for one in beginnings):
            return "a stamp by a beginning that is unique on its branch alone", False
        raise Difference("only Alembic refuses")
    if "refused" in ours:
        if first["warned"] and command == "down":
            return "several rows and -N, which Alembic only warns of", False
        branches = [target.partition("@")[0] for target in targets if "@" in target]
        if not all(reach.knows(branch) for branch in branches):
            return "a branch that does not exist, which Alembic overlooks", False
        if len(reach.tips(named)) < len(named):
            return "a stamp of revisions that include each other", False
        raise Difference("only we refuse")
    exact = compare_steps(reach, theirs, ours)
    if command in ("up", "down"):
        whole = reach.rows_after(reach.tips(first["start"]), ours["steps"])
        if ours["rows"] != whole:
            raise Difference(f"our rows are not the heads of what is applied: {whole}")
        if "broke" in first:
            return "Alembic stops half way in its own row keeping", exact
    else:
        before = set() if command == "purge" else set(first["start"])
        if "broke" in first:
            whole = reach.tips(named | (before & set(ours["rows"])))
            if len(first["named"]) < 2 or ours["rows"] != whole:
                raise Difference(f"our stamp is not what was named: {whole}")
            return "a stamp of several that Alembic cannot do", exact
        if len(named) > 1 and ours["rows"] == sorted(set(first["rows"]) | (named & before)) != first["rows"]:
            return "a stamp of several in which Alembic forgets a row", exact
    if ours["rows"] == first["rows"]:
        return "equal", exact
    if ours["rows"] == reach.tips(first["rows"]):
        return "Alembic keeps a row that another includes", exact
    raise Difference("the rows differ")


def compare_steps(reach, theirs, ours):
    sequences = [one["steps"] for one in theirs]
    free = reach.free_order(sequences[0])
    if not free and any(sequence != sequences[0] for sequence in sequences):
        raise Difference("Alembic orders by a set where this exam knows of none")
    if ours["steps"] in sequences:
        return not free
    if not free:
        raise Difference("the steps differ")
    if sorted(ours["steps"]) != sorted(sequences[0]):
        raise Difference("other revisions run")
    return False


class Exam:
    """The processes on both sides."""

    def __init__(self, planner):
        worker = [sys.executable, __file__, "--worker"]
        pipe = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        environment = dict(os.environ)
        self.workers = [
            subprocess.Popen(worker, env={**environment, "PYTHONHASHSEED": seed}, **pipe) for seed in HASH_SEEDS
        ]
        self.planner = subprocess.Popen([planner], **pipe)

    def close(self):
        for process in [*self.workers, self.planner]:
            process.stdin.close()
            process.wait()

    def ask(self, graph, operations):
        question = json.dumps([graph, operations])
        for worker in self.workers:
            send(worker, question)
        theirs = [receive(worker) for worker in self.workers]
        starts = [answer["start"] for answer in theirs[0]["answers"]]
        asked = [[start, *operation] for start, operation in zip(starts, operations)]
        send(self.planner, json.dumps({"graph": graph, "operations": asked}))
        return theirs, receive(self.planner)

    def examine(self, graph, operations):
        """Yields operation, both answers, Alembic's facts of the graph, kind and exactness for each operation."""
        theirs, ours = self.ask(graph, operations)
        if "refused" in ours:
            raise Difference(f"we refuse the graph: {ours['refused']}")
        facts = {fact: theirs[0][fact] for fact in ("heads", "rows_at_heads", "labels")}
        for fact, expected in facts.items():
            if ours[fact] != expected:
                raise Difference(f"{fact} differ: Alembic {expected}, ours {ours[fact]}")
        reach = Reach(graph)
        for place, operation in enumerate(operations):
            answers = [one["answers"][place] for one in theirs]
            answer = ours["answers"][place]
            if any(one["start"] != answers[0]["start"] for one in answers):
                return  # Alembic's own orders have led it to different rows.
            try:
                kind, exact = judge(reach, operation, answers, answer)
            except Difference as difference:
                raise Difference(show(operation, answers, answer, str(difference))) from None
            yield operation, answers, answer, facts, kind, exact


def go_through(path, graph, kept, planned):
    """Lets the program do all that was planned on a graph: operations, Alembic's answers, and the planner's."""
    # Every run waits for the disk several times, if there is one.
    with tempfile.TemporaryDirectory(dir=MEMORY if os.path.isdir(MEMORY) else None) as folder:
        with contextlib.closing(Program(path, folder, graph, kept)) as program:
            for operation, theirs, answer in planned:
                try:
                    follow(Reach(graph), program, operation, theirs[0]["start"], answer)
                except (Difference, Broken) as difference:
                    raise Difference(show(operation, theirs, answer, str(difference))) from None
            if problems := program.problems():
                raise Difference(f"the program finds its own records wrong: {problems}")


def follow(reach, program, operation, start, planned):
    """Lets the program do what was planned, and compares what it leaves behind."""
    found = program.operate(start, reach.below(start), *operation)
    if "refused" in planned:
        if planned["refused"] not in found.get("refused", ""):
            raise Difference(f"the program should say `{planned['refused']}`: {found}")
    elif "refused" in found:
        raise Difference(f"only the program refuses: {found['refused']}")
    elif (found["steps"], found["rows"]) != (planned["steps"], planned["rows"]):
        raise Difference(f"the program does not do what was planned: {found}")
    # A stamp runs nothing, so that the marks stay what they were.
    marked = start if "refused" in found or operation[0] in ("stamp", "purge") else found["rows"]
    if found["marks"] != sorted(reach.below(marked)):
        raise Difference(f"the marks are not those of what is applied: {found}")
    if (books := program.alembic_rows()) not in (None, found["rows"]):
        raise Difference(f"Alembic finds {books} in its table, and ours has {found['rows']}")


def send(process, line):
    process.stdin.write(line + "\n")
    process.stdin.flush()


def receive(process):
    line = process.stdout.readline()
    if not line:
        raise SystemExit(f"alembic-exam: {process.args[0]} ended before it answered")
    return json.loads(line)


def show(operation, theirs, ours, why):
    lines = [why, f"rows before: {' '.join(theirs[0]['start']) or 'none'}"]
    lines.append(f"command: {operation[0]} {' '.join(operation[1])}")
    for seed, answer in zip(HASH_SEEDS, theirs):
        lines.append(f"Alembic (hash seed {seed}): {told(answer)}")
    lines.append(f"ours: {told(ours)}")
    return "\n".join(lines)


def told(answer):
    stop = [f"{word}: {answer[word]}" for word in ("refused", "broke") if word in answer]
    rows = [f"rows {' '.join(answer['rows']) or 'none'}"] if "rows" in answer else []
    return "; ".join([f"steps {' '.join(answer.get('steps', [])) or 'none'}", *rows, *stop])


def drawn(graph):
    for name, down, needs, branches in graph:
        told_needs = f"  needs {', '.join(needs)}" if needs else ""
        told_branches = f"  branch {', '.join(branches)}" if branches else ""
        yield f"  {name:12} on {', '.join(down) or 'base'}{told_needs}{told_branches}"


# The two modes


def goes_through(number, asked):
    """How Alembic's table is kept where this graph goes through the program: one of so many, evenly among all."""
    if asked.only is None and number * asked.through_program % asked.graphs >= asked.through_program:
        return None
    return KEPT[number // len(KINDS) % len(KEPT)] if asked.through_program else None


def case(seed, number):
    kind = list(KINDS)[number % len(KINDS)]
    dice = random.Random(f"{seed}/{number}")
    graph = random_graph(dice, kind)
    return kind, graph, random_operations(dice, graph)


def tell(seed, number, graph, difference):
    print(f"alembic-exam: graph {number} of seed {seed} differs", *drawn(graph), difference, sep="\n")
    print(f"repeat it with: scripts/alembic-exam exam --seed {seed} --only {number}")
    return 1


def run_exam(exam, seed, asked):
    kinds, kept_by, graphs, exact, steps = Counter(), Counter(), 0, 0, 0
    numbers = range(asked.graphs) if asked.only is None else [asked.only]
    through = []
    with ThreadPoolExecutor(RUNS_AT_ONCE) as runs:
        for number in numbers:
            _, graph, operations = case(seed, number)
            planned = []
            try:
                for operation, theirs, ours, _, kind, one_by_one in exam.examine(graph, operations):
                    kinds[kind] += 1
                    exact += one_by_one
                    steps += len(theirs[0]["steps"])
                    planned.append((operation, theirs, ours))
            except Difference as difference:
                return tell(seed, number, graph, difference)
            graphs += 1
            if kept := goes_through(number, asked):
                kept_by[kept] += 1
                through.append((number, planned, runs.submit(go_through, asked.program, graph, kept, planned)))
        for number, _, run in through:
            try:
                run.result()
            except Difference as difference:
                runs.shutdown(cancel_futures=True)
                return tell(seed, number, case(seed, number)[1], difference)
    total = sum(kinds.values())
    equal, refused = kinds.pop("equal", 0), kinds.pop("refused by both", 0)
    print(f"alembic-exam: {graphs} graphs, {total} operations, {steps} steps, seed {seed}: no difference")
    print(f"  {equal} equal, {refused} refused by both; {exact} compared step by step in exact order")
    tables = ", ".join(f"{kept_by[kept]} {kept}" for kept in KEPT)
    operations = sum(len(planned) for _, planned, _ in through)
    print(f"  {operations} operations also through the program, on {len(through)} graphs; Alembic's table: {tables}")
    print(f"  {sum(kinds.values())} where we differ on purpose:")
    for kind, count in kinds.most_common():
        print(f"    {count:5} {kind}")
    return 0


def run_record(exam):
    import alembic
    import sqlalchemy

    CASES.mkdir(parents=True, exist_ok=True)
    made_with = {"alembic": alembic.__version__, "sqlalchemy": sqlalchemy.__version__, "seed": RECORD_SEED}
    total = 0
    with contextlib.ExitStack() as files:
        out = {kind: files.enter_context(open(CASES / f"{kind}.jsonl", "w")) for kind in KINDS}
        for kind, file in out.items():
            print(compact({**made_with, "kind": kind}), file=file)
        for number in range(RECORD_GRAPHS * len(KINDS)):
            kind, graph, operations = case(RECORD_SEED, number)
            recorded = []
            try:
                examined = list(exam.examine(graph, operations))
            except Difference as difference:
                return tell(RECORD_SEED, number, graph, difference)
            for (command, targets), theirs, _, facts, verdict, exact in examined:
                start, steps = theirs[0]["start"], theirs[0]["steps"]
                if verdict == "equal":
                    order = "exact" if exact else "free"
                    recorded.append([start, command, targets, order, steps, theirs[0]["rows"]])
                elif verdict == "refused by both":
                    recorded.append([start, command, targets, "refused"])
            total += len(recorded)
            print(compact({"graph": graph, **facts, "operations": recorded}), file=out[kind])
    print(f"alembic-exam: {total} operations recorded in {CASES}")
    return 0


def compact(value):
    return json.dumps(value, separators=(",", ":"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", nargs="?", choices=("exam", "record"), default="exam")
    parser.add_argument("--graphs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--only", type=int, help="the number of one graph")
    parser.add_argument("--through-program", type=int, default=60, metavar="N", help="for how many graphs")
    parser.add_argument("--planner")
    parser.add_argument("--program")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker:
        return work()
    if asked.program:
        asked.program = Path(asked.program).resolve()
    asked.through_program = min(asked.through_program, asked.graphs)
    exam = Exam(asked.planner)
    try:
        if asked.mode == "record":
            return run_record(exam)
        seed = random.randrange(1_000_000) if asked.seed is None else asked.seed
        return run_exam(exam, seed, asked)
    finally:
        exam.close()


if __name__ == "__main__":
    sys.exit(main())
