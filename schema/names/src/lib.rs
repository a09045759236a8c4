//! Display names (FR-031): what may be one ([`checked`]), when two are the same ([`folded`]), when
//! they look the same ([`look_keys`]), and which are kept for the operator ([`Reserved`]). And what
//! is left of a text that is said ([`said`]).
//!
//! The one place for these questions: the store keeps its names unique by it, the world finds who
//! is whispered to by it, the sign-in refuses by it. Owns no name and does no IO. Its tables are
//! large, so the client does not link it; a client's name comes here as it was typed. Sources: UAX
//! 15, UTS 39, UAX 44.

#![warn(missing_docs)]

mod fold;
mod reserved;
mod rule;
mod speech;

pub use fold::{LOOK_RULE, folded, look_keys};
pub use reserved::{RESERVED_NAMES, Reserved, SYSTEM_NAME};
pub use rule::{NameFault, checked};
pub use speech::{SpeechFault, said};
