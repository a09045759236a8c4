//! The static world and its tileset picture, fetched once and again when the ETag changes, also
//! while it is played.
//!
//! Fetched already at the sign-in screen, so that the world stands behind it and play starts
//! sooner. Turns answers into requests that follow; sends nothing itself.

use tilemud_schema::rest::WorldMap;

use crate::http::{CallId, HttpAnswer, HttpRequest, Unreachable};
use crate::world::Terrain;

/// Calls of the assets; the session's begin above.
const WORLD_CALL: CallId = 1;
const TILESET_CALL: CallId = 2;
/// Time before a failed fetch is tried again, seconds.
const AGAIN_AFTER_S: f64 = 3.0;

/// What is loaded, and what is on the way.
#[derive(Default)]
pub struct Assets {
    terrain: Option<Terrain>,
    /// Another one, which is shown once its picture is here.
    coming: Option<Terrain>,
    etag: Option<String>,
    /// The ETag the session named, if it is not the one that is loaded.
    wanted_etag: Option<String>,
    /// What was wanted when the world was asked for.
    asked_etag: Option<String>,
    tileset_png: Option<Vec<u8>>,
    /// The picture must be made from it, for the first time or again.
    tileset_is_new: bool,
    problem: Option<String>,
    /// Of a picture that is to be fetched.
    tileset_path: Option<String>,
    /// Of the picture that is here.
    shown_path: Option<String>,
    busy: bool,
    again_at_s: f64,
}

impl Assets {
    /// The world, once it is here.
    #[must_use]
    pub fn terrain(&self) -> Option<&Terrain> {
        self.terrain.as_ref()
    }

    /// The tileset's PNG, when it arrived since the last call or must be drawn again.
    pub fn take_tileset(&mut self) -> Option<&[u8]> {
        std::mem::take(&mut self.tileset_is_new).then_some(self.tileset_png.as_deref())?
    }

    /// The picture made of the tileset is gone.
    pub fn draw_anew(&mut self) {
        self.tileset_is_new = self.tileset_png.is_some();
    }

    /// Why the world or its tileset is missing, as a text for the player; it is fetched again.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.problem.as_deref()
    }

    /// The session is in a world with this ETag.
    pub fn want(&mut self, etag: &str) {
        if self.etag.as_deref() != Some(etag) {
            self.wanted_etag = Some(etag.to_owned());
            self.again_at_s = 0.0;
        }
    }

    /// What to ask for now, if anything.
    pub fn next_request(&mut self, now_s: f64) -> Option<(CallId, HttpRequest)> {
        if self.busy || now_s < self.again_at_s {
            return None;
        }
        let call = if self.terrain.is_none() || self.wanted_etag.is_some() {
            self.asked_etag.clone_from(&self.wanted_etag);
            (WORLD_CALL, HttpRequest::get("/api/world"))
        } else {
            (TILESET_CALL, HttpRequest::get(self.tileset_path.clone()?))
        };
        self.busy = true;
        Some(call)
    }

    /// Handles an answer to a call of the assets, and returns any other.
    ///
    /// # Errors
    /// The outcome, when the call is somebody else's.
    pub fn on_http(
        &mut self,
        id: CallId,
        outcome: Result<HttpAnswer, Unreachable>,
        now_s: f64,
    ) -> Result<(), Result<HttpAnswer, Unreachable>> {
        match id {
            WORLD_CALL | TILESET_CALL => {}
            _ => return Err(outcome),
        }
        self.busy = false;
        let what = if id == WORLD_CALL { "map" } else { "tileset's picture" };
        let taken = match outcome {
            Ok(answer) if answer.status == 200 && id == WORLD_CALL => {
                self.on_world(answer).then_some(()).ok_or_else(|| "it cannot be read".to_owned())
            }
            Ok(answer) if answer.status == 200 => {
                self.shown_path = self.tileset_path.take();
                if self.coming.is_some() {
                    self.terrain = self.coming.take();
                }
                self.tileset_png = Some(answer.body);
                self.tileset_is_new = true;
                Ok(())
            }
            Ok(answer) => Err(format!("the server answered with {}", answer.status)),
            Err(Unreachable(reason)) => Err(reason),
        };
        self.problem = taken.err().map(|reason| {
            self.again_at_s = now_s + AGAIN_AFTER_S;
            format!("The {what} is not here: {reason}. It is asked for again.")
        });
        Ok(())
    }

    fn on_world(&mut self, answer: HttpAnswer) -> bool {
        let map: Option<WorldMap> = serde_json::from_slice(&answer.body).ok();
        let Some(terrain) = map.and_then(Terrain::new) else { return false };
        let path = &terrain.map().tileset.image;
        let is_here = self.shown_path.as_ref() == Some(path);
        self.tileset_path = (!is_here).then(|| path.clone());
        if is_here || self.tileset_png.is_none() {
            (self.terrain, self.coming) = (Some(terrain), None);
            // The small map is drawn of both.
            self.tileset_is_new = is_here;
        } else {
            // With the picture of the map before, everything would look like something else.
            self.coming = Some(terrain);
        }
        // A server that sends no ETag gets the one it named: fetched after it was named.
        self.etag = answer.etag.or_else(|| self.asked_etag.clone());
        // It may have named another one meanwhile.
        if self.wanted_etag == self.asked_etag {
            self.wanted_etag = None;
        }
        true
    }
}
