//! One file per subject.

mod casts;
mod cli;
mod definitions;
mod existing;
mod house;
mod independent;
mod interrupt;
mod names;
mod notes;
mod numbering;
mod odd_files;
mod odd_urls;
mod open_webui;
mod pooler;
mod private;
mod references;
mod rehearsal;
mod rejects;
mod rights;
mod sacred_source;
mod tables;
mod tampering;
