//! One file per subject.

mod house;
mod private;
mod rights;
