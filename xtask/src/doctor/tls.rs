//! A stream over TLS, spoken by the `openssl` program: this crate brings no TLS of its own. The
//! certificate is checked as the server would check it.

use std::io::{Read, Result, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use super::address::Address;
use super::diagnostic::Diagnostic;
use crate::needs;

/// The program with a connection. It ends when this is dropped.
pub struct TlsStream {
    program: Child,
    input: ChildStdin,
    output: ChildStdout,
}

impl TlsStream {
    /// Connects; whether it worked is told by the first answer, and why not by [`Self::failure`].
    pub fn connect(address: &Address, authorities: &Path, wait: Duration) -> std::result::Result<Self, Diagnostic> {
        let openssl = needs::program("openssl").ok_or_else(|| {
            Diagnostic::new("trying TLS needs the openssl program", needs::install_line(&["openssl"]))
        })?;
        let host = &address.host;
        let is_ip = host.parse::<std::net::IpAddr>().is_ok();
        let place =
            if host.contains(':') { format!("[{host}]:{}", address.port) } else { format!("{host}:{}", address.port) };
        let mut command = Command::new("timeout");
        command.arg(wait.as_secs().max(1).to_string()).arg(openssl);
        command
            .args(["s_client", "-quiet", "-no_ign_eof", "-verify_return_error", "-connect", &place, "-CAfile"])
            .arg(authorities);
        if is_ip {
            command.args(["-noservername", "-verify_ip", host]);
        } else {
            command.args(["-servername", host, "-verify_hostname", host]);
        }
        let failed =
            |error| Diagnostic::new(format!("openssl does not run: {error}"), needs::install_line(&["openssl"]));
        let mut program =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(failed)?;
        match (program.stdin.take(), program.stdout.take()) {
            (Some(input), Some(output)) => Ok(Self { program, input, output }),
            _ => Err(Diagnostic::new("openssl has no pipes", "try again")),
        }
    }

    pub fn failure(self) -> Diagnostic {
        let Self { mut program, input, .. } = self;
        // Without input it ends, at the latest when its time is over.
        drop(input);
        let mut said = String::new();
        if let Some(mut errors) = program.stderr.take() {
            // What could be read is what there is to say.
            let _ = errors.read_to_string(&mut said);
        }
        let _ = program.wait();
        let certificate = said.lines().find_map(|line| line.strip_prefix("verify error:"));
        match certificate.and_then(|line| line.split_once(':')) {
            Some((_, why)) => Diagnostic::new(
                format!("its certificate is not believed: {why}"),
                "name the authority that signed it with --tls-ca, and the host as the certificate does",
            ),
            None => {
                Diagnostic::new("it does not speak TLS, or hangs up", "give the port of TLS, or redis:// without TLS")
            }
        }
    }
}

impl Read for TlsStream {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        self.output.read(buffer)
    }
}

impl Write for TlsStream {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.input.write(bytes)
    }

    fn flush(&mut self) -> Result<()> {
        self.input.flush()
    }
}
