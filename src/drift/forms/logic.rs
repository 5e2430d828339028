//! Truths of three values: one wording for how AND, OR and NOT are written, and whether two conditions mean the same.

use std::collections::BTreeSet;

use super::condition::{Verdict, member};
use crate::schema::language::expression::{Expression, Operator};

/// So many parts of two conditions are tried with all truths that they may have.
const MOST_PARTS: usize = 6;

/// Joins two conditions: whatever the order, the grouping, and how often one is said. Some values that one thing may be, one by
/// one, are a list, and so are some that it may not be.
pub(super) fn joined(first: Expression, operator: Operator, second: Expression) -> Expression {
    let mut parts = Vec::new();
    flatten(first, operator, &mut parts);
    flatten(second, operator, &mut parts);
    let negated = operator == Operator::And;
    let mut lists: Vec<(Box<Expression>, Vec<Expression>)> = Vec::new();
    let mut rest = Vec::new();
    for part in parts {
        match values(part, negated) {
            Ok((of, list)) => match lists.iter_mut().find(|(known, _)| *known == of) {
                Some((_, known)) => known.extend(list),
                None => lists.push((of, list)),
            },
            Err(part) => rest.push(part),
        }
    }
    rest.extend(lists.into_iter().map(|(of, list)| member(of, list, negated)));
    rest.sort_by_key(ToString::to_string);
    rest.dedup();
    let join = |first, second| Expression::Binary { first: Box::new(first), operator, second: Box::new(second) };
    rest.into_iter().reduce(join).unwrap_or(Expression::Null)
}

fn flatten(of: Expression, operator: Operator, parts: &mut Vec<Expression>) {
    match of {
        Expression::Binary { first, operator: inner, second } if inner == operator => {
            flatten(*first, operator, parts);
            flatten(*second, operator, parts);
        }
        other => parts.push(other),
    }
}

/// The thing and the values of `of = value` or `of in (…)`, or of their opposites.
fn values(part: Expression, is_opposite: bool) -> Result<(Box<Expression>, Vec<Expression>), Expression> {
    let operator_of_one = if is_opposite { Operator::NotEqual } else { Operator::Equal };
    match part {
        Expression::Binary { first, operator, second } if operator == operator_of_one && is_literal(&second) => {
            Ok((first, vec![*second]))
        }
        Expression::In { of, list, negated } if negated == is_opposite => Ok((of, list)),
        other => Err(other),
    }
}

/// A comparison with what is constant behind the operator, and otherwise in one order.
pub(super) fn oriented(first: Expression, operator: Operator, second: Expression) -> Expression {
    use Operator as O;
    let turned = match operator {
        O::Equal | O::NotEqual | O::Distinct | O::NotDistinct => operator,
        O::Less => O::Greater,
        O::LessOrEqual => O::GreaterOrEqual,
        O::Greater => O::Less,
        O::GreaterOrEqual => O::LessOrEqual,
        _ => return Expression::Binary { first: Box::new(first), operator, second: Box::new(second) },
    };
    let place = |of: &Expression| (is_literal(of), of.to_string());
    let (first, operator, second) = match place(&first) > place(&second) {
        true => (second, turned, first),
        false => (first, operator, second),
    };
    Expression::Binary { first: Box::new(first), operator, second: Box::new(second) }
}

fn is_literal(of: &Expression) -> bool {
    use Expression as E;
    matches!(of, E::Null | E::Boolean(_) | E::Number(_) | E::Text(_) | E::Bytes(_))
}

/// What is true where something is false, and unknown where it is unknown.
pub(super) fn opposite(of: Expression) -> Expression {
    use Expression as E;
    use Operator as O;
    match of {
        E::Not(of) => *of,
        E::Boolean(truth) => E::Boolean(!truth),
        E::Is { of, truth, negated } => E::Is { of, truth, negated: !negated },
        E::In { of, list, negated } => E::In { of, list, negated: !negated },
        E::Like { of, pattern, negated } => E::Like { of, pattern, negated: !negated },
        E::Binary { first, operator, second } => match operator {
            O::And => joined(opposite(*first), O::Or, opposite(*second)),
            O::Or => joined(opposite(*first), O::And, opposite(*second)),
            _ => match turned_round(operator) {
                Some(operator) => E::Binary { first, operator, second },
                None => E::Not(Box::new(E::Binary { first, operator, second })),
            },
        },
        other => E::Not(Box::new(other)),
    }
}

/// The comparison that is true where another is false.
fn turned_round(operator: Operator) -> Option<Operator> {
    use Operator as O;
    Some(match operator {
        O::Equal => O::NotEqual,
        O::NotEqual => O::Equal,
        O::Less => O::GreaterOrEqual,
        O::GreaterOrEqual => O::Less,
        O::Greater => O::LessOrEqual,
        O::LessOrEqual => O::Greater,
        O::Distinct => O::NotDistinct,
        O::NotDistinct => O::Distinct,
        _ => return None,
    })
}

/// Says of two canonical conditions whether they mean the same. Who computes the same of the same in another way is not
/// understood.
pub(super) fn verdict(one: &Expression, other: &Expression) -> Verdict {
    if one == other || always_alike(one, other) {
        return Verdict::Same;
    }
    let [(leaves, computes), (others, also)] = [one, other].map(|of| {
        let (mut leaves, mut computes) = (BTreeSet::new(), false);
        look(of, &mut leaves, &mut computes);
        (leaves, computes)
    });
    if leaves == others && computes && also { Verdict::Unknown } else { Verdict::Different }
}

/// Tells whether two conditions are equally true whatever their parts are.
fn always_alike(one: &Expression, other: &Expression) -> bool {
    let mut parts: Vec<String> = Vec::new();
    let mut note = |part: String| {
        if !parts.contains(&part) {
            parts.push(part);
        }
        None
    };
    truth(one, &mut note);
    truth(other, &mut note);
    let tries = u32::try_from(parts.len()).ok().filter(|_| parts.len() <= MOST_PARTS).map(|count| 3_usize.pow(count));
    tries.is_some_and(|tries| {
        (0..tries).all(|which| {
            let mut given = |part: String| {
                let at = parts.iter().position(|known| *known == part)?;
                [None, Some(false), Some(true)][which / 3_usize.pow(u32::try_from(at).ok()?) % 3]
            };
            truth(one, &mut given) == truth(other, &mut given)
        })
    })
}

/// How true a condition is when its parts are as true as is given; none is unknown.
fn truth(of: &Expression, given: &mut dyn FnMut(String) -> Option<bool>) -> Option<bool> {
    use Expression as E;
    use Operator as O;
    match of {
        E::Boolean(truth) => Some(*truth),
        E::Null => None,
        E::Not(of) => truth(of, given).map(|truth| !truth),
        E::Binary { first, operator: operator @ (O::And | O::Or), second } => {
            let decides = *operator == O::Or;
            match [truth(first, given), truth(second, given)] {
                both if both.contains(&Some(decides)) => Some(decides),
                [Some(_), Some(_)] => Some(!decides),
                _ => None,
            }
        }
        E::Binary { first, operator: operator @ (O::NotEqual | O::GreaterOrEqual | O::LessOrEqual), second } => {
            let operator = turned_round(*operator)?;
            given(E::Binary { first: first.clone(), operator, second: second.clone() }.to_string()).map(|truth| !truth)
        }
        E::Is { of, truth, negated: true } => {
            given(E::Is { of: of.clone(), truth: *truth, negated: false }.to_string()).map(|truth| !truth)
        }
        E::In { of, list, negated } => {
            let one = |value: &E| {
                E::Binary { first: of.clone(), operator: O::Equal, second: Box::new(value.clone()) }.to_string()
            };
            let truths: Vec<_> = list.iter().map(|value| given(one(value))).collect();
            let is_in = match truths.contains(&Some(true)) {
                true => Some(true),
                false => truths.iter().all(Option::is_some).then_some(false),
            };
            is_in.map(|is_in| is_in != *negated)
        }
        part => given(part.to_string()),
    }
}

/// Gathers what an expression is made of, and whether it computes.
fn look(of: &Expression, leaves: &mut BTreeSet<String>, computes: &mut bool) {
    use Expression as E;
    use Operator as O;
    let mut all = |list: &mut dyn Iterator<Item = &E>| list.for_each(|one| look(one, leaves, computes));
    match of {
        E::Not(of) | E::Is { of, .. } => all(&mut [of.as_ref()].into_iter()),
        E::In { of, list, .. } => all(&mut [of.as_ref()].into_iter().chain(list)),
        E::Between { of, low, high, .. } => all(&mut [of.as_ref(), low.as_ref(), high.as_ref()].into_iter()),
        E::Binary { first, operator, second } => {
            all(&mut [first.as_ref(), second.as_ref()].into_iter());
            if matches!(operator, O::Concat | O::Add | O::Subtract | O::Multiply | O::Divide | O::Remainder) {
                *computes = true;
                leaves.insert(format!("operator {}", operator.word()));
            }
        }
        E::Negative(of) | E::Cast { of, .. } => {
            all(&mut [of.as_ref()].into_iter());
            *computes = true;
        }
        E::Case { of, branches, otherwise } => {
            all(&mut of.iter().chain(otherwise).map(AsRef::as_ref));
            all(&mut branches.iter().flat_map(|(when, then)| [when, then]));
            *computes = true;
        }
        E::Call { function, arguments } => {
            all(&mut arguments.iter());
            leaves.insert(format!("function {function:?}"));
            *computes = true;
        }
        leaf => drop(leaves.insert(leaf.to_string())),
    }
}
