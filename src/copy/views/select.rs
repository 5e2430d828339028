//! A view's body in PostgreSQL's words: columns and what is computed of them, from tables that are joined, in groups.

use std::collections::BTreeMap;

use sqlparser::ast::{
    Distinct, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, GroupByExpr, Join, JoinConstraint,
    JoinOperator, Query, Select, SelectItem, SelectItemQualifiedWildcardKind, SetExpr, Statement, TableFactor,
};
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;

use crate::copy::plan::{Plan, TablePlan};
use crate::postgres::expression::{self, Columns, Meaning, WITHIN};
use crate::postgres::names::{fitting, quote};
use crate::schema::Table;
use crate::sqlite::introspect::ViewText;

/// Words the body of a view, its tables with the schema or without, and says how many columns it has.
pub(super) fn word(sql: &str, plan: &Plan, schema: Option<&str>) -> Result<(String, usize), String> {
    if sql.contains(WITHIN) {
        return Err("it holds a control character".into());
    }
    let select = parse(expression::parser(sql)?)
        .ok_or("it is more than a selection from tables, with a condition and groups")?;
    let sources = Sources::gather(&select, plan)?;
    let name_of = |name: &str| sources.name_of(name);
    let known = Columns { table: &sources.table, name_of: &name_of, meanings: &sources.meanings };
    let body = Body { schema, select: &select, sources: &sources, known: &known };
    let from = body.from()?;
    let groups = body.groups()?;
    let items = body.items(groups.as_deref())?;
    let condition = select.selection.as_ref().map(|condition| expression::condition(&condition.to_string(), &known));
    let condition = condition.transpose()?.map_or_else(String::new, |sql| format!(" where {sql}"));
    let distinct = if select.distinct.is_some() { "distinct " } else { "" };
    let groups = groups.filter(|groups| !groups.is_empty());
    let groups = groups.map_or_else(String::new, |groups| format!(" group by {}", groups.join(", ")));
    let worded = format!("select {distinct}{} from {from}{condition}{groups}", items.join(", "));
    Ok((worded.replace(WITHIN, "\".\""), items.len()))
}

/// The first of these views that a view selects from.
pub(super) fn one_of<'v>(sql: &str, views: &'v [ViewText]) -> Option<&'v str> {
    let select = parse(expression::parser(sql).ok()?)?;
    let factors = select
        .from
        .iter()
        .flat_map(|part| std::iter::once(&part.relation).chain(part.joins.iter().map(|join| &join.relation)));
    let mut names = factors.filter_map(|factor| Some(named(factor).ok()?.0));
    names
        .find_map(|name| views.iter().find(|view| view.name.eq_ignore_ascii_case(&name)).map(|view| view.name.as_str()))
}

/// The body of a view, when it has no part that is not known here.
fn parse(mut parser: Parser<'_>) -> Option<Select> {
    let mut statements = parser.parse_statements().ok()?;
    let Some(Statement::CreateView(view)) = statements.pop() else { return None };
    let Query { with: None, body, order_by: None, limit_clause: None, .. } = *view.query else { return None };
    let SetExpr::Select(mut select) = *body else { return None };
    // All rows are shown unless it says otherwise.
    select.distinct = select.distinct.filter(|distinct| *distinct != Distinct::All);
    let known = Select {
        distinct: select.distinct.clone(),
        projection: select.projection.clone(),
        from: select.from.clone(),
        selection: select.selection.clone(),
        group_by: select.group_by.clone(),
        ..Parser::new(&SQLiteDialect {}).try_with_sql("select 1").ok()?.parse_query().ok()?.body.as_select()?.clone()
    };
    // Whatever else a selection may have makes it another one.
    let is_known =
        matches!(select.distinct, None | Some(Distinct::Distinct)) && known.to_string() == select.to_string();
    is_known.then_some(*select)
}

/// The tables of a selection, which the copy itself makes, and all their columns as those of one.
struct Sources<'p> {
    /// Each with the name that it has in the selection.
    named: Vec<(String, &'p TablePlan)>,
    table: Table,
    meanings: BTreeMap<String, Meaning>,
}

impl<'p> Sources<'p> {
    fn gather(select: &Select, plan: &'p Plan) -> Result<Self, String> {
        let mut sources = Self { named: Vec::new(), table: Table::default(), meanings: BTreeMap::new() };
        for part in &select.from {
            sources.add(&part.relation, plan)?;
            for join in &part.joins {
                sources.add(&join.relation, plan)?;
            }
        }
        if sources.named.is_empty() { Err("it selects from no table".into()) } else { Ok(sources) }
    }

    fn add(&mut self, factor: &TableFactor, plan: &'p Plan) -> Result<(), String> {
        let (name, called) = named(factor)?;
        let table = plan.tables.iter().find(|table| table.source.name.eq_ignore_ascii_case(&name));
        let table = table.ok_or_else(|| format!("it selects from {name}, which is no table that is copied"))?;
        let creation = table.create.as_ref().filter(|creation| !creation.is_declared);
        let creation = creation.ok_or("its table is the target's own")?;
        if self.named.iter().any(|(other, _)| other.eq_ignore_ascii_case(&called)) {
            return Err(format!("it calls two tables {called}"));
        }
        for column in &table.columns {
            let Some(created) = table.target_table.column(&column.target) else { continue };
            let within = within(&called, &column.target);
            if let Some(meaning) = creation.meanings.get(&column.target) {
                self.meanings.insert(within.clone(), meaning.clone());
            }
            self.table.columns.push(crate::schema::Column { name: within, ..created.clone() });
        }
        self.named.push((called, table));
        Ok(())
    }

    /// The one column that a name means, alone or within a table.
    fn name_of(&self, name: &str) -> Option<String> {
        let (of, column) = name.split_once(WITHIN).map_or((None, name), |(of, column)| (Some(of), column));
        let meant = self.named.iter().filter(|(called, _)| of.is_none_or(|of| called.eq_ignore_ascii_case(of)));
        let mut found = meant.filter_map(|(called, table)| {
            let stored = table.source.column_like(column)?;
            let planned = table.columns.iter().find(|planned| planned.source == stored.name)?;
            Some(within(called, &planned.target))
        });
        found.next().filter(|_| found.next().is_none())
    }
}

fn within(called: &str, column: &str) -> String {
    format!("{}{WITHIN}{column}", fitting(called))
}

/// A table's own name, and the one that it has in the selection.
fn named(factor: &TableFactor) -> Result<(String, String), String> {
    let TableFactor::Table { name, alias, .. } = factor else { return Err("it selects from a query".into()) };
    let part = match name.0.as_slice() {
        [part] => part,
        [schema, part] if schema.as_ident().is_some_and(|schema| schema.value.eq_ignore_ascii_case("main")) => part,
        _ => return Err("it names a table with its schema".into()),
    };
    let shown = alias.as_ref().map_or_else(String::new, |alias| format!(" {alias}"));
    if alias.as_ref().is_some_and(|alias| !alias.columns.is_empty()) || factor.to_string() != format!("{name}{shown}") {
        return Err("it selects from a table in a way of its own".into());
    }
    let name = part.as_ident().map(|name| name.value.clone()).unwrap_or_default();
    let called = alias.as_ref().map_or_else(|| name.clone(), |alias| alias.name.value.clone());
    Ok((name, called))
}

/// A selection that is being worded.
struct Body<'b> {
    schema: Option<&'b str>,
    select: &'b Select,
    sources: &'b Sources<'b>,
    known: &'b Columns<'b>,
}

impl Body<'_> {
    fn from(&self) -> Result<String, String> {
        let mut from = String::new();
        for part in &self.select.from {
            // A comma joins as CROSS JOIN does in SQLite; in PostgreSQL it would hide what comes before it from a later ON.
            let glue = if from.is_empty() { "" } else { " cross join " };
            from.push_str(&format!("{glue}{}", self.table(&part.relation)?));
            for join in &part.joins {
                from.push_str(&self.join(join)?);
            }
        }
        Ok(from)
    }

    fn table(&self, factor: &TableFactor) -> Result<String, String> {
        let (_, called) = named(factor)?;
        let found = self.sources.named.iter().find(|(name, _)| *name == called);
        let (_, table) = found.ok_or("its table is not known")?;
        let target = self.schema.map_or_else(|| quote(&table.target), |schema| table.qualified_target(schema));
        let called = fitting(&called);
        Ok(if called == table.target { target } else { format!("{target} as {}", quote(&called)) })
    }

    fn join(&self, join: &Join) -> Result<String, String> {
        use JoinOperator as O;
        let table = self.table(&join.relation)?;
        let (word, constraint) = match &join.join_operator {
            O::Join(constraint) | O::Inner(constraint) | O::CrossJoin(constraint) => ("join", constraint),
            O::Left(constraint) | O::LeftOuter(constraint) => ("left join", constraint),
            _ => return Err("it joins tables in a way that is not on the list".into()),
        };
        match (word, constraint) {
            ("join", JoinConstraint::None) => Ok(format!(" cross join {table}")),
            (_, JoinConstraint::On(condition)) => {
                let condition = expression::condition(&condition.to_string(), self.known)?;
                Ok(format!(" {word} {table} on {condition}"))
            }
            _ => Err("it joins tables by the names of their columns".into()),
        }
    }

    /// What rows are grouped by; nothing where they are not.
    fn groups(&self) -> Result<Option<Vec<String>>, String> {
        let GroupByExpr::Expressions(groups, modifiers) = &self.select.group_by else {
            return Err("it has groups that are not on the list".into());
        };
        if !modifiers.is_empty() {
            return Err("it has groups that are not on the list".into());
        }
        let aggregates =
            self.select.projection.iter().any(|item| expression_of(item).is_some_and(|expr| aggregate(expr).is_some()));
        if groups.is_empty() && !aggregates {
            return Ok(None);
        }
        let group = |expr: &Expr| match expr {
            Expr::Value(place) => {
                let shown = self.at_place(&place.to_string()).ok_or("it groups by a place that is none")?;
                expression::grouping(&shown.to_string(), self.known)
            }
            expr => expression::grouping(&expr.to_string(), self.known),
        };
        groups.iter().map(group).collect::<Result<_, _>>().map(Some)
    }

    /// What is shown at a place, counted from 1.
    fn at_place(&self, place: &str) -> Option<&Expr> {
        let items: Option<Vec<&Expr>> = self.select.projection.iter().map(expression_of).collect();
        items?.get(place.parse::<usize>().ok()?.checked_sub(1)?).copied()
    }

    /// What is shown, each item in its own words.
    fn items(&self, groups: Option<&[String]>) -> Result<Vec<String>, String> {
        let mut items = Vec::new();
        for item in &self.select.projection {
            match item {
                SelectItem::Wildcard(options) if options.to_string().is_empty() => {
                    items.extend(self.sources.named.iter().flat_map(|(called, table)| all_of(called, table)));
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), options)
                    if options.to_string().is_empty() =>
                {
                    let name = name.0.first().and_then(|part| part.as_ident()).map_or("", |name| &name.value);
                    let found = self.sources.named.iter().find(|(called, _)| called.eq_ignore_ascii_case(name));
                    let (called, table) = found.ok_or_else(|| format!("{name} is none of its tables"))?;
                    items.extend(all_of(called, table));
                }
                item => {
                    let expr = expression_of(item).ok_or("it shows something that is not on the list")?;
                    items.push(self.item(expr, groups)?);
                    continue;
                }
            }
            if groups.is_some() || self.select.distinct.is_some() {
                return Err("it shows all columns of groups or of rows that differ".into());
            }
        }
        Ok(items)
    }

    fn item(&self, expr: &Expr, groups: Option<&[String]>) -> Result<String, String> {
        let sql = expr.to_string();
        if let Some((name, argument)) = aggregate(expr) {
            let argument = argument.map(ToString::to_string);
            return expression::aggregate(&name, argument.as_deref(), self.known);
        }
        if let Some(groups) = groups {
            let shown = expression::grouping(&sql, self.known)?;
            let is_determined = groups.contains(&shown) || matches!(expr, Expr::Value(_));
            return if is_determined {
                Ok(shown)
            } else {
                Err("it shows a value that its groups do not determine".into())
            };
        }
        if self.select.distinct.is_some() {
            return expression::grouping(&sql, self.known);
        }
        let column = match expr {
            Expr::Identifier(name) => Some(name.value.clone()),
            Expr::CompoundIdentifier(parts) => match parts.as_slice() {
                [of, column] => Some(format!("{}{WITHIN}{}", of.value, column.value)),
                _ => None,
            },
            _ => return expression::shown(&sql, self.known),
        };
        // A column that is only shown may hold anything.
        let found = column.and_then(|name| self.sources.name_of(&name));
        found.map(|name| quote(&name)).ok_or_else(|| format!("{sql} is no column of its tables, or of several"))
    }
}

fn expression_of(item: &SelectItem) -> Option<&Expr> {
    match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => Some(expr),
        _ => None,
    }
}

fn all_of(called: &str, table: &TablePlan) -> Vec<String> {
    let columns = table.source.columns.iter();
    let planned = columns.filter_map(|column| table.columns.iter().find(|planned| planned.source == column.name));
    planned.map(|planned| quote(&within(called, &planned.target))).collect()
}

/// The name of an aggregate and what it is over; nothing for `count(*)`.
fn aggregate(expr: &Expr) -> Option<(String, Option<&Expr>)> {
    let Expr::Function(function) = expr else { return None };
    let Function { name, args: FunctionArguments::List(list), filter: None, over: None, .. } = function else {
        return None;
    };
    let name = name.to_string().to_lowercase();
    let argument = match list.args.as_slice() {
        [FunctionArg::Unnamed(FunctionArgExpr::Wildcard)] => None,
        [FunctionArg::Unnamed(FunctionArgExpr::Expr(expr))] => Some(expr),
        _ => return None,
    };
    let is_plain = list.duplicate_treatment.is_none() && list.clauses.is_empty() && function.within_group.is_empty();
    (is_plain && ["count", "sum", "min", "max"].contains(&name.as_str())).then_some((name, argument))
}
