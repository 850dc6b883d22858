//! From the bytes of a file to parts that a reader may be given: the guard, archives, encryption, containers.

pub(super) mod archive;
pub(super) mod budget;
pub(super) mod compound;
pub(super) mod container;
pub(super) mod encodings;
pub(super) mod guard;
pub(super) mod kinds;
pub(super) mod legacy_encryption;
pub(super) mod protection;
pub(super) mod sieve;
pub(super) mod unpacking;
