//! One sign-in at a provider, from the authorization address to the access token: builds requests
//! and checks answers. No IO, no clock and no randomness of its own.

use std::fmt;

use serde::{Deserialize, Serialize};
use tilemud_schema::sign_in::ProviderSignIn;

use super::problem::Problem;
use super::secret::{Entropy, challenge};
use super::{host_of, may_visit};
use crate::http::{Bearer, Body, HttpAnswer, HttpRequest};

/// Lifetime of a token when the provider does not name one (RFC 6749, 5.1), seconds. The server
/// refuses it anyway once it has expired.
const LIFETIME_UNSAID_S: f64 = 3_600.0;

/// Who wants to sign in, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Name for a new character; may be empty.
    pub name: String,
    /// The provider must not show a form: it knows the player already, or the client's sign-in form
    /// comes.
    pub silent: bool,
}

/// A sign-in in progress. Holds its secrets, so it is never printed; the browser stores it while
/// the page is away.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Where the player signs in.
    pub provider: ProviderSignIn,
    pub wish: Wish,
    redirect_uri: String,
    verifier: String,
    state: String,
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pending({})", self.provider.issuer)
    }
}

/// A code fresh from the provider; good for one exchange, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

/// What the exchange gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    pub token: Bearer,
    /// How long it is good for, seconds.
    pub lifetime_s: f64,
    /// Gets the next access token without the player, where the provider issues refresh tokens.
    pub refresh: Option<Bearer>,
}

impl Pending {
    /// A sign-in whose answer comes to `redirect_uri`.
    ///
    /// # Errors
    /// [`Problem::BadAddress`] if the provider's addresses are not safe for a player or a code.
    pub fn new(provider: ProviderSignIn, wish: Wish, redirect_uri: String, entropy: &Entropy) -> Result<Self, Problem> {
        if !may_visit(&provider.authorization_endpoint) || !may_visit(&provider.token_endpoint) {
            return Err(Problem::BadAddress);
        }
        Ok(Self { provider, wish, redirect_uri, verifier: entropy.verifier(), state: entropy.state() })
    }

    /// The provider's name for the player.
    #[must_use]
    pub fn host(&self) -> &str {
        host_of(&self.provider.issuer)
    }

    /// The state that an answer to this sign-in must have.
    #[must_use]
    pub fn state(&self) -> &str {
        &self.state
    }

    /// The address the player's browser goes to.
    #[must_use]
    pub fn page(&self) -> String {
        let provider = &self.provider;
        let mut query = form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", &provider.client_id)
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", &provider.scope)
            .append_pair("state", &self.state)
            .append_pair("code_challenge", &challenge(&self.verifier))
            .append_pair("code_challenge_method", "S256");
        if let Some(resource) = &provider.resource {
            query.append_pair("resource", resource);
        }
        if self.wish.silent {
            query.append_pair("prompt", "none");
        }
        let endpoint = &provider.authorization_endpoint;
        // It may bring parameters of its own, which stay (RFC 6749, 3.1).
        let joint = if endpoint.contains('?') { '&' } else { '?' };
        format!("{endpoint}{joint}{}", query.finish())
    }

    /// The code in the query that the player came back with.
    ///
    /// # Errors
    /// The provider refused, or this is no answer to this sign-in.
    pub fn code_in(&self, query: &str) -> Result<Code, Problem> {
        // First of all: what belongs to another sign-in may say what it likes, and none of it is
        // shown.
        if parameter(query, "state").as_deref() != Some(self.state.as_str()) {
            return Err(Problem::OtherState);
        }
        if parameter(query, "iss").is_some_and(|issuer| issuer != self.provider.issuer) {
            return Err(Problem::OtherIssuer);
        }
        if let Some(error) = parameter(query, "error") {
            return Err(Problem::refused(&error, &parameter(query, "error_description").unwrap_or_default()));
        }
        parameter(query, "code").filter(|code| !code.is_empty()).map(Code).ok_or(Problem::Unreadable)
    }

    /// Asks for the access token of a code.
    #[must_use]
    pub fn exchange(&self, code: &Code) -> HttpRequest {
        at_token_endpoint(
            &self.provider,
            &[
                ("grant_type", "authorization_code"),
                ("code", &code.0),
                ("redirect_uri", &self.redirect_uri),
                ("code_verifier", &self.verifier),
            ],
        )
    }
}

/// Asks for the next access token without the player.
#[must_use]
pub fn renewal(provider: &ProviderSignIn, refresh: &Bearer) -> HttpRequest {
    at_token_endpoint(provider, &[("grant_type", "refresh_token"), ("refresh_token", &refresh.0)])
}

fn at_token_endpoint(provider: &ProviderSignIn, what: &[(&str, &str)]) -> HttpRequest {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(what).append_pair("client_id", &provider.client_id);
    if let Some(resource) = &provider.resource {
        form.append_pair("resource", resource);
    }
    HttpRequest { path: provider.token_endpoint.clone(), bearer: None, body: Some(Body::form(form.finish())) }
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    token_type: String,
    expires_in: Option<f64>,
    refresh_token: Option<String>,
}

#[derive(Deserialize)]
struct TokenRefusal {
    error: String,
    #[serde(default)]
    error_description: String,
}

/// What the token endpoint's answer gives (RFC 6749, 5.1 and 5.2).
///
/// # Errors
/// The provider refused, or gave no bearer token. One that has too much to do or is broken for now
/// has not judged what it was shown, so it counts as out of reach.
pub fn access_in(answer: &HttpAnswer) -> Result<Access, Problem> {
    const NOT_NOW: [&str; 2] = ["temporarily_unavailable", "server_error"];
    if answer.status != 200 {
        return Err(match serde_json::from_slice::<TokenRefusal>(&answer.body) {
            _ if answer.status == 429 || answer.status >= 500 => Problem::Unreachable,
            Ok(refusal) if NOT_NOW.contains(&refusal.error.as_str()) => Problem::Unreachable,
            Ok(refusal) => Problem::refused(&refusal.error, &refusal.error_description),
            Err(_) => Problem::Unreadable,
        });
    }
    let given: TokenAnswer = serde_json::from_slice(&answer.body).map_err(|_| Problem::Unreadable)?;
    if given.access_token.is_empty() || !given.token_type.eq_ignore_ascii_case("bearer") {
        return Err(Problem::Unreadable);
    }
    Ok(Access {
        token: Bearer(given.access_token),
        lifetime_s: given.expires_in.unwrap_or(LIFETIME_UNSAID_S),
        refresh: given.refresh_token.filter(|it| !it.is_empty()).map(Bearer),
    })
}

/// Whether a query looks like a provider's answer, which is removed from the address even when no
/// sign-in waits for one.
#[must_use]
pub fn is_answer(query: &str) -> bool {
    parameter(query, "state").is_some() && (parameter(query, "code").is_some() || parameter(query, "error").is_some())
}

/// The parameter of that name, which must not be there twice (RFC 6749, 3.1): then it counts as
/// missing.
pub(crate) fn parameter(query: &str, name: &str) -> Option<String> {
    let query = query.strip_prefix('?').unwrap_or(query);
    let mut found = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name).map(|(_, value)| value);
    let value = found.next()?;
    found.next().is_none().then(|| value.into_owned())
}
