"""Small faults for mutation testing: each mutant is a module with one place changed.

Left alone: words for people (strings with a space in them, texts of f-strings, docstrings), types
and decorators.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

OPERATORS: dict[type[ast.AST], type[ast.AST]] = {
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult},
    **{ast.FloorDiv: ast.Div, ast.Pow: ast.Mult, ast.Mod: ast.Mult},
    **{ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr},
}
COMPARISONS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    **{ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE)},
    **{ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE)},
    **{ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,)},
    **{ast.In: (ast.NotIn,), ast.NotIn: (ast.In,)},
}
CALLS = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}
SYMMETRIC = ("min", "max", "maximum", "minimum")  # as to their first two arguments
FIELDS_LEFT_ALONE = {
    "annotation",
    "returns",
    "decorator_list",
    "format_spec",
    "bases",
    "type_params",
}


@dataclass(frozen=True)
class Mutant:
    """One change; first, last: the lines of the statement that it is in; inside: a function."""

    file: Path
    number: int
    first: int
    last: int
    inside: bool
    what: str

    def __str__(self) -> str:
        return f"{self.file.name}:{self.first}#{self.number} {self.what}"


@dataclass(frozen=True)
class _Place:
    """Where a node hangs in its tree."""

    parent: ast.AST
    field: str
    position: int | None
    statement: ast.stmt
    inside: bool

    def put(self, node: ast.AST) -> None:
        if self.position is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.position] = node


def mutants(file: Path) -> list[Mutant]:
    """All mutants of a file, in its order."""
    return [mutant for mutant, _, _ in _changes(file, ast.parse(file.read_text("utf-8")))]


def mutated(wanted: Mutant) -> ast.Module:
    """The tree of the file with the one change made."""
    tree = ast.parse(wanted.file.read_text("utf-8"))
    for mutant, place, new in _changes(wanted.file, tree):
        if mutant == wanted:
            place.put(new)
            return ast.fix_missing_locations(tree)
    raise KeyError(str(wanted))


def _changes(file: Path, tree: ast.Module) -> Iterator[tuple[Mutant, _Place, ast.AST]]:
    number = 0
    for node, place in _nodes(tree):
        before = ast.unparse(node)
        made = {before}
        for new in _variants(node):
            ast.copy_location(new, node)
            after = ast.unparse(new)
            if after in made:
                continue
            made.add(after)
            number += 1
            statement = place.statement
            body = getattr(statement, "body", None)  # of a compound one, its head alone
            last = body[0].lineno - 1 if body else statement.end_lineno or statement.lineno
            if isinstance(statement, ast.FunctionDef):  # a default value
                last = statement.end_lineno or last
            what = f"`{_short(before)}` -> `{_short(after)}`"
            yield Mutant(file, number, statement.lineno, last, place.inside, what), place, new


def _short(code: str) -> str:
    return " ".join(code.split())[:100]


def _nodes(tree: ast.Module) -> Iterator[tuple[ast.AST, _Place]]:
    """Every node that may be changed, with its place."""

    def walk(
        parent: ast.AST, statement: ast.stmt | None, inside: bool
    ) -> Iterator[tuple[ast.AST, _Place]]:
        for field, value in ast.iter_fields(parent):
            if field in FIELDS_LEFT_ALONE:
                continue
            for position, node in enumerate(value if isinstance(value, list) else [value]):
                if not isinstance(node, ast.AST) or _left_alone(parent, field, position, node):
                    continue
                own = node if isinstance(node, ast.stmt) else statement
                assert own is not None
                where = position if isinstance(value, list) else None
                yield node, _Place(parent, field, where, own, inside)
                yield from walk(node, own, inside or isinstance(node, ast.FunctionDef))

    yield from walk(tree, None, False)


def _left_alone(parent: ast.AST, field: str, position: int, node: ast.AST) -> bool:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return True
    if isinstance(node, ast.Constant) and isinstance(parent, ast.JoinedStr):
        return True
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.Call) and _name(node) == "TypeVar":
        return True
    of_cast = isinstance(parent, ast.Call) and _name(parent) == "cast"
    return of_cast and field == "args" and position == 0


def _name(call: ast.Call) -> str:
    match call.func:
        case ast.Name(name) | ast.Attribute(_, name):
            return name
    return ""


def _variants(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.BinOp():
            yield from _of_operation(node)
        case ast.Compare():
            yield from _of_comparison(node)
        case ast.BoolOp():
            yield from _of_logic(node)
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield operand
        case ast.Constant():
            yield from map(ast.Constant, _other_values(node.value))
        case ast.IfExp():
            yield from (node.body, node.orelse)
        case ast.Call():
            yield from _of_call(node)
        case ast.comprehension(target, iterated, ifs):
            for rest in _with_one_left_out(ifs):
                yield ast.comprehension(target, iterated, rest, 0)
        case ast.Dict():
            yield from _of_dictionary(node)
        case ast.Tuple(_, ast.Load()) | ast.List(_, ast.Load()):
            yield from _of_list(node)
        case ast.match_case(pattern, _, body):
            yield ast.match_case(pattern, ast.Constant(False), body)
        case ast.stmt():
            yield from _of_statement(node)


def _with_one_left_out(nodes: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for left_out in range(len(nodes)):
        yield nodes[:left_out] + nodes[left_out + 1 :]


def _of_comparison(node: ast.Compare) -> Iterator[ast.expr]:
    for position, operator in enumerate(node.ops):
        for other in COMPARISONS[type(operator)]:
            ops = [*node.ops[:position], other(), *node.ops[position + 1 :]]
            yield ast.Compare(node.left, ops, node.comparators)  # type: ignore[arg-type]


def _of_logic(node: ast.BoolOp) -> Iterator[ast.expr]:
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for rest in _with_one_left_out(node.values):
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _of_dictionary(node: ast.Dict) -> Iterator[ast.expr]:
    """Without one of its entries whose key is computed, or that is another dictionary."""
    for left_out, key in enumerate(node.keys):
        if not isinstance(key, ast.Constant):
            yield ast.Dict(
                node.keys[:left_out] + node.keys[left_out + 1 :],
                node.values[:left_out] + node.values[left_out + 1 :],
            )


def _of_list(node: ast.Tuple | ast.List) -> Iterator[ast.expr]:
    """Without one of its elements that are lists of elements themselves."""
    for left_out, element in enumerate(node.elts):
        if isinstance(element, ast.Starred):
            yield type(node)(node.elts[:left_out] + node.elts[left_out + 1 :], ast.Load())


def _of_operation(node: ast.BinOp) -> Iterator[ast.expr]:
    yield ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)  # type: ignore[arg-type]
    yield node.left
    if isinstance(node.op, (ast.Add, ast.Mult, ast.BitOr, ast.BitAnd)):
        yield node.right


def _of_call(node: ast.Call) -> Iterator[ast.expr]:
    name = _name(node)
    if name in CALLS and isinstance(node.func, ast.Name):
        yield ast.Call(ast.Name(CALLS[name], ast.Load()), node.args, node.keywords)
    if name == "abs":
        yield node.args[0]
    starred = any(isinstance(a, ast.Starred) for a in node.args[:2])
    if len(node.args) > 1 and not starred and name not in SYMMETRIC:
        swapped = [node.args[1], node.args[0], *node.args[2:]]
        yield ast.Call(node.func, swapped, node.keywords)
    for left_out in range(len(node.keywords)):
        rest = node.keywords[:left_out] + node.keywords[left_out + 1 :]
        yield ast.Call(node.func, node.args, rest)


def _other_values(value: object) -> list[str | int | float]:
    match value:
        case bool():
            return [not value]
        case int():
            return [value + 1, value - 1]
        case float():
            return [value * 2, value + 1]
        case str():
            return [] if " " in value else ["XX" + value]
    return []


def _of_statement(node: ast.stmt) -> Iterator[ast.AST]:
    match node:
        case ast.Return(value) if value and not _is_none(value):
            yield ast.Return(ast.Constant(None))
        case ast.AugAssign(target, op, value):
            yield ast.Pass()
            yield ast.AugAssign(target, OPERATORS[type(op)](), value)  # type: ignore[arg-type]
        case ast.Continue():
            yield from (ast.Pass(), ast.Break())
        case ast.Raise() | ast.Break() | ast.Expr():
            yield ast.Pass()
        case ast.Assign([ast.Subscript() | ast.Attribute()]):
            yield ast.Pass()
        case ast.For():
            empty = ast.Tuple([], ast.Load())
            yield ast.For(node.target, empty, node.body, node.orelse)
        case ast.If(_, body, orelse):
            yield ast.If(ast.Constant(True), body, orelse)
            dropped = isinstance(body[0], (ast.Raise, ast.Continue, ast.Expr, ast.AugAssign))
            if len(body) > 1 or orelse or not dropped:
                yield ast.If(ast.Constant(False), body, orelse)


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
