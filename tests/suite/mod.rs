//! One file per subject.

mod house;
