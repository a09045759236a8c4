//! Failures of a sign-in at a provider, and the sentence the player reads about each.

/// Longest text of a provider that is shown, characters.
const FOREIGN_TEXT_CHARS_MAX: usize = 200;

/// Why a sign-in at the provider led nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The provider said no, with its `error` and `error_description` (RFC 6749, 4.1.2.1 and 5.2).
    Refused {
        /// One word for programs.
        error: String,
        /// Words for people; may be empty.
        description: String,
    },
    /// The answer's `state` is not the one that was sent.
    OtherState,
    /// The answer's `iss` names another provider (RFC 9207).
    OtherIssuer,
    /// The answer holds neither a code nor an error, or no token that can be used.
    Unreadable,
    /// The provider could not be reached for the last step.
    Unreachable,
    /// Nobody came back in time.
    Late,
    /// There is no place to come back to.
    NoWayBack,
    /// The server named an address that no player is sent to.
    BadAddress,
    /// An answer came to a page that is waiting for none.
    NotAsked,
    /// The access token ran out, and only the player can get another.
    Expired,
}

impl Problem {
    /// A provider's refusal, without control characters and cut to its bound.
    #[must_use]
    pub fn refused(error: &str, description: &str) -> Self {
        Self::Refused { error: plain(error), description: plain(description) }
    }

    /// Whether the provider only answered that it needs a form, which it was not allowed to show.
    #[must_use]
    pub fn asks_for_the_player(&self) -> bool {
        const NEEDS: [&str; 4] =
            ["login_required", "interaction_required", "consent_required", "account_selection_required"];
        matches!(self, Self::Refused { error, .. } if NEEDS.contains(&error.as_str()))
    }

    /// The sentence for the player; `host` is the provider's.
    #[must_use]
    pub fn sentence(&self, host: &str) -> String {
        match self {
            Self::Refused { error, description } => refusal(host, error, description),
            Self::OtherState => {
                format!("An answer from {host} belongs to another sign-in than this one. Please sign in once more.")
            }
            Self::OtherIssuer => format!("The answer did not come from {host}, so it was not used. Please try again."),
            Self::Unreadable => format!("{host} gave an answer that this game does not understand."),
            Self::Unreachable => format!("{host} could not be reached to finish the sign-in. Please try again."),
            Self::Late => format!("Nobody came back from {host} in time. Please try again."),
            Self::NoWayBack if cfg!(target_arch = "wasm32") => {
                "This browser stores nothing for this page, so the sign-in could not come back to it.".to_owned()
            }
            Self::NoWayBack => "This machine has no free port for the sign-in to come back to.".to_owned(),
            Self::BadAddress => format!("The server sends players to an address at {host} that is not safe to open."),
            Self::NotAsked => {
                "This sign-in was not started here, so it was not used. Please sign in once more.".to_owned()
            }
            Self::Expired => format!("Your sign-in at {host} has run out. Sign in again to go on where you were."),
        }
    }
}

fn refusal(host: &str, error: &str, description: &str) -> String {
    let says = |before: String| match description.trim_end_matches('.') {
        "" => before,
        words => format!("{before}\n\u{201c}{words}.\u{201d}"),
    };
    match error {
        "access_denied" => says(format!("{host} did not let you through: the sign-in was refused or cancelled.")),
        "server_error" | "temporarily_unavailable" => {
            says(format!("{host} cannot sign anyone in right now. Please try again in a while."))
        }
        "invalid_grant" => format!("{host} no longer accepts this sign-in: it took too long. Please try again."),
        "invalid_request"
        | "invalid_client"
        | "unauthorized_client"
        | "unsupported_response_type"
        | "unsupported_grant_type"
        | "invalid_scope"
        | "invalid_target" => says(format!(
            "{host} does not accept how this server signs players in ({error}). Its operator can mend it."
        )),
        _ => says(format!("{host} refused the sign-in ({error}).")),
    }
}

fn plain(text: &str) -> String {
    let shown = text.chars().filter(|it| !it.is_control()).take(FOREIGN_TEXT_CHARS_MAX);
    shown.collect::<String>().trim().to_owned()
}
