//! The build identifier that keeps client and server in lockstep (FR-009).

/// Behind the plus sign: eight hexadecimal digits, others with any change of a wire type.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("TILEMUD_SCHEMA_FINGERPRINT"));

/// The version that must match exactly between client and server, e.g. `0.1.0+9f3c2a1b` (FR-009).
#[must_use]
pub const fn version() -> &'static str {
    VERSION
}

#[cfg(test)]
mod tests {
    #[test]
    fn version_is_crate_version_plus_eight_hex_digits() {
        let (release, fingerprint) = super::version().split_once('+').expect("a plus sign");
        assert_eq!(release, env!("CARGO_PKG_VERSION"));
        assert_eq!(fingerprint.len(), 8);
        assert!(fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
}
