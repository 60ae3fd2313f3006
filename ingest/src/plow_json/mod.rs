//! `plow_json`: any JSON feed of positions, mapped by JSON pointers (RFC 6901).

mod decode;
mod mapping;

#[cfg(test)]
mod tests;

pub use decode::decode;
pub use mapping::PlowJsonMapping;
