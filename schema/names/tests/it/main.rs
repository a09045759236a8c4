//! What may be a name and what may not, by example and by property (FR-031).

mod examples;
mod properties;
mod speech;
