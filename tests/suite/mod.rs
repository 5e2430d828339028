//! One file per subject.

mod casts;
mod definitions;
mod existing;
mod house;
mod names;
mod numbering;
mod private;
mod references;
mod rejects;
mod rights;
mod tables;
