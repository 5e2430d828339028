//! Changes of a table's own columns, which concern no other table.

use super::super::{Column, Identity, LogicalType, Table};
use super::{ReplayError, Replayed, missing, unfit};

impl Table {
    pub(super) fn own_column(&mut self, name: &str) -> Result<&mut Column, ReplayError> {
        let table = &self.name;
        let found = self.columns.iter_mut().find(|column| column.name == name);
        found.map_or_else(|| missing("column", &format!("{table}.{name}")), Ok)
    }

    /// SQLite numbers rows by the primary key alone, and a sequence takes the place of a default.
    pub(super) fn set_identity(&mut self, column: &str, numbers: bool) -> Replayed {
        let what = format!("column {}.{column}", self.name);
        let is_key = self.primary_key.as_ref().is_some_and(|key| key.columns == [column]);
        let changed = self.own_column(column)?;
        match numbers {
            true if changed.identity.is_some() => return unfit(what, "it numbers rows already"),
            true if !matches!(changed.logical, LogicalType::SmallInt | LogicalType::Int | LogicalType::BigInt) => {
                return unfit(what, "an identity is a whole number; its type can be smallint, int or bigint");
            }
            true if !is_key => {
                return unfit(what, "it is not the primary key alone, which SQLite needs to number rows");
            }
            true if changed.default.is_some() || changed.generated.is_some() => {
                return unfit(what, "it has a default or makes its value itself; drop that first");
            }
            false if changed.identity.is_none() => return unfit(what, "it does not number rows"),
            _ => {}
        }
        changed.identity = numbers.then_some(Identity::Rowid { highest: None });
        Ok(())
    }

    pub(super) fn drop_expression(&mut self, column: &str) -> Replayed {
        let what = format!("column {}.{column}", self.name);
        let changed = self.own_column(column)?;
        match changed.generated.take() {
            Some(_) => Ok(()),
            None => unfit(what, "it is not generated"),
        }
    }

    pub(super) fn add_column(&mut self, column: &Column) -> Replayed {
        if self.columns.iter().any(|other| other.name.eq_ignore_ascii_case(&column.name)) {
            return Err(ReplayError::Taken {
                name: column.name.clone(),
                by: format!("a column of table {}", self.name),
            });
        }
        if column.identity.is_some() && self.primary_key.is_some() {
            let what = format!("column {}.{}", self.name, column.name);
            return unfit(what, "it numbers rows as the primary key, and the table has another; drop that first");
        }
        self.columns.push(column.clone());
        Ok(())
    }
}
