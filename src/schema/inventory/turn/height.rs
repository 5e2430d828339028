//! How high a relation stands above those that it uses: lower ones come first and go last.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::schema::inventory::pair::known_as;
use crate::schema::inventory::{Inventory, Kind};

/// The heights of an inventory's relations.
pub(super) struct Heights(HashMap<String, usize>);

impl Heights {
    /// Measures them; what uses itself by a circle is as high as the circle lets it be.
    pub(super) fn of(inventory: &Inventory) -> Self {
        let known = |name: &str| known_as(inventory.engine, name).into_owned();
        let mut below: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for item in &inventory.items {
            let own = match item.kind {
                Kind::Table | Kind::View | Kind::MaterializedView => item.name.as_deref(),
                Kind::ForeignKey => item.part_of.as_deref(),
                _ => None,
            };
            let Some(own) = own else { continue };
            below.entry(known(own)).or_default().extend(item.uses.iter().map(|used| known(&used.of)));
        }
        let mut heights = Self(HashMap::new());
        for name in below.keys() {
            heights.measure(name, &below, &mut HashSet::new());
        }
        heights
    }

    fn measure<'b>(
        &mut self,
        name: &'b str,
        below: &'b BTreeMap<String, Vec<String>>,
        above: &mut HashSet<&'b str>,
    ) -> usize {
        if let Some(height) = self.0.get(name) {
            return *height;
        }
        if !above.insert(name) {
            return 0;
        }
        let used = below.get(name).map_or(&[][..], Vec::as_slice);
        let height =
            used.iter().filter(|other| *other != name).map(|other| 1 + self.measure(other, below, above)).max();
        above.remove(name);
        *self.0.entry(name.to_owned()).or_insert(height.unwrap_or(0))
    }

    /// How high a relation stands; what is not known stands on the ground.
    pub(super) fn height(&self, name: &str) -> isize {
        let height = self.0.get(name).or_else(|| self.0.get(&name.to_ascii_lowercase()));
        height.map_or(0, |height| isize::try_from(*height).unwrap_or(isize::MAX))
    }
}
