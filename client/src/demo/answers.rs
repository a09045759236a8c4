//! What the pretend server answers over HTTP.

use tilemud_schema::rest::{
    BootstrapRequest, BootstrapResponse, BootstrapState, Character, DevTokenResponse, RealtimeGrant, SessionInfo,
    SessionStatus, WorldSummary,
};
use tilemud_schema::sign_in::{ProviderSignIn, SignInOptions};
use tilemud_schema::{
    CharacterId, CharacterState, Details, ErrorCode, ReconnectGrant, Timestamp, UserId, WireError, codec,
};
use tilemud_sim::limits::HEALTH_MAX;
use uuid::Uuid;

use super::scenario::{SESSION, Scenario};
use super::world::TILES;
use super::{Demo, handmade};
use crate::http::{HttpAnswer, HttpRequest};

impl Demo {
    pub(super) fn answer(&mut self, request: &HttpRequest) -> HttpAnswer {
        match (request.path.as_str(), self.scenario) {
            ("/api/map", _) => {
                HttpAnswer { etag: Some("demo".to_owned()), ..answer(200, codec::to_json(&self.world.map())) }
            }
            (TILES, _) => answer(200, self.world.tiles().to_vec()),
            (handmade::SPRITES, _) => answer(200, handmade::picture()),
            ("/dev/token", _) => {
                let token = DevTokenResponse { access_token: "token".to_owned(), expires_in: 3_600 };
                answer(200, codec::to_json(&token))
            }
            ("/api/sign-in", scenario) => answer(200, codec::to_json(&sign_in_options(scenario))),
            ("https://id.example/token", _) => {
                answer(200, br#"{"access_token":"token","token_type":"Bearer","expires_in":3600}"#.to_vec())
            }
            ("/api/session/bootstrap", Scenario::Full) => {
                refusal(ErrorCode::CapacityFull, Some(Details::Retry { retry_after_ms: 12_000 }))
            }
            ("/api/session/bootstrap", Scenario::Outdated) => {
                let received = tilemud_schema::version().to_owned();
                let expected = "9.9.9+0badcafe".to_owned();
                refusal(ErrorCode::UpdateRequired, Some(Details::Version { expected, received }))
            }
            ("/api/session/bootstrap", Scenario::Refused) => refusal(ErrorCode::AuthTokenInvalid, None),
            ("/api/session/bootstrap", _) => self.bootstrap(request),
            _ => answer(404, Vec::new()),
        }
    }

    fn bootstrap(&mut self, request: &HttpRequest) -> HttpAnswer {
        let asked: BootstrapRequest =
            request.body.as_ref().and_then(|body| serde_json::from_slice(&body.bytes).ok()).unwrap_or_default();
        let name = asked.display_name.unwrap_or_default();
        self.world.enter(&name);
        let (never, map) = (Timestamp::from_micros(0), self.world.map());
        answer(
            200,
            codec::to_json(&BootstrapResponse {
                version: tilemud_schema::version().to_owned(),
                issued_at: never,
                session: SessionInfo {
                    session_id: SESSION,
                    user_id: UserId("demo".into()),
                    status: SessionStatus::Connecting,
                    protocol_version: tilemud_schema::version().to_owned(),
                    last_sequence_number: self.last_seq,
                },
                state: BootstrapState {
                    character: Character {
                        character_id: CharacterId(Uuid::nil()),
                        state: CharacterState {
                            display_name: name.into(),
                            position: Some(self.world.place()),
                            health: HEALTH_MAX,
                            ..CharacterState::default()
                        },
                    },
                    world: WorldSummary {
                        name: map.name,
                        width: map.width,
                        height: map.height,
                        chunk_size: map.chunk_size,
                        etag: "demo".to_owned(),
                    },
                },
                reconnect: ReconnectGrant { token: "again".to_owned(), expires_at: never, issued_at: None },
                realtime: RealtimeGrant { url: "/ws".to_owned(), ticket: "ticket".to_owned(), expires_at: never },
            }),
        )
    }
}

fn sign_in_options(scenario: Scenario) -> SignInOptions {
    let provider = ProviderSignIn {
        issuer: "https://id.example".to_owned(),
        authorization_endpoint: "https://id.example/auth".to_owned(),
        token_endpoint: "https://id.example/token".to_owned(),
        client_id: "game".to_owned(),
        scope: "openid".to_owned(),
        resource: None,
    };
    match scenario {
        Scenario::Provider | Scenario::Denied | Scenario::NoBrowser => {
            SignInOptions { provider: Some(provider), ..SignInOptions::default() }
        }
        Scenario::EitherWay => {
            SignInOptions { development: true, provider: Some(provider), provider_unavailable: false }
        }
        Scenario::ProviderDown => SignInOptions { provider_unavailable: true, ..SignInOptions::default() },
        Scenario::NoWayIn => SignInOptions::default(),
        _ => SignInOptions { development: true, ..SignInOptions::default() },
    }
}

fn refusal(code: ErrorCode, details: Option<Details>) -> HttpAnswer {
    let error = WireError::new(code, Uuid::nil(), details);
    answer(code.http_status().unwrap_or(500), codec::to_json(&error))
}

/// An HTTP answer of a pretend server.
fn answer(status: u16, body: Vec<u8>) -> HttpAnswer {
    HttpAnswer { status, etag: None, body }
}
