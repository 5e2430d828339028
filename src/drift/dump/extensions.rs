//! The extensions of a database that is dumped: beside it they are there already, so that nothing shows that they are needed.

use crate::drift::{Options, Scratch};
use crate::schema::inventory::{Inventory, Kind};

/// What makes the extensions that a file needs and a trial does not miss.
pub(super) struct Extensions {
    /// The statements, in their order.
    pub(super) statements: Vec<String>,
    /// The schemas that they make.
    pub(super) schemas: Vec<String>,
}

impl Extensions {
    /// Those of a database; none where the trial begins without them, and makes them itself.
    pub(super) fn of(live: &Inventory, options: &Options) -> Self {
        let mut extensions = Self { statements: Vec::new(), schemas: Vec::new() };
        let is_shared = matches!(options.scratch, Scratch::Beside);
        let found = live.items.iter().filter(|item| is_shared && item.kind == Kind::Extension);
        for create in found.filter_map(|item| item.create.as_deref()) {
            if let Some((_, schema)) = create.split_once(" schema ") {
                extensions.take_schema(schema);
            }
            extensions.statements.push(create.replacen("create extension", "create extension if not exists", 1));
        }
        extensions
    }

    fn take_schema(&mut self, quoted: &str) {
        let plain = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let name = plain.map_or_else(|| quoted.to_owned(), |inside| inside.replace("\"\"", "\""));
        if !self.schemas.contains(&name) {
            self.statements.push(format!("create schema if not exists {quoted}"));
            self.schemas.push(name);
        }
    }
}
