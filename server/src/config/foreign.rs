//! Foreign variables with our prefix: for a Service called `tilemud` Kubernetes puts its address
//! into every pod, and Docker does so for a linked container of that name. They are recognised by
//! the form of name and value, so that a misspelt setting is still refused.

/// Names of protocols in such variables.
const PROTOCOLS: [&str; 3] = ["TCP", "UDP", "SCTP"];

/// Whether a variable, without our prefix, is the address of a service: of one called `tilemud`, or
/// `tilemud-` and anything. To be asked only about names that no setting has.
pub(super) fn is_service_link(rest: &str, value: &str) -> bool {
    let words: Vec<&str> = rest.split('_').collect();
    let is_number = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    // From the word SERVICE or PORT on: what stands before is the rest of the service's name.
    let tails = (0..words.len()).map(|at| &words[at..]);
    tails.into_iter().any(|tail| match tail {
        ["SERVICE", "HOST"] | ["SERVICE", "PORT", ..] => true,
        ["PORT"] => value.contains("://"),
        ["PORT", number, protocol] => is_number(number) && PROTOCOLS.contains(protocol),
        ["PORT", number, protocol, "PROTO" | "PORT" | "ADDR"] => is_number(number) && PROTOCOLS.contains(protocol),
        _ => false,
    }) || is_container_link(&words, value)
}

/// `NAME=/container/alias` and `ENV_...`, the older way of Docker.
fn is_container_link(words: &[&str], value: &str) -> bool {
    match words {
        [.., "NAME"] => value.starts_with('/') && value.matches('/').count() >= 2,
        ["ENV", _, ..] => true,
        _ => false,
    }
}

/// What is said of them.
pub(super) fn notice(ignored: &[String]) -> Option<String> {
    (!ignored.is_empty()).then(|| {
        format!(
            "ignored, because they are the addresses of services and not settings: {}; `enableServiceLinks: false` in the pod's \
             specification leaves them out",
            ignored.join(", ")
        )
    })
}

#[cfg(test)]
mod tests {
    use super::is_service_link;

    #[test]
    fn addresses_of_services_are_told_from_misspelt_settings() {
        for (name, value) in [
            ("PORT", "tcp://10.0.0.1:8080"),
            ("SERVICE_HOST", "10.0.0.1"),
            ("SERVICE_PORT", "8080"),
            ("SERVICE_PORT_HTTP", "8080"),
            ("SERVICE_PORT_HTTP_METRICS", "9090"),
            ("PORT_8080_TCP", "tcp://10.0.0.1:8080"),
            ("PORT_8080_TCP_ADDR", "10.0.0.1"),
            ("PORT_53_UDP_PORT", "53"),
            ("PORT_9_SCTP_PROTO", "sctp"),
            ("DB_SERVICE_HOST", "10.0.0.2"),
            ("REDIS_MASTER_PORT_6379_TCP_ADDR", "10.0.0.3"),
            ("DB_PORT", "tcp://10.0.0.2:5432"),
            ("NAME", "/web/tilemud"),
            ("ENV_PATH", "/bin"),
        ] {
            assert!(is_service_link(name, value), "{name}={value}");
        }
        for (name, value) in [
            ("PORT", "8080"),
            ("DB_PORT", "5432"),
            ("PORT_8080", "x"),
            ("PORT_X_TCP", "x"),
            ("SERVICE", "x"),
            ("LISTN", "127.0.0.1:1"),
            ("TICK_RATE", "20"),
            ("NAME", "my game"),
            ("ENV", "production"),
        ] {
            assert!(!is_service_link(name, value), "{name}={value}");
        }
    }
}
