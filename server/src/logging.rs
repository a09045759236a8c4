//! stub
use crate::config::LogConfig;
/// stub
pub fn start(_: &LogConfig) -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    Ok(())
}
